/** Time as the timers see it; injected by tests. */
export interface Clock {
  now(): Date;
  /** Milliseconds of a clock that nobody sets. */
  monotonicMs(): number;
  /** Calls `callback` once after about `delayMs`; the function returned takes that back. */
  setTimer(callback: () => void, delayMs: number): () => void;
}

/** Waiting on this clock keeps no process alive: a server ends when its socket does. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  setTimer: (callback, delayMs) => {
    const handle = setTimeout(callback, delayMs);
    handle.unref();
    return () => clearTimeout(handle);
  },
};
