/** Milliseconds of sound that are made as fast as possible: enough for a slow network and an impatient client. */
const LEAD_MS = 10_000;

/** How many times faster than it is heard sound is made from there on. */
const RATE = 4;

/**
 * Milliseconds to wait before more sound is made, when there is `audioMs` of it since `elapsedMs`. A long answer that is
 * made in one go takes all of a small computer for seconds, from the sound of this session and from every other one,
 * and is lost when the user interrupts.
 */
export function paceMs(audioMs: number, elapsedMs: number): number {
  return Math.max(0, (audioMs - LEAD_MS) / RATE - elapsedMs);
}
