/** How long the beginning of a millisecond is looked for; long enough to be interrupted now and then. */
const SETTING_MS = 20;

/**
 * A clock of milliseconds since 1970 with their fractions, set now by the system's: comparable between processes. The
 * clock a process has from its start would by then have drifted from the others'.
 */
export function createNow(): () => number {
  let offset = Number.NEGATIVE_INFINITY;
  for (const until = performance.now() + SETTING_MS; performance.now() < until; ) {
    offset = Math.max(offset, Date.now() - performance.now());
  }
  return () => offset + performance.now();
}
