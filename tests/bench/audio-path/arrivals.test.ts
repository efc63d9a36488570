import { describe, expect, it } from 'vitest';
import { type Arrival, gapsOf, heldUp, latencies } from './arrivals';

const CHUNK = { samples: 480, ms: 20 };

/** Chunks in a row, the first sample of the first at `0`; each arrives `delaysMs` after its last sample. */
function chunks(delaysMs: readonly number[]): Arrival[] {
  return delaysMs.map((delayMs, i) => ({
    frame: i * CHUNK.samples,
    samples: CHUNK.samples,
    atMs: 1000 + (i + 1) * CHUNK.ms + delayMs,
  }));
}

it('latencies count from when the first sample was processed', () => {
  const processedMs = new Map([
    [0, 995],
    [960, 1038.5],
  ]);
  expect(latencies(chunks([0, 0, 3]), (frame) => processedMs.get(frame) ?? null)).toEqual([25, 24.5]);
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
