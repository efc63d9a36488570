import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { EngineError, VAD_FRAME_SAMPLES, type Vad, type VadStream } from '../../../src/server/backends';
import { createSileroVad, sileroVad } from '../../../src/server/backends/silero';
import type { Pcm16 } from '../../../src/shared/audio';
import { loadSilero } from '../../../src/silero';
import { bang, concat, gained, MODELS_DIR, noise, question, silence, tone } from '../../helpers/sound';

const FRAME_MS = 32;

function probabilities(stream: VadStream, pcm: Pcm16): number[] {
  const found: number[] = [];
  for (let at = 0; at + VAD_FRAME_SAMPLES <= pcm.length; at += VAD_FRAME_SAMPLES) {
    found.push(stream.process(pcm.subarray(at, at + VAD_FRAME_SAMPLES)));
  }
  return found;
}

describe('Silero VAD', () => {
  let vad: Vad;
  beforeAll(async () => {
    vad = await createSileroVad(MODELS_DIR);
  });

  it.each([0, -10, -20])('finds where speech begins and ends, at %i dB', async (db) => {
    const spoken = await question('what-time-is-it');
    const stream = vad.open();
    const found = probabilities(stream, gained(concat(silence(800), spoken, silence(800)), db));
    stream.close();
    const isSpeech = found.map((probability) => probability >= 0.5);
    const startMs = isSpeech.indexOf(true) * FRAME_MS;
    const endMs = (isSpeech.lastIndexOf(true) + 1) * FRAME_MS;
    // The fixture has 200 ms of silence on each side.
    expect(startMs).toBeGreaterThan(980);
    expect(startMs).toBeLessThan(1250);
    expect(endMs).toBeGreaterThan(800 + spoken.length / 16 - 200 - 100);
    expect(endMs).toBeLessThan(800 + spoken.length / 16 - 200 + 200);
  });

  it.each([
    ['silence', silence(2000)],
    ['white noise', noise(2000, 300)],
    ['loud white noise', noise(2000, 3000)],
    ['a tone', tone(2000, 440, 8000)],
    ['a bang', concat(silence(300), bang(), silence(1000))],
  ])('takes %s for no speech', (_name, pcm) => {
    const stream = vad.open();
    expect(Math.max(...probabilities(stream, pcm))).toBeLessThan(0.5);
    stream.close();
  });

  it('is as new after a reset, and when another session opens it', async () => {
    const spoken = concat(silence(300), await question('stop'));
    const first = vad.open();
    const fresh = probabilities(first, spoken);
    expect(Math.max(...fresh)).toBeGreaterThan(0.9);
    first.reset();
    expect(probabilities(first, spoken)).toEqual(fresh);
    first.close();
    const second = vad.open();
    expect(probabilities(second, spoken)).toEqual(fresh);
    second.close();
  });

  it('computes fifty sessions, in turns, on one network, and each as if it were alone', async () => {
    const spoken = await question('tell-me-a-joke');
    const sounds = Array.from({ length: 50 }, (_, n) =>
      n % 10 === 9
        ? noise(960, 50 * n)
        : gained(concat(silence(8 * n), spoken).subarray(0, 960 * 16), -n / 2),
    );
    const alone = sounds.map((sound) => probabilities(vad.open(), sound));
    const before = process.memoryUsage().arrayBuffers;
    const streams = sounds.map(() => vad.open());
    // The weights of a single network are 1.2 MB.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(500_000);
    const together: number[][] = sounds.map(() => []);
    for (let at = 0; at < 960 * 16; at += VAD_FRAME_SAMPLES) {
      for (const [n, stream] of streams.entries()) {
        const frame = sounds[n]?.subarray(at, at + VAD_FRAME_SAMPLES) as Pcm16;
        together[n]?.push(stream.process(frame));
      }
    }
    expect(together).toEqual(alone);
  });

  it('asks the network nothing while a microphone is muted, and finds speech afterwards as before', async () => {
    const network = await loadSilero(MODELS_DIR);
    let asked = 0;
    const counted = sileroVad({
      score(...args) {
        asked++;
        return network.score(...args);
      },
    }).open();
    const muted = silence(4000).map((_, i) => (i % 17) - 8);
    expect(Math.max(...probabilities(counted, muted))).toBeLessThan(0.1);
    const before = asked;
    expect(Math.max(...probabilities(counted, muted))).toBe(0);
    expect(asked).toBe(before);

    const spoken = concat(silence(200), await question('what-time-is-it'));
    const began = (found: number[]) => found.findIndex((probability) => probability >= 0.5);
    const other = vad.open();
    // Never silent, so never spared.
    probabilities(other, noise(4000, 20));
    expect(
      Math.abs(began(probabilities(counted, spoken)) - began(probabilities(other, spoken))),
    ).toBeLessThanOrEqual(1);
  });

  it('refuses a frame of another length and a closed stream', () => {
    const stream = vad.open();
    expect(() => stream.process(new Int16Array(100))).toThrow(RangeError);
    stream.close();
    expect(() => stream.process(new Int16Array(VAD_FRAME_SAMPLES))).toThrow(/closed/);
  });

  describe('without its model', () => {
    const inFolder = async (prepare: (file: string) => Promise<void>): Promise<EngineError> => {
      const folder = await mkdtemp(join(tmpdir(), 'parley-models-'));
      try {
        await prepare(join(folder, 'silero_vad_v5.onnx'));
        return await createSileroVad(folder).then(
          () => Promise.reject(new Error('it started')),
          (cause: EngineError) => cause,
        );
      } finally {
        await rm(folder, { recursive: true });
      }
    };

    it('says which file is missing and what to do', async () => {
      const error = await inFolder(async () => undefined);
      expect(error).toBeInstanceOf(EngineError);
      expect(error.stage).toBe('vad');
      expect(error.message).toMatch(/silero_vad_v5\.onnx is missing.*npm start/);
    });

    it.each([
      ['cut', (file: string) => writeFile(file, 'not a model')],
      [
        'changed',
        async (file: string) => {
          await copyFile(join(MODELS_DIR, 'silero_vad_v5.onnx'), file);
          await writeFile(file, 'X', { flag: 'a' });
        },
      ],
    ])('says that a %s file is damaged', async (_name, prepare) => {
      const error = await inFolder(prepare);
      expect(error).toBeInstanceOf(EngineError);
      expect(error.message).toMatch(/silero_vad_v5\.onnx is damaged.*Delete it/);
    });
  });
});
