import { describe, expect, test } from 'vitest';
import { compareWithRepeat } from './compare-with-repeat';
import { type Bench, CannotMeasure, type FigureName, type Measurement, type Part } from './figure';
import { measureAll } from './measure';
import { chooseParts } from './parts';
import { toDocument } from './report/document';

const bench: Bench = { mode: 'quick', root: '', work: '', say: () => {} };
const machine = { cpu: 'x', cores: 2, memoryGb: 1, system: 'y', node: '20', electron: '25' };

const measured = (name: FigureName, value: number): Measurement => ({
  name,
  unit: 'ms',
  n: 1,
  samples: [value],
  goal: null,
  met: null,
  baseline: { name: 'other', samples: [100] },
  notes: [],
});

function part(figures: FigureName[], measure: Part['measure'], modes: Part['modes'] = ['quick']): Part {
  return { figures, modes, measure };
}

test('a part that throws does not keep the others from being measured', async () => {
  const outcome = await measureAll(
    [
      part(['flush', 'capture'], async () => {
        throw new Error('it broke');
      }),
      part(['ownEcho'], async () => {
        throw new CannotMeasure('no sound card');
      }),
      part(['startToReady', 'idleCpu'], async () => [measured('startToReady', 1)]),
    ],
    bench,
    null,
  );
  expect(outcome.measurements.map(({ name }) => name)).toEqual(['startToReady']);
  expect(outcome.missing).toEqual([
    { name: 'flush', why: 'it broke', failed: true },
    { name: 'capture', why: 'it broke', failed: true },
    { name: 'ownEcho', why: 'no sound card', failed: false },
    { name: 'idleCpu', why: 'its part did not report it', failed: true },
  ]);
});

test('only the wanted figures of a part are reported', async () => {
  const both = part(['flush', 'capture'], async () => [measured('flush', 1), measured('capture', 2)]);
  const outcome = await measureAll([both], bench, ['capture']);
  expect(outcome.measurements.map(({ name }) => name)).toEqual(['capture']);
  expect(outcome.missing).toEqual([]);
});

test('parts are chosen by mode and figure', () => {
  const quick = part(['flush', 'capture'], async () => []);
  const full = part(['idleMemory'], async () => [], ['full']);
  expect(chooseParts([quick, full], 'quick', null)).toEqual([quick]);
  expect(chooseParts([quick, full], 'full', null)).toEqual([full]);
  expect(chooseParts([quick, full], 'quick', ['capture'])).toEqual([quick]);
  expect(chooseParts([quick, full], 'quick', ['idleMemory'])).toEqual([]);
});

describe('a seeming regression is measured once more, and the better of both counts', () => {
  test.each([
    ['it was noise', 22, 'fine', 22],
    ['it stays so', 60, 'regression', 60],
    ['it gets worse', 90, 'regression', 80],
  ])('%s', async (_, again, verdict, value) => {
    const earlier = toDocument(machine, '', [measured('flush', 20), measured('capture', 20)]);
    const asked: string[] = [];
    const repeated = part(['flush', 'capture'], async () => {
      asked.push('measured');
      return [measured('flush', again), measured('capture', 10)];
    });
    const untouched = part(['ownEcho'], async () => {
      throw new Error('not asked for');
    });
    const measurements = [measured('flush', 80), measured('capture', 21)];
    const comparisons = await compareWithRepeat(measurements, earlier, [repeated, untouched], bench);
    expect(asked).toEqual(['measured']);
    expect(comparisons.map((comparison) => comparison.verdict)).toEqual([verdict, 'fine']);
    expect(measurements.map(({ samples }) => samples[0])).toEqual([value, 21]);
  });

  test('nothing is repeated without need', async () => {
    const earlier = toDocument(machine, '', [measured('flush', 20)]);
    const never = part(['flush'], async () => {
      throw new Error('not asked for');
    });
    const comparisons = await compareWithRepeat([measured('flush', 30)], earlier, [never], bench);
    expect(comparisons.map(({ verdict }) => verdict)).toEqual(['noise']);
  });
});
