/** Finds the most sessions a server serves in time. Pure but for the trials, which the caller runs. */

export interface Step<T> {
  sessions: number;
  holds: boolean;
  result: T;
}

export interface SearchOptions {
  from: number;
  /** Never more than this many. */
  limit: number;
  /** The answer is exact to this share of itself, 0.1 is ten percent, unless `trials` end before. */
  precision: number;
  /** Never more trials than this. */
  trials: number;
}

/**
 * Doubles `from` until a trial does not hold, then halves the gap. The highest number that held is the last of `steps`
 * with `holds` in order of sessions; none did when even `from` is too many.
 */
export async function searchMost<T>(
  trial: (sessions: number) => Promise<{ holds: boolean; result: T }>,
  { from, limit, precision, trials }: SearchOptions,
): Promise<Step<T>[]> {
  const steps: Step<T>[] = [];
  let most = 0;
  let tooMany = Number.POSITIVE_INFINITY;
  let next = from;
  const exact = () => tooMany - most <= Math.max(1, most * precision);
  while (steps.length < trials && most < limit && !exact() && next > most) {
    const { holds, result } = await trial(next);
    steps.push({ sessions: next, holds, result });
    if (holds) most = next;
    else tooMany = next;
    const guess = Number.isFinite(tooMany) ? Math.round((most + tooMany) / 2) : next * 2;
    next = Math.min(limit, guess);
  }
  return steps;
}

export function mostThatHeld<T>(steps: readonly Step<T>[]): Step<T> | null {
  const held = steps.filter(({ holds }) => holds).sort((a, b) => b.sessions - a.sessions);
  return held[0] ?? null;
}
