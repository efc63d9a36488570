/** The network computed here against the same weights in sherpa-onnx. */
import { describe, expect, it } from 'vitest';
import { createRealFft } from '../../src/ear/fft';
import { readSileroModel } from '../../src/ear/model-file';
import { readOnnxWeights } from '../../src/ear/onnx-weights';
import {
  CONTEXT_SAMPLES,
  createNetworkState,
  createSileroNetwork,
  WINDOW_SAMPLES,
} from '../../src/ear/silero-network';
import { createSileroVad } from '../../src/server/backends/silero';
import { concat, gained, MODELS_DIR, question, silence } from '../helpers/sound';

const model = await readSileroModel(MODELS_DIR);
const sound = concat(
  silence(320),
  await question('what-can-you-do'),
  silence(640),
  gained(await question('tell-me-a-joke'), -15),
  silence(640),
);

function probabilities(): number[] {
  const network = createSileroNetwork(model);
  const state = createNetworkState();
  const window = new Float32Array(CONTEXT_SAMPLES + WINDOW_SAMPLES);
  const scores: number[] = [];
  for (let at = 0; at + WINDOW_SAMPLES <= sound.length; at += WINDOW_SAMPLES) {
    window.copyWithin(0, WINDOW_SAMPLES);
    for (let i = 0; i < WINDOW_SAMPLES; i++) window[CONTEXT_SAMPLES + i] = (sound[at + i] as number) / 0x8000;
    scores.push(network.score(window, state, state));
  }
  return scores;
}

it.each([0.3, 0.5, 0.8])(
  'decides as sherpa does at a threshold of %f, a window or two earlier',
  async (threshold) => {
    const scores = probabilities();
    const stream = (await createSileroVad(MODELS_DIR, [threshold])).open({ threshold });
    let seen = 0;
    for (let i = 0; i < scores.length; i++) {
      const decided = stream.process(sound.subarray(i * WINDOW_SAMPLES, (i + 1) * WINDOW_SAMPLES));
      if (decided === 0) continue;
      seen++;
      const recent = Math.max(...scores.slice(Math.max(0, i - 3), i + 1));
      expect(recent).toBeGreaterThanOrEqual(threshold - 0.15);
    }
    stream.close();
    // Neither lets speech go by that the other hears: both count the same windows but for begin and end.
    const own = scores.filter((score) => score >= threshold).length;
    expect(seen).toBeGreaterThan(20);
    expect(Math.abs(own - seen)).toBeLessThanOrEqual(8);
  },
);

it('says the same for the same sound, and looking ahead changes nothing', () => {
  expect(probabilities()).toEqual(probabilities());
  const network = createSileroNetwork(model);
  const state = createNetworkState();
  const other = createNetworkState();
  const window = new Float32Array(CONTEXT_SAMPLES + WINDOW_SAMPLES).map((_, i) => 0.2 * Math.sin(i / 9));
  const glimpse = network.score(window, state, other);
  expect(state.hidden.every((h) => h === 0)).toBe(true);
  expect(network.score(window, state, state)).toBe(glimpse);
  expect(() => network.score(window.subarray(1), state, state)).toThrow(RangeError);
});

describe('a file that is no such model', () => {
  it.each([
    ['empty', new Uint8Array(0)],
    ['text', new TextEncoder().encode('this is no model at all')],
    ['cut off', model.subarray(0, 100_000)],
    ['missing weights', model.subarray(0, 30)],
  ])('%s', (_name, bytes) => {
    expect(() => createSileroNetwork(bytes)).toThrow(Error);
  });

  it('holds the weights it should', () => {
    const weights = readOnnxWeights(model);
    expect(weights.get('If_0_then_branch__Inline_0__decoder.rnn.weight_ih')?.dims).toEqual([512, 128]);
  });
});

it.each([4, 16, 256, 512])('a transform of %i is that of the definition, and comes back', (size) => {
  const fft = createRealFft(size);
  const input = new Float32Array(size).map((_, i) => Math.sin(i * i) + 0.3);
  const re = new Float32Array(size / 2 + 1);
  const im = new Float32Array(size / 2 + 1);
  fft.forward(input, re, im);
  for (let k = 0; k <= size / 2; k++) {
    let a = 0;
    let b = 0;
    for (let n = 0; n < size; n++) {
      a += (input[n] as number) * Math.cos((2 * Math.PI * k * n) / size);
      b -= (input[n] as number) * Math.sin((2 * Math.PI * k * n) / size);
    }
    expect(re[k]).toBeCloseTo(a, 3);
    expect(im[k]).toBeCloseTo(b, 3);
  }
  const back = new Float32Array(size);
  fft.inverse(re, im, back);
  for (let i = 0; i < size; i++) expect(back[i]).toBeCloseTo(input[i] as number, 4);
});
