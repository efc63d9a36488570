/** `npm run test:fuzz -- --seed N --runs N` plays more of these; `npm test` plays a few. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fuzzCase } from './actions';
import { fuzz, fuzzOptions } from './report';
import { type Clock, playInProcess } from './run-case';

const clock: Clock = {
  advance: (ms) => vi.advanceTimersByTime(ms),
  pending: () => vi.getTimerCount(),
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const options = fuzzOptions(60);

it(`${options.runs} sessions with a client that does anything, seed ${options.seed}`, async () => {
  const { sent, received } = await fuzz(fuzzCase, options, (each) => playInProcess(each, clock));
  expect(received).toBeGreaterThan(sent);
  console.log(
    `fuzz: seed ${options.seed}, ${options.runs} sessions, ${sent} events sent, ${received} received`,
  );
}, 600_000);
