import { describe, expect, it } from 'vitest';
import { fastestRoundTripMs, placeSent } from './socket-arrivals';

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

describe('fastestRoundTripMs', () => {
  const passage = (sent: [string, number][], received: [string, number][]) => ({
    sent: new Map(sent),
    received: new Map(received),
  });

  it('adds the fastest of each way, whatever the distance of the clocks', () => {
    const there = passage(
      [
        ['a', 5000],
        ['b', 5100],
      ],
      [
        ['a', 12],
        ['b', 109],
      ],
    );
    const back = passage(
      [
        ['x', 50],
        ['y', 150],
      ],
      [
        ['x', 5052],
        ['y', 5151],
      ],
    );
    // There 9 - 5000 at best, back 5001.
    expect(fastestRoundTripMs(there, back)).toBe(10);
  });

  it('passes by what was not received, and says so when nothing was', () => {
    const there = passage(
      [
        ['a', 0],
        ['lost', 0],
      ],
      [['a', 3]],
    );
    expect(fastestRoundTripMs(there, passage([['x', 0]], [['x', 2]]))).toBe(5);
    expect(fastestRoundTripMs(there, passage([['x', 0]], []))).toBe(Number.POSITIVE_INFINITY);
  });
});
