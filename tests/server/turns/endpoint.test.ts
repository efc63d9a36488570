/** How long after the last sound a turn ends, in milliseconds of audio, with the real VAD on recorded questions. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Vad } from '../../../src/server/backends';
import { createSileroVad } from '../../../src/server/backends/silero';
import { SpeechDetector } from '../../../src/server/turns/speech-detector';
import { type Pcm16, rms } from '../../../src/shared/audio';
import { concat, MODELS_DIR, noise, question, silence } from '../../helpers/sound';

let vad: Vad;
beforeAll(async () => {
  vad = await createSileroVad(MODELS_DIR);
});

const SILENCE_MS = 500;

/** Turn events of `pcm`, as it comes from a microphone, each with its time. */
function events(pcm: Pcm16, silenceDurationMs = SILENCE_MS): Array<{ type: string; atMs: number }> {
  const detector = new SpeechDetector(vad, (error) => {
    throw error;
  });
  const found: Array<{ type: string; atMs: number }> = [];
  for (let at = 0; at < pcm.length; at += 320) {
    const chunk = pcm.subarray(at, at + 320);
    const options = { threshold: 0.5, silenceDurationMs };
    for (const { event, atMs } of detector.push(chunk, (at + chunk.length) / 16, options)) {
      found.push({ type: event.type, atMs });
    }
  }
  detector.close();
  return found;
}

const withRoom = (pcm: Pcm16, level: number): Pcm16 => {
  const room = noise(pcm.length / 16 + 1, level);
  return pcm.map((sample, i) => sample + (room[i] as number));
};

/** Where the last 10 ms louder than -45 dBFS end. */
function lastSoundMs(pcm: Pcm16): number {
  for (let at = pcm.length - 160; at >= 0; at -= 160) {
    if (rms(pcm.subarray(at, at + 160)) > 10 ** (-45 / 20)) return (at + 160) / 16;
  }
  throw new Error('there is no sound');
}

const QUESTIONS = [
  'cancel-the-timer',
  'set-a-timer-for-ten-seconds',
  'stop',
  'tell-me-a-joke',
  'what-can-you-do',
  'what-is-ten-percent-of-two-hundred',
  'what-is-the-date-today',
  'what-is-your-name',
  'what-time-is-it',
];

describe('the end of a turn', () => {
  it.each(QUESTIONS)('comes %s: the silence asked for after the last sound, give or take', async (name) => {
    for (const level of [6, 40]) {
      const clean = concat(silence(700), await question(name), silence(1500));
      const found = events(withRoom(clean, level));
      expect(found.map(({ type }) => type)).toEqual(['started', 'paused', 'stopped']);
      const overheadMs = (found[2]?.atMs ?? 0) - lastSoundMs(clean) - SILENCE_MS;
      // The VAD alone is 34 to 164 ms late, and its frames add up to 32 ms.
      expect(overheadMs, `room at ${level}`).toBeGreaterThan(-20);
      expect(overheadMs, `room at ${level}`).toBeLessThanOrEqual(115);
    }
  });

  it('is within 60 ms for most of them', async () => {
    const late: number[] = [];
    for (const name of QUESTIONS) {
      const clean = concat(silence(700), await question(name), silence(1500));
      const stopped = events(withRoom(clean, 10)).find(({ type }) => type === 'stopped');
      late.push((stopped?.atMs ?? 0) - lastSoundMs(clean) - SILENCE_MS);
    }
    late.sort((a, b) => a - b);
    expect(late[4]).toBeLessThanOrEqual(40);
    // "stop" and "joke" end in a breath that is softer than what counts as sound here.
    expect(late[6]).toBeLessThanOrEqual(60);
  });

  it.each([150, 300, 420])('does not come in a pause of %i ms between words', async (pauseMs) => {
    const [first, second] = await Promise.all([question('what-time-is-it'), question('tell-me-a-joke')]);
    const trimmed = (pcm: Pcm16) => {
      const loud = (sample: number) => Math.abs(sample) > 200;
      const from = pcm.findIndex(loud);
      const to = pcm.length - [...pcm].reverse().findIndex(loud);
      return pcm.subarray(from, to);
    };
    const sound = concat(silence(700), trimmed(first), silence(pauseMs), trimmed(second), silence(1500));
    const types = events(withRoom(sound, 10)).map(({ type }) => type);
    expect(types.filter((type) => type === 'stopped')).toHaveLength(1);
    expect(types.filter((type) => type === 'started')).toHaveLength(1);
  });
});
