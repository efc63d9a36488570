/** What one client, and all of them together, may take from this computer. */

/** The longest that a timer can wait: 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Every limit is a positive number; Infinity is none, or 24 days where it is a time that is waited for. */
export interface Limits {
  /** Sessions at once. One more is answered with `session_limit_exceeded` and close 1013. Default 100. */
  maxSessions: number;
  /** Milliseconds a session lasts, as at OpenAI: then `session_expired` and close 1001. Default one hour. */
  maxSessionMs: number;
  /**
   * Bytes of one WebSocket message; more is closed with 1009. Default 32 MiB: room for the largest append (15 MiB is
   * 20 MiB in base64) and for one that is too large to be answered, not cut off.
   */
  maxFrameBytes: number;
  /**
   * Client events per second, over a long time. Half a minute's worth may come at once, which at the default of 1000 is
   * ten minutes of sound in chunks of 20 ms. What is over is refused with `rate_limit_exceeded`; close 1008 ends a
   * client that goes on regardless.
   */
  eventsPerSecond: number;
  /** Milliseconds of sound appended and not yet committed; more is refused with `input_audio_buffer_full`. Default 15 minutes. */
  maxBufferedAudioMs: number;
  /** Items in a conversation. What would add one is refused with `conversation_limit_exceeded`. Default 10 000. */
  maxHistoryItems: number;
  /** Characters of a conversation's text and pictures; the same, for items of the client. Default 64 Mi. */
  maxHistoryBytes: number;
  /** Bytes of a conversation's sound. Beyond, what was said first loses its sound. Default 64 MiB, 23 minutes at 24 kHz. */
  maxHistoryAudioBytes: number;
  /**
   * Bytes that wait for a client that reads too slowly: above, `client_too_slow` and close 1013. One event may go over
   * it. Much earlier no more sound is made and nothing is read from the client. Default 32 MiB.
   */
  maxOutboxBytes: number;
  /** Milliseconds in which a client with a full outbox may take nothing; the same. Default one minute. */
  maxStallMs: number;
}

export const DEFAULT_LIMITS: Readonly<Limits> = {
  maxSessions: 100,
  maxSessionMs: 60 * 60 * 1000,
  maxFrameBytes: 32 * 1024 * 1024,
  eventsPerSecond: 1000,
  maxBufferedAudioMs: 15 * 60 * 1000,
  maxHistoryItems: 10_000,
  maxHistoryBytes: 64 * 1024 * 1024,
  maxHistoryAudioBytes: 64 * 1024 * 1024,
  maxOutboxBytes: 32 * 1024 * 1024,
  maxStallMs: 60_000,
};

/** `given` with the defaults for the rest. Throws a RangeError for a limit that is not a positive number. */
export function resolveLimits(given: Partial<Limits> = {}): Limits {
  const limits = { ...DEFAULT_LIMITS, ...given };
  for (const [name, value] of Object.entries(limits)) {
    if (!(typeof value === 'number' && value > 0)) {
      throw new RangeError(`The limit ${name} must be a positive number, not ${String(value)}.`);
    }
  }
  return {
    ...limits,
    maxSessionMs: Math.min(limits.maxSessionMs, MAX_TIMER_MS),
    maxStallMs: Math.min(limits.maxStallMs, MAX_TIMER_MS),
  };
}

/** Seconds of allowance that a client which was quiet may use at once. */
const BURST_S = 30;

/** Refused events, as a share of the burst, after which a client has shown that it does not listen. */
const DEAF_SHARE = 1 / 30;

/** Client events: how many may come at once, how many still may, and when that is all of them again. */
export interface RateState {
  limit: number;
  remaining: number;
  resetSeconds: number;
}

/** How often a client may speak: a bucket of tokens that fills at `perSecond` and holds half a minute's worth. */
export class EventRate {
  private readonly burst: number;
  private tokens: number;
  private filledAtMs: number;
  private refused = 0;

  /** `now` gives milliseconds of a clock that never goes back. */
  constructor(
    private readonly perSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.burst = Math.max(1, perSecond * BURST_S);
    this.tokens = this.burst;
    this.filledAtMs = now();
  }

  /** What becomes of an event that has come. 'end' when many were refused and not one was let in between. */
  take(): 'pass' | 'refuse' | 'end' {
    if (this.perSecond === Number.POSITIVE_INFINITY) return 'pass';
    this.fill();
    if (this.tokens >= 1) {
      this.tokens -= 1;
      this.refused = 0;
      return 'pass';
    }
    this.refused++;
    return this.refused > this.burst * DEAF_SHARE ? 'end' : 'refuse';
  }

  /** What `rate_limits.updated` tells of it; null when there is no limit. */
  state(): RateState | null {
    if (this.perSecond === Number.POSITIVE_INFINITY) return null;
    this.fill();
    return {
      limit: Math.floor(this.burst),
      remaining: Math.floor(this.tokens),
      resetSeconds: (this.burst - this.tokens) / this.perSecond,
    };
  }

  private fill(): void {
    const now = this.now();
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filledAtMs) / 1000) * this.perSecond);
    this.filledAtMs = now;
  }
}

/** How many sessions there are, and room for how many more. */
export class Seats {
  taken = 0;

  constructor(private readonly max: number) {}

  /** Takes a place; gives the function that frees it, once, or null when all are taken. */
  take(): (() => void) | null {
    if (this.taken >= this.max) return null;
    this.taken++;
    let free = false;
    return () => {
      if (!free) this.taken--;
      free = true;
    };
  }
}
