/** The network computed here against what another runtime made of the same weights. */
import { describe, expect, it } from 'vitest';
import { readSileroModel } from '../../src/silero/model-file';
import {
  CONTEXT_SAMPLES,
  createNetworkState,
  createSileroNetwork,
  WINDOW_SAMPLES,
} from '../../src/silero/network';
import { readOnnxWeights } from '../../src/silero/onnx-weights';
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

/**
 * Stretches of `sound` that sherpa-onnx 1.13.8 took for speech with the same weights, by threshold: from window to window.
 * It began two windows later than the probabilities tell, or later still while they wavered, and ended two later.
 */
const SHERPA: Array<{ threshold: number; stretches: Array<[number, number]> }> = [
  {
    threshold: 0.3,
    stretches: [
      [18, 48],
      [81, 111],
    ],
  },
  {
    threshold: 0.5,
    stretches: [
      [18, 47],
      [81, 109],
    ],
  },
  {
    threshold: 0.8,
    stretches: [
      [18, 47],
      [85, 108],
    ],
  },
];

/** From the first probability at the threshold to the first one 0.15 below it, which is sherpa's rule too. */
function stretchesOf(scores: readonly number[], threshold: number): Array<[number, number]> {
  const stretches: Array<[number, number]> = [];
  let from: number | null = null;
  for (const [window, score] of scores.entries()) {
    if (from === null && score >= threshold) from = window;
    if (from === null || score >= threshold - 0.15) continue;
    stretches.push([from, window]);
    from = null;
  }
  return stretches;
}

it.each(SHERPA)(
  'hears the stretches that sherpa hears at a threshold of $threshold',
  ({ threshold, stretches }) => {
    const own = stretchesOf(probabilities(), threshold);
    expect(own).toHaveLength(stretches.length);
    for (const [i, [from, to]] of stretches.entries()) {
      const earlier = { from: from - (own[i]?.[0] ?? 0), to: to - (own[i]?.[1] ?? 0) };
      expect(earlier.from).toBeGreaterThanOrEqual(1);
      expect(earlier.from).toBeLessThanOrEqual(5);
      expect(earlier.to).toBeGreaterThanOrEqual(1);
      expect(earlier.to).toBeLessThanOrEqual(3);
    }
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
