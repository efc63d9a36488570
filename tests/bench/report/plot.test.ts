import { describe, expect, test } from 'vitest';
import { axisFor, marksOf, plotSvg } from './plot';

describe('the axis', () => {
  test.each<[string, number[], number[]]>([
    ['from 0 in round steps', [120, 183], [0, 50, 100, 150, 200]],
    ['small values', [0.2, 0.9], [0, 0.2, 0.4, 0.6, 0.8, 1]],
    ['logarithmic over a wide span', [3, 2100], [1, 10, 100, 1000, 10_000]],
    ['nothing but zeros', [0, 0], [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ])('%s', (_, values, ticks) => {
    const axis = axisFor(values, Math.max(...values) / Math.min(...values));
    expect(axis.ticks.map((tick) => Number(tick.toFixed(6)))).toEqual(ticks);
    for (const value of values) {
      expect(axis.position(value)).toBeGreaterThanOrEqual(0);
      expect(axis.position(value)).toBeLessThanOrEqual(1);
    }
  });
});

test.each<[string | null, [string, number][]]>([
  [
    'p50 <= 180 ms, p95 <= 300 ms',
    [
      ['goal p50 180', 180],
      ['goal p95 300', 300],
    ],
  ],
  ['p99 event lag < 50 ms at 100 sessions', [['goal 50', 50]]],
  ['<= 2 % of a core', [['goal 2', 2]]],
  ['no gap', []],
  [null, []],
])('goals as lines: %s', (goal, marks) => {
  expect(marksOf(goal)).toEqual(marks.map(([label, value]) => ({ label, value })));
});

test('every sample is a dot, every label is text', () => {
  const svg = plotSvg({
    title: 'A <title> & more',
    unit: 'ms',
    rows: [
      { label: 'ours', samples: [1, 2, 3], kind: 'own' },
      { label: '"theirs"', samples: Array.from({ length: 30 }, () => 5), kind: 'baseline' },
      { label: 'empty', samples: [], kind: 'share' },
    ],
    marks: [{ label: 'goal 4', value: 4 }],
  });
  expect(svg.match(/<circle/g)).toHaveLength(33);
  expect(svg).toContain('A &lt;title&gt; &amp; more');
  expect(svg).toContain('&quot;theirs&quot;: p50 5, p95 5, max 5 ms (30)');
  expect(svg).not.toContain('empty');
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});
