/** `semantic_vad` with the real engines: recorded questions, and sentences that a voice of the system speaks in two halves. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backends } from '../../../src/server/backends';
import { createBackends } from '../../../src/server/create-backends';
import { Session } from '../../../src/server/session';
import type { TraceEvent } from '../../../src/server/trace';
import { hearEnd } from '../../../src/server/turns/semantic-voice';
import { createResampler } from '../../../src/server/wire/resampler';
import { type Pcm16, pcm16ToBytes } from '../../../src/shared/audio';
import { silentLogger } from '../../../src/shared/log';
import { concat, MODELS_DIR, question, silence } from '../../helpers/sound';

let backends: Backends;

beforeAll(async () => {
  const settings = { modelsDir: MODELS_DIR, stateDir: null, llm: { kind: 'builtin' } } as const;
  backends = await createBackends(settings, silentLogger);
});
afterAll(() => backends.close());

async function speak(text: string): Promise<Pcm16> {
  const parts: Pcm16[] = [];
  for await (const pcm of backends.tts.speak(
    text,
    { voice: 'marin', speed: 1 },
    new AbortController().signal,
  )) {
    parts.push(pcm);
  }
  const resampler = createResampler(backends.tts.sampleRate, 16_000);
  return trimmed(concat(...parts.map((pcm) => resampler.push(pcm)), resampler.flush()));
}

/** Without the silence that a voice begins and ends with. */
function trimmed(pcm: Pcm16): Pcm16 {
  const loud = (sample: number) => Math.abs(sample) > 300;
  const from = pcm.findIndex(loud);
  const to = pcm.length - [...pcm].reverse().findIndex(loud);
  return pcm.slice(from, to);
}

interface Heard {
  /** Each turn with the silence that ended it. */
  turns: Array<{ text: string; silenceMs: number }>;
}

/** What a session makes of `pcm` (16 kHz), given in steps in which each pause can be judged. */
async function listen(
  pcm: Pcm16,
  turn_detection: { type: string; [field: string]: unknown },
): Promise<Heard> {
  const events: Array<Record<string, unknown> & { type: string }> = [];
  const traced: TraceEvent[] = [];
  const session = new Session({
    kind: 'transcription',
    model: 'test',
    backends,
    log: silentLogger,
    trace: (event) => traced.push(event),
    send: (text) => events.push(JSON.parse(text)),
  });
  const send = (event: object) => session.receive(Buffer.from(JSON.stringify(event)), false);
  send({ type: 'session.update', session: { type: 'transcription', audio: { input: { turn_detection } } } });
  const up = createResampler(16_000, 24_000);
  const open = () => {
    if (turn_detection.type !== 'semantic_vad') return false;
    const kinds = traced.map(({ kind }) => kind);
    const judged = Math.max(kinds.lastIndexOf('turn-judged'), kinds.lastIndexOf('speech-resumed'));
    return kinds.lastIndexOf('speech-end') > judged;
  };
  for (let at = 0; at < pcm.length; at += 800) {
    const audio = Buffer.from(pcm16ToBytes(up.push(pcm.subarray(at, at + 800)))).toString('base64');
    send({ type: 'input_audio_buffer.append', audio });
    // In life the recogniser has 50 ms for each of these; here it gets what it needs.
    for (let wait = 0; open() && wait < 1000; wait++) await new Promise((go) => setTimeout(go, 5));
  }
  const ends = () => events.filter(({ type }) => type === 'input_audio_buffer.speech_stopped').length;
  const texts = () =>
    events.flatMap(({ transcript }) => (typeof transcript === 'string' ? [transcript] : []));
  while (texts().length < ends()) await new Promise((go) => setTimeout(go, 5));
  session.close();
  const silences = traced.flatMap((event) => (event.kind === 'turn-end' ? [event.silenceMs] : []));
  return { turns: texts().map((text, i) => ({ text, silenceMs: silences[i] as number })) };
}

describe('semantic_vad with real engines', () => {
  it.each(['what-time-is-it', 'set-a-timer-for-ten-seconds', 'what-is-your-name', 'stop'])(
    '%s: over as soon as with server_vad, or sooner',
    async (name) => {
      const sound = concat(silence(300), await question(name), silence(1500));
      const { turns } = await listen(sound, { type: 'semantic_vad', eagerness: 'medium' });
      const plain = await listen(sound, { type: 'server_vad', silence_duration_ms: 500 });
      expect(turns.map(({ text }) => text)).toEqual([name.replaceAll('-', ' ')]);
      expect(turns[0]?.silenceMs).toBeLessThanOrEqual(plain.turns[0]?.silenceMs as number);
    },
  );

  it.each(['high', 'low'])('a sentence with a pause of 1.2 s is one turn (%s)', async (eagerness) => {
    const sound = concat(
      silence(300),
      await speak('set a timer for'),
      silence(1200),
      await speak('ten seconds'),
      silence(eagerness === 'low' ? 3000 : 1800),
    );
    const { turns } = await listen(sound, { type: 'semantic_vad', eagerness });
    expect(turns).toHaveLength(1);
    expect(turns[0]?.text).toContain('set a timer');
    expect(turns[0]?.text).toContain('ten');
  });

  it('hears how sentences end: lower than they are', async () => {
    const ends = await Promise.all(
      ['It is five o clock.', 'My name is John.', 'The weather is fine today.'].map(async (text) =>
        hearEnd(concat(await speak(text), silence(200))),
      ),
    );
    for (const end of ends) expect(end?.pitch).toBeLessThan(0);
  });
});
