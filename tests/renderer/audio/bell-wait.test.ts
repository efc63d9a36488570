// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { waitForBell } from '../../../src/renderer/audio/bell-wait';
import { Bell } from '../../../src/shared/bell';

describe.each([
  ['with waitAsync', Atomics],
  ['without it', null],
])('waiting for the bell %s', (_name, atomics) => {
  const wait = async (bell: Bell, count: number, timeoutMs: number) => {
    const own = Object.getOwnPropertyDescriptor(Atomics, 'waitAsync');
    if (!atomics) Object.defineProperty(Atomics, 'waitAsync', { configurable: true, value: undefined });
    // Node does not stay awake for `waitAsync` alone.
    const awake = setInterval(() => undefined, 5);
    try {
      await waitForBell(bell, count, timeoutMs);
    } finally {
      clearInterval(awake);
      if (own) Object.defineProperty(Atomics, 'waitAsync', own);
    }
  };

  it('ends at once when it rang already', async () => {
    const bell = new Bell(Bell.allocate());
    bell.ring();
    await wait(bell, 0, 60_000);
  });

  it('ends when it rings', async () => {
    const bell = new Bell(Bell.allocate());
    setTimeout(() => bell.ring(), 20);
    await wait(bell, 0, 60_000);
    expect(bell.count).toBe(1);
  });

  it('ends after its time', async () => {
    const bell = new Bell(Bell.allocate());
    await wait(bell, 0, 10);
    expect(bell.count).toBe(0);
  });
});
