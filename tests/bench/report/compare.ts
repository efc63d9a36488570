/** Whether a run is worse than an earlier one. By ratio to the baseline, which the speed of the machine is not in. Pure. */
import type { Measurement } from '../figure';
import type { Figure } from './document';

export type Comparison =
  | { name: Figure['name']; verdict: 'fine' | 'noise' | 'regression'; factor: number }
  | { name: Figure['name']; verdict: 'not-comparable'; why: string };

/** A ratio this many times the earlier one is told as a warning: two runs of the same program differ by as much. */
export const NOISE = 1.3;
/** And from this on it is a regression. */
export const REGRESSION = 2;

/** Differences below this are the error of the measurement, however many times the earlier value they are. */
const RESOLUTION: Record<Measurement['unit'], number> = {
  ms: 5,
  '%': 1,
  MB: 15,
  sessions: 0,
  x: 0,
  count: 0,
};

export function compareFigures(now: readonly Figure[], earlier: readonly Figure[]): Comparison[] {
  return now.map((figure) => {
    const before = earlier.find(({ name }) => name === figure.name);
    return compareFigure(figure, before);
  });
}

function compareFigure(figure: Figure, before: Figure | undefined): Comparison {
  const { name, ratio, unit } = figure;
  const not = (why: string): Comparison => ({ name, verdict: 'not-comparable', why });
  if (!before) return not('the earlier run does not have it');
  if (ratio === null || !before.ratio) return not('it has no baseline');
  if (figure.baseline?.name !== before.baseline?.name) return not('its baseline is another one');
  const factor = ratio / before.ratio;
  const lost = Math.abs((figure.p50 ?? 0) - (figure.p50 ?? 0) / factor);
  if (factor <= NOISE || lost < RESOLUTION[unit]) return { name, verdict: 'fine', factor };
  return { name, verdict: factor > REGRESSION ? 'regression' : 'noise', factor };
}

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** For the closing line of `npm test`: what could not be measured or compared is skipped, not passed. */
export function countsOf(
  comparisons: readonly Comparison[],
  others: { failed: number; skipped: number },
): Counts {
  const count = (...verdicts: Comparison['verdict'][]) =>
    comparisons.filter(({ verdict }) => verdicts.includes(verdict)).length;
  return {
    passed: count('fine', 'noise'),
    failed: count('regression') + others.failed,
    skipped: count('not-comparable') + others.skipped,
  };
}

/** One line for a person; null where there is nothing to say. */
export function comparisonLine(comparison: Comparison): string | null {
  const { name } = comparison;
  switch (comparison.verdict) {
    case 'fine':
      return null;
    case 'not-comparable':
      return `${name} is not compared: ${comparison.why}.`;
    case 'noise':
      return `Warning: ${name} is ${comparison.factor.toFixed(2)} times the earlier ratio (noise up to ${REGRESSION}).`;
    case 'regression':
      return `Regression: ${name} is ${comparison.factor.toFixed(2)} times the earlier ratio.`;
    default:
      return comparison satisfies never;
  }
}
