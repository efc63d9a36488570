import { describe, expect, test } from 'vitest';
import {
  benchCounts,
  judged,
  playwrightCounts,
  sum,
  summaryLine,
  vitestCounts,
} from '../../scripts/summary.mjs';

test('counts of both runners are read and added', () => {
  const vitest = vitestCounts(
    JSON.stringify({ numPassedTests: 10, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 }),
  );
  const playwright = playwrightCounts(
    JSON.stringify({ stats: { expected: 5, unexpected: 2, flaky: 1, skipped: 4 } }),
  );
  expect(vitest).toEqual({ passed: 10, failed: 1, skipped: 3 });
  expect(playwright).toEqual({ passed: 6, failed: 2, skipped: 4 });
  const total = sum([judged(vitest, 1), judged(playwright, 1)]);
  expect(summaryLine(total)).toBe('16 passed, 3 failed, 7 skipped');
});

test('the bench counts what it compared', () => {
  const counts = { passed: 3, failed: 1, skipped: 2 };
  expect(benchCounts(JSON.stringify({ counts, table: '' }))).toEqual(counts);
});

describe('a runner that ended badly has failed', () => {
  const fine = { passed: 3, failed: 0, skipped: 0 };
  test.each([
    ['with no report', null, 1, 1],
    ['with no report though it claims success', null, 0, 1],
    ['with a report in which all passed', fine, 1, 1],
    ['killed by a signal', fine, 137, 1],
  ])('%s', (_, counts, code, failed) => {
    expect(judged(counts, code).failed).toBe(failed);
  });
  test('and one that ended well has not', () => {
    expect(judged(fine, 0)).toEqual(fine);
  });
});

test.each([[null], [''], ['{"numPassed'], ['{}'], ['null'], ['[]']])('%j is no report', (json) => {
  expect(vitestCounts(json)).toBeNull();
  expect(playwrightCounts(json)).toBeNull();
  expect(benchCounts(json)).toBeNull();
});
