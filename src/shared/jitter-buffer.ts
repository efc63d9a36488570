/** The longest an item's beginning is ever held back, in milliseconds. */
export const PREBUFFER_MAX_MS = 400;

/** After so long without an underrun the prebuffer is halved, in milliseconds. */
export const PREBUFFER_CALM_MS = 20_000;

/** A prebuffer below this holds nothing that one quantum would not: it is none. */
const PREBUFFER_MIN_MS = 10;

/**
 * How much sound is gathered before playback starts: none until it ran dry once, then the least that would have held,
 * and less again with time. Milliseconds of one clock that never goes back.
 */
export class JitterBuffer {
  private target = 0;
  /** What the running stretch was held back by. */
  private used = 0;
  private since = 0;

  /** The prebuffer for a start at `nowMs`. */
  targetMs(nowMs: number): number {
    while (this.target > 0 && nowMs - this.since >= PREBUFFER_CALM_MS) {
      this.since += PREBUFFER_CALM_MS;
      this.target = this.target / 2 < PREBUFFER_MIN_MS ? 0 : this.target / 2;
    }
    return this.target;
  }

  /** Whether sound may start: `bufferedMs` of it are there and the first of them came `waitedMs` ago. */
  mayStart(nowMs: number, bufferedMs: number, waitedMs: number, ended: boolean): boolean {
    const target = this.targetMs(nowMs);
    return ended || bufferedMs >= target || waitedMs >= target;
  }

  /** A stretch starts to play. */
  started(nowMs: number): void {
    this.used = this.targetMs(nowMs);
  }

  /**
   * The stretch ran dry, and `gapMs` later its next sound came. A gap that the longest prebuffer would not have held is
   * no jitter but a server that thinks, and waiting for that before the next answer would help nobody.
   */
  underrun(nowMs: number, gapMs: number): void {
    this.since = nowMs;
    const needed = this.used + gapMs;
    if (needed <= PREBUFFER_MAX_MS) this.target = Math.max(this.target, needed);
  }
}

/** When playback may start: holds the beginning back as the jitter buffer wants it, and tells it of underruns. */
export class StartGate {
  private readonly jitter = new JitterBuffer();
  /** When the first sound came that waits for the output to start; null when none does. */
  private waitingSince: number | null = null;
  /** The item that ran dry, and when. */
  private dry: { itemId: string; atMs: number } | null = null;

  /** Sound of an item came; `waits` says that it stands at the queue's head or behind what waits there. */
  arrived(itemId: string, nowMs: number, waits: boolean): void {
    if (this.dry?.itemId === itemId) this.jitter.underrun(nowMs, nowMs - this.dry.atMs);
    this.dry = null;
    if (waits) this.waitingSince ??= nowMs;
  }

  /** The output ran out of sound, in the middle of an item or, with null, behind one. */
  ranDry(itemId: string | null, nowMs: number): void {
    this.dry = itemId === null ? null : { itemId, atMs: nowMs };
  }

  /** No more sound comes for the item, so that it was no underrun. */
  ended(itemId: string): void {
    if (this.dry?.itemId === itemId) this.dry = null;
  }

  /** Nothing waits any more: what comes next to the output need not. */
  clear(): void {
    this.waitingSince = null;
    this.dry = null;
  }

  /** The output plays on without having run dry. */
  passed(): void {
    this.waitingSince = null;
  }

  /** Starts, and gives 0; or gives the milliseconds after which to ask again at the latest. */
  start(nowMs: number, bufferedMs: number, ended: boolean): number {
    if (this.waitingSince !== null) {
      const waitedMs = nowMs - this.waitingSince;
      if (!this.jitter.mayStart(nowMs, bufferedMs, waitedMs, ended)) {
        return this.jitter.targetMs(nowMs) - waitedMs;
      }
      this.jitter.started(nowMs);
    }
    this.waitingSince = null;
    return 0;
  }
}
