import { describe, expect, test } from 'vitest';
import { compareFigures, comparisonLine, countsOf } from './compare';
import type { Figure } from './document';

const figure = (changes: Partial<Figure> = {}): Figure => ({
  name: 'flush',
  unit: 'ms',
  n: 40,
  p50: 20,
  p95: null,
  p99: null,
  max: null,
  goal: null,
  met: null,
  baseline: { name: 'a slow way', p50: 100, p95: null, p99: null },
  ratio: 0.2,
  ...changes,
});

describe('compared by ratio, so that a slower machine is no regression', () => {
  test.each<[string, Partial<Figure>, string]>([
    ['the same', {}, 'fine'],
    ['better', { p50: 10, ratio: 0.1 }, 'fine'],
    ['both slower', { p50: 60, ratio: 0.2 }, 'fine'],
    ['a little worse', { p50: 25, ratio: 0.25 }, 'fine'],
    ['worse', { p50: 36, ratio: 0.36 }, 'noise'],
    ['grossly worse', { p50: 41, ratio: 0.41 }, 'regression'],
    ['three times next to nothing', { p50: 6, ratio: 0.6 }, 'fine'],
    ['without a ratio', { ratio: null }, 'not-comparable'],
    [
      'beside another baseline',
      { baseline: { name: 'other', p50: 1, p95: null, p99: null } },
      'not-comparable',
    ],
    ['not in the earlier run', { name: 'capture' }, 'not-comparable'],
  ])('%s', (_, changes, verdict) => {
    const [comparison] = compareFigures([figure(changes)], [figure()]);
    expect(comparison?.verdict).toBe(verdict);
  });

  test('an earlier ratio of 0 tells nothing', () => {
    expect(compareFigures([figure()], [figure({ ratio: 0 })])[0]?.verdict).toBe('not-comparable');
  });
});

test('what is told and what is counted', () => {
  const now = [
    figure(),
    figure({ name: 'capture', ratio: 0.3, p50: 30 }),
    figure({ name: 'onsetToSilence', ratio: 2, p50: 200 }),
    figure({ name: 'sessionsPerCore', ratio: null }),
  ];
  const before = now.map(({ name }) => figure({ name }));
  const comparisons = compareFigures(now, before);
  expect(comparisons.map(comparisonLine)).toEqual([
    null,
    'Warning: capture is 1.50 times the earlier ratio (noise up to 2).',
    'Regression: onsetToSilence is 10.00 times the earlier ratio.',
    'sessionsPerCore is not compared: it has no baseline.',
  ]);
  expect(countsOf(comparisons, { failed: 1, skipped: 2 })).toEqual({ passed: 2, failed: 2, skipped: 3 });
});
