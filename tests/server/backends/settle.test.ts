/** The real recogniser asked for its transcript in a pause, and what it learns of one speaker and not of another. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backends, SttPart, SttStream } from '../../../src/server/backends';
import { createPocketsphinx } from '../../../src/server/backends/pocketsphinx';
import { createBackends } from '../../../src/server/create-backends';
import type { Pcm16 } from '../../../src/shared/audio';
import { silentLogger } from '../../../src/shared/log';
import { concat, gained, MODELS_DIR, question, silence } from '../../helpers/sound';

let backends: Backends;

beforeAll(async () => {
  const settings = { modelsDir: MODELS_DIR, stateDir: null, llm: { kind: 'builtin' } } as const;
  backends = await createBackends(settings, silentLogger);
});
afterAll(() => backends.close());

function open(speaker?: object, stt = backends.stt): { stream: SttStream; parts: Promise<SttPart[]> } {
  const stream = stt.open(speaker === undefined ? {} : { speaker });
  const collect = async () => {
    const parts: SttPart[] = [];
    for await (const part of stream) parts.push(part);
    return parts;
  };
  return { stream, parts: collect() };
}

function write(stream: SttStream, pcm: Pcm16): void {
  for (let at = 0; at < pcm.length; at += 320) stream.write(pcm.subarray(at, at + 320));
}

const finalOf = (parts: SttPart[]) => parts.filter(({ type }) => type === 'final').map(({ text }) => text);

describe('settle', () => {
  it('gives in the pause what the end then gives', async () => {
    const { stream, parts } = open();
    write(stream, concat(silence(300), await question('what-time-is-it'), silence(200)));
    expect(await stream.settle?.()).toBe('what time is it');
    stream.end();
    expect(finalOf(await parts)).toEqual(['what time is it']);
  });

  it('may be followed by more, and again: the transcript is that of one utterance', async () => {
    const sound = concat(silence(300), await question('set-a-timer-for-ten-seconds'), silence(500));
    const whole = open();
    write(whole.stream, sound);
    whole.stream.end();
    const { stream, parts } = open();
    // In the middle of the sentence and of a word, which is worse than any pause.
    for (const [from, to] of [
      [0, 16_000],
      [16_000, 24_000],
      [24_000, sound.length],
    ]) {
      write(stream, sound.subarray(from, to));
      expect(await stream.settle?.()).not.toBeNull();
    }
    stream.end();
    expect(finalOf(await parts)).toEqual(finalOf(await whole.parts));
    expect(finalOf(await parts)).toEqual(['set a timer for ten seconds']);
    const partials = (await parts).map(({ text }) => text.split(' ').length);
    expect(partials, 'words are not taken back by the repetition').toEqual(
      [...partials].sort((a, b) => a - b),
    );
  });

  it('is silent about silence', async () => {
    const { stream, parts } = open();
    write(stream, silence(800));
    expect(await stream.settle?.()).toBe('');
    stream.end();
    expect(finalOf(await parts)).toEqual(['']);
  });

  it('is declined when repeating would take too long', async () => {
    const { stream, parts } = open();
    const sentence = concat(await question('what-is-ten-percent-of-two-hundred'), silence(100));
    for (let ms = 0; ms < 21_000; ms += sentence.length / 16) write(stream, sentence);
    expect(await stream.settle?.()).toBeNull();
    stream.cancel();
    await parts;
  });

  it('ends with a cancel', async () => {
    const { stream, parts } = open();
    write(stream, await question('tell-me-a-joke'));
    const settled = stream.settle?.();
    stream.cancel();
    expect(await settled).toBeNull();
    expect(finalOf(await parts)).toEqual([]);
  });
});

describe('what the recogniser learns', () => {
  async function hear(pcm: Pcm16, speaker?: object): Promise<string | undefined> {
    const { stream, parts } = open(speaker);
    write(stream, concat(silence(300), pcm, silence(400)));
    stream.end();
    return finalOf(await parts)[0];
  }

  it('of one speaker does not reach another: a soft "stop" stays what it was', async () => {
    const soft = gained(await question('stop'), -12);
    const loud = gained(await question('set-a-timer-for-ten-seconds'), 9);
    expect(await hear(soft)).toBe('stop');
    await Promise.all([hear(loud, {}), hear(loud, {})]);
    expect(await hear(soft)).toBe('stop');
    expect(await hear(soft, {})).toBe('stop');
  });

  it('serves the same speaker: what is misheard at first is heard when the voice is known', async () => {
    const stt = await createPocketsphinx(silentLogger);
    const loud = async (name: string) => concat(silence(300), gained(await question(name), 12), silence(400));
    const heard = async (pcm: Pcm16, speaker: object) => {
      const { stream, parts } = open(speaker, stt);
      write(stream, pcm);
      stream.end();
      return finalOf(await parts)[0];
    };
    const speaker = {};
    const date = await loud('what-is-the-date-today');
    expect(await heard(date, {})).toBe('what is the day today');
    for (const name of [
      'what-is-ten-percent-of-two-hundred',
      'cancel-the-timer',
      'set-a-timer-for-ten-seconds',
      'stop',
      'tell-me-a-joke',
      'what-can-you-do',
      'what-is-ten-percent-of-two-hundred',
    ]) {
      await heard(await loud(name), speaker);
    }
    expect(await heard(date, speaker)).toBe('what is the date today');
    await stt.close();
  });
});
