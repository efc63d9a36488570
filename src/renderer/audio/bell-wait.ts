import type { Bell } from '../../shared/bell';

/** How often a bell is looked at where it cannot be waited for, in milliseconds. */
const LOOK_MS = 5;

/** `Atomics.waitAsync` is in Chrome 87 and later, and not in the ES2022 types. */
type WaitAsync = (
  words: Int32Array,
  index: number,
  value: number,
  timeoutMs: number,
) => { async: false; value: string } | { async: true; value: Promise<string> };

/** Resolves when `bell` was rung since it had the count `count`, or after `timeoutMs` milliseconds at the latest. */
export async function waitForBell(bell: Bell, count: number, timeoutMs: number): Promise<void> {
  const { waitAsync } = Atomics as { waitAsync?: WaitAsync };
  if (waitAsync) {
    await waitAsync(bell.words, 0, count, timeoutMs).value;
    return;
  }
  const until = performance.now() + timeoutMs;
  while (bell.count === count && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
