/** Time, so that tests can move it. */
export interface Clock {
  /** Milliseconds on a clock that nobody sets. */
  now(): number;
  /** Runs `action` once after `ms`; the returned function prevents it. */
  after(ms: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};
