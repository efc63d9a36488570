import { describe, expect, it } from 'vitest';
import type { BaselineRuns } from './baseline';
import type { CaptureRuns } from './capture';
import { captureFigures, flushFigures } from './figures';
import type { FlushRuns } from './flush';
import type { Flush } from './timeline';

const flush = (change: Partial<Flush> = {}): Flush => ({
  atMs: 0,
  tookMs: 7,
  silentMs: 6,
  sounding: true,
  soundAfterMs: 0,
  wallClockErrorMs: 1,
  ...change,
});
const fine = Array.from({ length: 20 }, () => flush());
const baseline: BaselineRuns = {
  idleFlushMs: [7],
  blockedFlushMs: [1000],
  captureMs: [180],
  blockedCapture: [{ missingFrames: 0, longestMs: 2170, slipMs: 0 }],
};
const flushes = (runs: Partial<FlushRuns>): FlushRuns => ({
  idle: fine,
  stalled: fine,
  blocked: fine,
  ...runs,
});

describe('flushFigures', () => {
  it.each([
    ['all are quick', {}, [true, true]],
    ['one is slow', { idle: [...fine, flush({ silentMs: 13 })] }, [false, true]],
    [
      'one is slow with the UI thread blocked',
      { blocked: [...fine, flush({ silentMs: 13 })] },
      [true, false],
    ],
    ['those with the UI thread blocked are slower', { blocked: [flush({ silentMs: 11 })] }, [true, false]],
    ['one was not answered', { idle: [...fine, flush({ tookMs: null, silentMs: null })] }, [false, true]],
    ['none was answered', { idle: [flush({ tookMs: null, silentMs: null })] }, [false, false]],
    ['something sounded after one', { blocked: [...fine, flush({ soundAfterMs: 2 })] }, [true, false]],
    ['nothing was measured', { idle: [], stalled: [], blocked: [] }, [false, false]],
  ])('when %s', (_name, runs, met) => {
    expect(flushFigures(flushes(runs), baseline).map((figure) => figure.met)).toEqual(met);
  });
});

describe('captureFigures', () => {
  const block = { missingFrames: 0, longestMs: 31, slipMs: 0.4 };
  const capture: CaptureRuns = {
    latencyMs: [21, 24],
    idleGaps: { missingFrames: 0, longestMs: 30 },
    blocked: [block],
    unknown: 0,
  };

  it.each([
    ['all is well', {}, [true, true]],
    ['a chunk is slow', { latencyMs: [21, 31] }, [false, true]],
    ['a frame is missing', { blocked: [block, { ...block, missingFrames: 1 }] }, [true, false]],
    ['one waited long', { blocked: [block, { ...block, longestMs: 61 }] }, [true, false]],
    ['nothing was measured', { latencyMs: [], blocked: [] }, [false, false]],
  ])('when %s', (_name, runs, met) => {
    const figures = captureFigures({ ...capture, ...runs }, baseline);
    expect(figures.map((figure) => figure.met)).toEqual(met);
  });

  it('counts waits beyond the length of a chunk, of the program and of the baseline', () => {
    const [, gap] = captureFigures(capture, baseline);
    expect(gap?.samples).toEqual([11]);
    expect(gap?.baseline?.samples[0]).toBeCloseTo(2170 - 170.67, 1);
  });
});
