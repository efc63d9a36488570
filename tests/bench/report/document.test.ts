import { describe, expect, test } from 'vitest';
import type { Measurement } from '../figure';
import { toDocument, toFigure } from './document';

const measured = (changes: Partial<Measurement> = {}): Measurement => ({
  name: 'flush',
  unit: 'ms',
  n: 4,
  samples: [1, 2, 3, 4],
  goal: 'p99 <= 12 ms',
  met: true,
  baseline: { name: 'a slow way', samples: [10, 20, 30] },
  notes: [],
  ...changes,
});

test('a distribution and its baseline', () => {
  expect(toFigure(measured())).toEqual({
    name: 'flush',
    unit: 'ms',
    n: 4,
    p50: 2,
    p95: 4,
    p99: 4,
    max: 4,
    goal: 'p99 <= 12 ms',
    met: true,
    baseline: { name: 'a slow way', p50: 20, p95: 30, p99: 30 },
    ratio: 0.1,
  });
});

test('one value of all trials stands under p50', () => {
  const figure = toFigure(
    measured({
      name: 'ownEcho',
      unit: '%',
      n: 60,
      samples: [],
      value: 0,
      goal: null,
      met: null,
      baseline: null,
    }),
  );
  expect(figure).toMatchObject({ n: 60, p50: 0, p95: null, p99: null, max: null, goal: null, met: null });
  expect(figure).toMatchObject({ baseline: null, ratio: null });
});

describe('the ratio is below 1 where we are better', () => {
  test.each<[string, Partial<Measurement>, number | null]>([
    ['lower is better', { samples: [], value: 5, baseline: { name: '', samples: [], value: 20 } }, 0.25],
    [
      'higher is better',
      { samples: [], value: 20, higherIsBetter: true, baseline: { name: '', samples: [], value: 5 } },
      0.25,
    ],
    ['value against samples', { samples: [], value: 5, baseline: { name: '', samples: [10] } }, 0.5],
    ['a baseline of 0', { baseline: { name: '', samples: [], value: 0 } }, null],
    ['a baseline without a number', { baseline: { name: '', samples: [] } }, null],
    ['nothing measured', { samples: [] }, null],
    ['none', { baseline: null }, null],
  ])('%s', (_, changes, ratio) => {
    expect(toFigure(measured(changes)).ratio).toBe(ratio);
  });
});

test('figures come in their order, whatever order they were measured in', () => {
  const machine = { cpu: 'x', cores: 2, memoryGb: 1, system: 'y', node: '20', electron: '25' };
  const names = ['idleMemory', 'flush', 'onsetToSilence', 'capture'] as const;
  const document = toDocument(
    machine,
    '2026-01-01T00:00:00.000Z',
    names.map((name) => measured({ name })),
  );
  expect(document.figures.map(({ name }) => name)).toEqual([
    'onsetToSilence',
    'flush',
    'capture',
    'idleMemory',
  ]);
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
});
