/** When the audio thread processed a frame. Pure. */

/** Milliseconds since 1970 at which the quantum that holds `frame` was processed; null where the clock did not run. */
export type AudioClock = (frame: number) => number | null;

const QUANTUM_FRAMES = 128;

/** `ticks` holds, for each quantum in order, its first frame and when it was processed. */
export function audioClock(ticks: readonly number[]): AudioClock {
  const frameAt = (tick: number): number => ticks[2 * tick] as number;
  return (frame) => {
    let low = 0;
    let high = ticks.length / 2;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (frameAt(middle) <= frame) low = middle + 1;
      else high = middle;
    }
    const tick = low - 1;
    if (tick < 0 || frame >= frameAt(tick) + QUANTUM_FRAMES) return null;
    return ticks[2 * tick + 1] as number;
  };
}
