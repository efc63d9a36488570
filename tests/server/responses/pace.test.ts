import { describe, expect, it } from 'vitest';
import { paceMs } from '../../../src/server/responses/pace';

describe('the pace of a long answer', () => {
  it.each([
    { audioMs: 0, elapsedMs: 0, waits: 0 },
    { audioMs: 10_000, elapsedMs: 0, waits: 0 },
    { audioMs: 14_000, elapsedMs: 0, waits: 1000 },
    { audioMs: 14_000, elapsedMs: 400, waits: 600 },
    { audioMs: 14_000, elapsedMs: 5000, waits: 0 },
  ])('$audioMs ms of sound after $elapsedMs ms waits $waits ms', ({ audioMs, elapsedMs, waits }) => {
    expect(paceMs(audioMs, elapsedMs)).toBe(waits);
  });

  it('is always far ahead of the ear', () => {
    for (let audioMs = 0; audioMs < 600_000; audioMs += 1000) {
      const heardMs = paceMs(audioMs, 0);
      expect(audioMs - heardMs).toBeGreaterThanOrEqual(Math.min(audioMs, 9000));
    }
  });
});
