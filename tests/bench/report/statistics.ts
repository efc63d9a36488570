/** Numbers of a sample. Pure. */

export interface Distribution {
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/**
 * The smallest measured value that at least `percent` (above 0, up to 100) of the trials do not exceed: the nearest
 * rank. No value is invented between two measured ones, and with fewer than 100 trials p99 is the worst of them.
 * Throws a RangeError when there is no sample.
 */
export function percentile(samples: readonly number[], percent: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('A percentile of nothing.');
  return value;
}

/** null where there is no sample. */
export function distribution(samples: readonly number[]): Distribution | null {
  if (samples.length === 0) return null;
  const at = (percent: number) => percentile(samples, percent);
  return { p50: at(50), p95: at(95), p99: at(99), max: at(100) };
}

/** Slope of the least-squares line through `points`, in y per x; 0 for fewer than two. */
export function slope(points: readonly { x: number; y: number }[]): number {
  if (points.length < 2) return 0;
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const shared = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  return spread === 0 ? 0 : shared / spread;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
