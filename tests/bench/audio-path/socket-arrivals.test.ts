import { describe, expect, it } from 'vitest';
import { placeSent } from './socket-arrivals';

const SAMPLES = 480;

/** A microphone from `frame` on whose chunks hold one value each. */
function microphoneOf(values: readonly number[], frame: number) {
  const pcm = Int16Array.from(
    { length: values.length * SAMPLES },
    (_, i) => values[Math.floor(i / SAMPLES)] ?? 0,
  );
  const chunks = values.map((_, i) => ({ frame: frame + i * SAMPLES, samples: SAMPLES }));
  return { chunks, microphone: { pcm, frame } };
}

const sentOf = (values: readonly number[]) =>
  values.map((value, i) => ({
    audio: Buffer.from(new Int16Array(SAMPLES).fill(value).buffer).toString('base64'),
    atMs: i,
  }));

describe('placeSent', () => {
  it.each([
    ['all that was heard', [1, 2, 3], [1, 2, 3], [0, 1, 2], 0],
    ['what was not sent is missing', [1, 2, 3], [1, 3], [0, 2], 0],
    ['equal chunks are meant in turn', [0, 0, 5, 0], [0, 0, 5, 0], [0, 1, 2, 3], 0],
    ['what the microphone never gave', [1, 2], [1, 9, 2], [0, 1], 1],
    ['sound sent twice', [1, 2], [1, 1, 2], [0, 1], 1],
  ])('%s', (_name, heard, sent, places, unknown) => {
    const { chunks, microphone } = microphoneOf(heard, 960);
    const placed = placeSent(sentOf(sent), chunks, microphone);
    expect(placed.unknown).toBe(unknown);
    expect(placed.arrivals.map(({ frame }) => (frame - 960) / SAMPLES)).toEqual(places);
  });
});
