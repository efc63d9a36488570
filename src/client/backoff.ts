export const BACKOFF_FIRST_MS = 250;
export const BACKOFF_CAP_MS = 8000;

/**
 * Milliseconds to wait before reconnection attempt `attempt` (0 is the first): doubling from 250 ms to 8 s. `random`
 * (0..1) takes off up to a quarter, so that clients that lost the same server do not come back in one wave.
 */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(BACKOFF_CAP_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.max(BACKOFF_FIRST_MS, Math.round(full * (1 - random / 4)));
}
