import { describe, expect, test } from 'vitest';
import { distribution, percentile, slope } from './statistics';

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('a percentile is the nearest rank, a value that was measured', () => {
  test.each([
    [[7], 50, 7],
    [[1, 2], 50, 1],
    [[3, 1, 2], 50, 2],
    [upTo(100), 95, 95],
    [upTo(100), 99, 99],
    [upTo(40), 95, 38],
    [upTo(40), 99, 40],
    [upTo(200), 99, 198],
    [upTo(10), 100, 10],
  ])('%j at %i', (samples, percent, expected) => {
    expect(percentile(samples, percent)).toBe(expected);
  });

  test('of nothing there is none', () => {
    expect(() => percentile([], 50)).toThrow(RangeError);
    expect(distribution([])).toBeNull();
  });

  test('the samples are left as they were', () => {
    const samples = [3, 1, 2];
    distribution(samples);
    expect(samples).toEqual([3, 1, 2]);
  });
});

test.each([
  [[], 0],
  [[{ x: 1, y: 5 }], 0],
  [upTo(5).map((x) => ({ x, y: 2 * x + 7 })), 2],
  [upTo(5).map((x) => ({ x, y: 3 })), 0],
  [upTo(3).map((y) => ({ x: 1, y })), 0],
])('slope of %j', (points, expected) => {
  expect(slope(points)).toBeCloseTo(expected, 10);
});
