/** The real engines together: WAV in, text out; text in, sound out, which is recognised again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backends } from '../../../src/server/backends';
import { createBackends, engineNames } from '../../../src/server/create-backends';
import { type Pcm16, rms } from '../../../src/shared/audio';
import { silentLogger } from '../../../src/shared/log';
import { VOICES } from '../../../src/shared/settings';
import {
  bang,
  concat,
  gained,
  MODELS_DIR,
  noise,
  question,
  recognise,
  silence,
  tone,
  transcript,
} from '../../helpers/sound';

let backends: Backends;

beforeAll(async () => {
  const settings = { modelsDir: MODELS_DIR, stateDir: null, llm: { kind: 'builtin' } } as const;
  backends = await createBackends(settings, silentLogger);
});
afterAll(() => backends.close());

async function speak(text: string, voice = 'marin', speed = 1): Promise<Pcm16> {
  const parts: Pcm16[] = [];
  for await (const pcm of backends.tts.speak(text, { voice, speed }, new AbortController().signal))
    parts.push(pcm);
  return concat(...parts);
}

describe('engines', () => {
  it('all start on this machine', () => {
    expect(engineNames(backends)).toEqual({
      vad: 'silero',
      stt: 'pocketsphinx',
      llm: 'builtin',
      tts: 'flite',
    });
  });
});

describe('recognition', () => {
  const QUESTIONS = [
    'what time is it',
    'what can you do',
    'tell me a joke',
    'set a timer for ten seconds',
    'what is the date today',
    'what is your name',
    'what is ten percent of two hundred',
    'cancel the timer',
    'stop',
  ];
  it.each(QUESTIONS)('hears "%s" word for word', async (text) => {
    const spoken = await question(text.replaceAll(' ', '-'));
    expect(await transcript(backends.stt, concat(silence(300), spoken, silence(500)))).toBe(text);
  });

  it.each([
    ['softer', async (pcm: Pcm16) => gained(pcm, -18)],
    ['after seconds of silence', async (pcm: Pcm16) => concat(silence(3000), pcm)],
    ['in one piece', async (pcm: Pcm16) => pcm],
  ])('hears a question that comes %s', async (_name, change) => {
    const spoken = await change(concat(silence(300), await question('what-time-is-it'), silence(500)));
    expect(await transcript(backends.stt, spoken, spoken.length)).toBe('what time is it');
  });

  it('gives what it has while the user still speaks', async () => {
    const spoken = concat(silence(300), await question('set-a-timer-for-ten-seconds'), silence(500));
    const stream = backends.stt.open({});
    for (let at = 0; at < spoken.length; at += 320) stream.write(spoken.subarray(at, at + 320));
    for await (const part of stream) {
      if (part.type === 'partial' && part.text.startsWith('set a timer')) break;
      expect(part.type).toBe('partial');
    }
    stream.cancel();
  });

  it.each([
    ['nothing', silence(0)],
    ['silence', silence(2000)],
    ['white noise', noise(2500, 1500)],
    ['a tone', tone(2000, 300, 8000)],
    ['a bang', concat(noise(400, 20), bang(), noise(800, 20))],
  ])('invents no words for %s', async (_name, pcm) => {
    expect(await recognise(backends.stt, pcm)).toEqual([{ type: 'final', text: '' }]);
  });

  it('serves two users at once', async () => {
    const [time, joke] = await Promise.all([question('what-time-is-it'), question('tell-me-a-joke')]);
    const heard = await Promise.all([
      transcript(backends.stt, concat(silence(300), time, silence(300))),
      transcript(backends.stt, concat(silence(300), joke, silence(300))),
    ]);
    expect(heard).toEqual(['what time is it', 'tell me a joke']);
  });

  it('gives no transcript after a cancel, and works on', async () => {
    const spoken = await question('tell-me-a-joke');
    const stream = backends.stt.open({});
    stream.write(spoken);
    stream.cancel();
    for await (const part of stream) expect(part.type).toBe('partial');
    expect(await transcript(backends.stt, concat(silence(300), spoken, silence(300)))).toBe('tell me a joke');
  });

  it('leaves the event loop free while it works', async () => {
    const spoken = concat(silence(300), await question('what-is-ten-percent-of-two-hundred'), silence(300));
    let turns = 0;
    const counting = setInterval(() => turns++, 1);
    const stream = backends.stt.open({});
    stream.write(spoken);
    stream.end();
    turns = 0;
    for await (const part of stream) if (part.type === 'final') break;
    clearInterval(counting);
    expect(turns).toBeGreaterThan(20);
  });
});

describe('voice', () => {
  const heard = async (pcm: Pcm16) => transcript(backends.stt, concat(silence(300), pcm, silence(300)));

  it.each([...VOICES, 'nobody'])('%s says what is written', async (voice) => {
    expect(await heard(await speak('What time is it?', voice))).toBe('what time is it');
  });

  it("sounds different for each of the protocol's voices", async () => {
    const sounds = await Promise.all(VOICES.map((voice) => speak('Hello.', voice)));
    expect(new Set(sounds.map((pcm) => pcm.join())).size).toBe(VOICES.length);
  });

  it('is equally loud in every voice, and never clipped', async () => {
    for (const voice of VOICES) {
      const pcm = await speak('This is how loud I am.', voice);
      expect(rms(pcm), voice).toBeGreaterThan(0.06);
      expect(rms(pcm), voice).toBeLessThan(0.13);
      expect(Math.max(...pcm), voice).toBeLessThan(32_000);
    }
  });

  it('speaks slower and faster', async () => {
    const normal = (await speak('How do you do?')).length;
    expect((await speak('How do you do?', 'marin', 0.5)).length / normal).toBeGreaterThan(1.6);
    expect((await speak('How do you do?', 'marin', 1.5)).length / normal).toBeLessThan(0.8);
  });

  it('begins at once and leaves a natural pause', async () => {
    const pcm = await speak('Hello there.');
    const loud = (s: number) => Math.abs(s) > 300;
    expect(pcm.findIndex(loud) / 16).toBeLessThan(60);
    const pauseMs = (pcm.length - 1 - pcm.reduce((last, sample, i) => (loud(sample) ? i : last), 0)) / 16;
    expect(pauseMs).toBeGreaterThan(200);
    expect(pauseMs).toBeLessThan(350);
  });

  it('leaves a shorter pause behind a clause, for the sentence goes on', async () => {
    const pauseMs = async (text: string) => {
      const pcm = await speak(text);
      return (pcm.length - 1 - pcm.reduce((last, s, i) => (Math.abs(s) > 300 ? i : last), 0)) / 16;
    };
    expect((await pauseMs('Hello there.')) - (await pauseMs('Hello there,'))).toBeGreaterThan(80);
  });

  it.each([
    ['It is 3:45.', 'it is three forty five'],
    ['**Set** a timer for 10 seconds 😀', 'set a timer for ten seconds'],
  ])('reads "%s" as a person would', async (written, spoken) => {
    expect(await heard(await speak(written))).toBe(spoken);
  });

  it.each(['', '😀', '---', '你好'])('gives no sound for "%s"', async (text) => {
    expect((await speak(text)).length).toBe(0);
  });

  it('stops between two phrases when it is told to', async () => {
    const controller = new AbortController();
    const long =
      'This goes on for a while, with one clause after the other, and with no end in sight. '.repeat(3);
    const parts: Pcm16[] = [];
    for await (const pcm of backends.tts.speak(long, { voice: 'marin', speed: 1 }, controller.signal)) {
      parts.push(pcm);
      controller.abort();
    }
    expect(parts.length).toBe(1);
  });

  it('speaks two texts at once without mixing them up', async () => {
    const [joke, stop] = await Promise.all([speak('Tell me a joke.'), speak('What can you do?')]);
    expect(await heard(joke as Pcm16)).toBe('tell me a joke');
    expect(await heard(stop as Pcm16)).toBe('what can you do');
  });
});
