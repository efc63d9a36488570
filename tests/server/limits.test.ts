import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, EventRate, resolveLimits, Seats } from '../../src/server/limits';

describe('resolveLimits', () => {
  it('fills up with the defaults', () => {
    expect(resolveLimits({ maxSessions: 3 })).toEqual({ ...DEFAULT_LIMITS, maxSessions: 3 });
  });

  it('takes no limit for what it is, but where a timer waits for it', () => {
    const none = Number.POSITIVE_INFINITY;
    const all = Object.fromEntries(Object.keys(DEFAULT_LIMITS).map((name) => [name, none]));
    const longest = 2 ** 31 - 1;
    expect(resolveLimits(all)).toEqual({ ...all, maxSessionMs: longest, maxStallMs: longest });
  });

  it.each([0, -1, Number.NaN, '5' as unknown as number])('refuses %s', (value) => {
    expect(() => resolveLimits({ maxOutboxBytes: value })).toThrow(
      /maxOutboxBytes must be a positive number/,
    );
  });
});

describe('EventRate', () => {
  /** Runs of verdicts for `count` events, `gapMs` apart. */
  function send(
    rate: EventRate,
    clock: { ms: number },
    count: number,
    gapMs: number,
  ): Array<[string, number]> {
    const runs: Array<[string, number]> = [];
    for (let index = 0; index < count; index++) {
      const verdict = rate.take();
      const last = runs.at(-1);
      if (last?.[0] === verdict) last[1]++;
      else runs.push([verdict, 1]);
      clock.ms += gapMs;
    }
    return runs;
  }
  const start = (perSecond: number) => {
    const clock = { ms: 1000 };
    return { clock, rate: new EventRate(perSecond, () => clock.ms) };
  };

  it.each<[name: string, perSecond: number, count: number, gapMs: number, expected: Array<[string, number]>]>(
    [
      [
        'an hour of sound in chunks of 20 ms',
        DEFAULT_LIMITS.eventsPerSecond,
        180_000,
        20,
        [['pass', 180_000]],
      ],
      ['ten minutes of sound at once', DEFAULT_LIMITS.eventsPerSecond, 30_000, 0, [['pass', 30_000]]],
      ['exactly the rate, for ever', 10, 5000, 100, [['pass', 5000]]],
      [
        'twice the rate: the bucket empties, then every other one',
        10,
        604,
        50,
        [
          ['pass', 599],
          ['refuse', 1],
          ['pass', 1],
          ['refuse', 1],
          ['pass', 1],
          ['refuse', 1],
        ],
      ],
      [
        'a flood',
        1,
        40,
        0,
        [
          ['pass', 30],
          ['refuse', 1],
          ['end', 9],
        ],
      ],
      ['no limit', Number.POSITIVE_INFINITY, 100_000, 0, [['pass', 100_000]]],
    ],
  )('%s', (_name, perSecond, count, gapMs, expected) => {
    const { clock, rate } = start(perSecond);
    expect(send(rate, clock, count, gapMs)).toEqual(expected);
  });

  it('lets in again who has waited, and no more than was saved up', () => {
    const { clock, rate } = start(10);
    send(rate, clock, 300, 0);
    expect(rate.take()).toBe('refuse');
    clock.ms += 500;
    expect(send(rate, clock, 6, 0)).toEqual([
      ['pass', 5],
      ['refuse', 1],
    ]);
    clock.ms += 3_600_000;
    expect(send(rate, clock, 301, 0)).toEqual([
      ['pass', 300],
      ['refuse', 1],
    ]);
  });
});

describe('Seats', () => {
  it('frees a place once', () => {
    const seats = new Seats(2);
    const leave = seats.take();
    seats.take();
    expect(seats.take()).toBeNull();
    leave?.();
    leave?.();
    expect(seats.taken).toBe(1);
    expect(seats.take()).not.toBeNull();
    expect(seats.take()).toBeNull();
  });
});
