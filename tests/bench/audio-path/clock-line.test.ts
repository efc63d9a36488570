import { describe, expect, it } from 'vitest';
import { type Arrival, gapsOf, heldUp, latencies } from './clock-line';

const CHUNK = { samples: 480, ms: 20 };

/** Chunks in a row, the first sample of the first at `0`; each arrives `delaysMs` after its last sample. */
function chunks(delaysMs: readonly number[]): Arrival[] {
  return delaysMs.map((delayMs, i) => ({
    frame: i * CHUNK.samples,
    samples: CHUNK.samples,
    atMs: 1000 + (i + 1) * CHUNK.ms + delayMs,
  }));
}

describe('latencies', () => {
  it.each([
    ['nothing', [], []],
    ['as fast as each other', [0, 0, 0], [20, 20, 20]],
    ['a delay that all have is not seen', [7, 7, 7], [20, 20, 20]],
    ['slower than the fastest by so much', [3, 1, 9, 1], [22, 20, 28, 20]],
    ['the fastest comes last', [9, 8, 1], [28, 27, 20]],
  ])('%s', (_name, delaysMs, expected) => {
    expect(latencies(chunks(delaysMs))).toEqual(expected.map((ms) => expect.closeTo(ms, 6)));
  });

  it('asks the neighbourhood only: an audio clock that fell behind is believed after a while', () => {
    const delaysMs = Array.from({ length: 200 }, (_, i) => (i < 100 ? 0 : 50));
    const result = latencies(chunks(delaysMs));
    expect(result[0]).toBeCloseTo(20);
    expect(result[100]).toBeCloseTo(70);
    expect(result[199]).toBeCloseTo(20);
  });

  it('agrees with looking at every pair', () => {
    const arrivals = chunks(Array.from({ length: 300 }, (_, i) => (i * 7919) % 13));
    const offset = ({ atMs, frame, samples }: Arrival) => atMs - (frame + samples) / 24;
    const expected = arrivals.map((arrival) => {
      const near = arrivals.filter(({ atMs }) => Math.abs(atMs - arrival.atMs) <= 500);
      return offset(arrival) - Math.min(...near.map(offset)) + CHUNK.ms;
    });
    expect(latencies(arrivals)).toEqual(expected.map((ms) => expect.closeTo(ms, 6)));
  });
});

describe('gapsOf', () => {
  it('finds nothing in nothing, and nothing in one arrival', () => {
    expect(gapsOf([])).toEqual({ missingFrames: 0, longestMs: 0 });
    expect(gapsOf(chunks([0]))).toEqual({ missingFrames: 0, longestMs: 0 });
  });

  it('finds the wait, also when nothing is missing', () => {
    expect(gapsOf(chunks([0, 0, 100, 80]))).toEqual({ missingFrames: 0, longestMs: 120 });
  });

  it('counts what never came', () => {
    const arrivals = chunks([0, 0, 0, 0, 0]).filter((_, i) => i !== 1 && i !== 2);
    expect(gapsOf(arrivals)).toEqual({ missingFrames: 960, longestMs: 60 });
  });
});

describe('heldUp', () => {
  const spans = [{ startMs: 2000, endMs: 2500 }];

  it('sees a wait that ends after the span', () => {
    const arrivals = chunks(Array.from({ length: 150 }, () => 0)).map((arrival) =>
      arrival.atMs > 2000 && arrival.atMs < 2600 ? { ...arrival, atMs: 2600 } : arrival,
    );
    expect(heldUp(arrivals, spans)[0]).toMatchObject({ missingFrames: 0, longestMs: 600 });
  });

  it('sees nothing of what happens elsewhere', () => {
    const arrivals = chunks(Array.from({ length: 150 }, () => 0)).filter(({ frame }) => frame !== 480);
    expect(heldUp(arrivals, spans)[0]).toMatchObject({ missingFrames: 0, longestMs: 20 });
  });

  it.each([
    ['keeps step', 0, 0],
    ['falls behind', 75, 75],
  ])('an audio clock that %s', (_name, delayMs, slipMs) => {
    const delaysMs = Array.from({ length: 150 }, (_, i) => (i < 60 ? 0 : delayMs));
    expect(heldUp(chunks(delaysMs), spans)[0]?.slipMs).toBeCloseTo(slipMs);
  });

  it('says that it does not know the slip where no sound came', () => {
    expect(heldUp([], spans)).toEqual([{ missingFrames: 0, longestMs: 0, slipMs: Number.NaN }]);
  });
});
