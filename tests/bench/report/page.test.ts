import { expect, test } from 'vitest';
import type { Measurement } from '../figure';
import { toDocument } from './document';
import { benchmarksPage, plotOf } from './page';
import { terminalTable } from './table';

const measurements: Measurement[] = [
  {
    name: 'flush',
    unit: 'ms',
    n: 4,
    samples: [1, 2, 3, 4],
    goal: 'p99 <= 12 ms',
    met: true,
    baseline: { name: 'a slow way', samples: [10, 20, 30] },
    split: { device: [1, 1, 2, 2] },
    notes: ['Simulated.'],
  },
  {
    name: 'ownEcho',
    unit: '%',
    n: 60,
    samples: [],
    value: 3,
    goal: 'none',
    met: false,
    baseline: null,
    notes: [],
  },
];
const machine = { cpu: 'x', cores: 2, memoryGb: 1, system: 'y', node: '20', electron: '25' };
const document = toDocument(machine, '2026-01-01T00:00:00.000Z', measurements);

test('the page has every figure, its goal, what it consists of and what is missing', () => {
  const missing = [{ name: 'capture' as const, why: 'no sound | card' }];
  const page = benchmarksPage({ document, measurements, missing, mode: 'full' });
  expect(page).toContain(
    '| [flush](#flush) | 4 | 2 ms | 4 ms | 4 ms | 4 ms | p99 <= 12 ms | yes | a slow way | 20 ms | 0.1 |',
  );
  expect(page).toContain('| [ownEcho](#ownecho) | 60 | 3 % |  |  |  | none | **no** |  |  |  |');
  expect(page).toContain('not measured: no sound \\| card');
  expect(page).toContain('![From the decision to be silent to silence](bench/flush.svg)');
  expect(page).toContain('| device | 4 | 1 ms | 2 ms | 2 ms |');
  expect(page).toContain('- Simulated.');
  expect(page).not.toMatch(/NaN|Infinity|undefined/);
});

test('what is one number has no picture', () => {
  expect(plotOf(measurements[0] as Measurement)?.rows.map(({ label }) => label)).toEqual([
    'Parley',
    'a slow way',
    'device',
  ]);
  expect(plotOf(measurements[1] as Measurement)).toBeNull();
});

test('a table for a terminal is aligned and says what a goal came to', () => {
  const lines = terminalTable(document.figures).split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/^flush +ms +4 +2 +4 +4 +4 +p99 <= 12 ms +yes +20 +0\.1$/);
  expect(lines[2]).toMatch(/^ownEcho +% +60 +3 +- +- +- +none +NO +- +-$/);
  expect(lines[0]?.indexOf('goal')).toBe(lines[1]?.indexOf('p99 <= 12'));
});
