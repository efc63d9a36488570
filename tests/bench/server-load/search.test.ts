import { expect, test } from 'vitest';
import { mostThatHeld, searchMost } from './search';

const options = { from: 100, limit: 3200, precision: 0.1, trials: 100 };

test.each([
  [530, 'near'],
  [101, 'just above the first'],
  [99, 'below the first'],
  [3, 'far below the first'],
  [5000, 'above the limit'],
])('a server that holds %i sessions (%s)', async (holds) => {
  const steps = await searchMost(
    async (sessions) => ({ holds: sessions <= holds, result: sessions }),
    options,
  );
  const most = mostThatHeld(steps)?.sessions ?? 0;
  expect(most).toBeLessThanOrEqual(holds);
  expect(most).toBeGreaterThanOrEqual(Math.min(holds, options.limit) / 1.1 - 1);
  expect(steps.length).toBeLessThanOrEqual(12);
  expect(new Set(steps.map(({ sessions }) => sessions)).size).toBe(steps.length);
});

test('no more trials than there is time for', async () => {
  const holds = (sessions: number) => Promise.resolve({ holds: sessions <= 530, result: null });
  const steps = await searchMost(holds, { ...options, trials: 5 });
  expect(steps.map(({ sessions }) => sessions)).toEqual([100, 200, 400, 800, 600]);
  expect(mostThatHeld(steps)?.sessions).toBe(400);
});

test('a server that holds none', async () => {
  const steps = await searchMost(async () => ({ holds: false, result: null }), options);
  expect(mostThatHeld(steps)).toBeNull();
  expect(steps.length).toBeLessThanOrEqual(8);
});
