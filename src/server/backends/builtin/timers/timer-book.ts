import { randomUUID } from 'node:crypto';
import type { Clock } from './clock';
import type { Timer, TimerFile } from './timer-file';

/** Whoever can speak for a timer: an open conversation. */
export interface Speaker {
  speakUp(text: string): void;
}

export interface PendingTimer extends Timer {
  leftMs: number;
}

export type NewTimer = Omit<Timer, 'id'>;

/** How a timer is announced, while somebody listens and when nobody did. */
export interface Announcements {
  rung(timer: Timer): string;
  missed(timers: readonly Timer[]): string;
}

/**
 * Longest wait in one go. The wall clock is looked at again after it, so that a clock that was set or a machine that
 * slept is noticed; it also keeps below the 24.8 days that a timer of the runtime can wait.
 */
const MAX_WAIT_MS = 30_000;

interface Entry {
  timer: Timer;
  speaker: Speaker | null;
  /** When a length of time is over whatever the wall clock says; null for a time of day or from an earlier run. */
  monotonicDueMs: number | null;
}

/**
 * Pending timers, and the conversations that may speak up for them. A due timer is spoken by the conversation that
 * set it, else by the newest open one; with none open it waits for the next.
 */
export class TimerBook {
  readonly #clock: Clock;
  readonly #file: TimerFile | null;
  readonly #announce: Announcements;
  #entries: Entry[];
  #speakers: Speaker[] = [];
  #stopWaiting: (() => void) | null = null;

  constructor(options: { clock: Clock; file: TimerFile | null; announce: Announcements }) {
    this.#clock = options.clock;
    this.#file = options.file;
    this.#announce = options.announce;
    this.#entries = (this.#file?.load() ?? []).map((timer) => ({
      timer,
      speaker: null,
      monotonicDueMs: null,
    }));
    this.#wait();
  }

  /** Soonest first; those that already rang unheard are not among them. */
  pending(): PendingTimer[] {
    return this.#entries
      .map((entry) => ({ ...entry.timer, leftMs: this.#leftMs(entry) }))
      .filter((timer) => timer.leftMs > 0)
      .sort((a, b) => a.leftMs - b.leftMs);
  }

  /** Resolves to false when it could not be written down and would not survive a restart. */
  async add(timer: NewTimer, speaker: Speaker): Promise<boolean> {
    const { durationMs } = timer;
    const monotonicDueMs = durationMs === null ? null : this.#clock.monotonicMs() + durationMs;
    this.#entries.push({ timer: { ...timer, id: randomUUID() }, speaker, monotonicDueMs });
    this.#wait();
    return this.#save();
  }

  async cancel(ids: readonly string[]): Promise<boolean> {
    this.#entries = this.#entries.filter((entry) => !ids.includes(entry.timer.id));
    this.#wait();
    return this.#save();
  }

  /**
   * Lets `speaker` announce timers until the function returned is called. What rang unheard is told to it as soon as
   * the caller has returned, since a session that is being opened cannot speak yet.
   */
  attach(speaker: Speaker): () => void {
    this.#speakers.push(speaker);
    const stop = this.#clock.setTimer(() => this.#tellMissed(speaker), 0);
    return () => {
      stop();
      this.#speakers = this.#speakers.filter((other) => other !== speaker);
      this.#wait();
    };
  }

  /** Nothing rings any more. What is on disk stays. */
  close(): void {
    this.#stopWaiting?.();
    this.#stopWaiting = null;
    this.#entries = [];
    this.#speakers = [];
  }

  #leftMs({ timer, monotonicDueMs }: Entry): number {
    const byWall = timer.dueAtMs - this.#clock.now().getTime();
    // A clock set back must not make ten minutes longer.
    return monotonicDueMs === null ? byWall : Math.min(byWall, monotonicDueMs - this.#clock.monotonicMs());
  }

  #wait(): void {
    this.#stopWaiting?.();
    this.#stopWaiting = null;
    const waiting = this.#entries.map((entry) => this.#leftMs(entry)).filter((leftMs) => leftMs > 0);
    const overdue = waiting.length < this.#entries.length && this.#speakers.length > 0;
    if (waiting.length === 0 && !overdue) return;
    const delayMs = overdue ? 0 : Math.min(...waiting, MAX_WAIT_MS);
    this.#stopWaiting = this.#clock.setTimer(() => this.#ring(), Math.ceil(delayMs));
  }

  #ring(): void {
    const due = this.#entries.filter((entry) => this.#leftMs(entry) <= 0);
    for (const entry of due) {
      const own = entry.speaker !== null && this.#speakers.includes(entry.speaker) ? entry.speaker : null;
      const speaker = own ?? this.#speakers[this.#speakers.length - 1];
      if (!speaker) continue;
      this.#entries = this.#entries.filter((other) => other !== entry);
      speaker.speakUp(this.#announce.rung(entry.timer));
    }
    this.#wait();
    if (due.length > 0) void this.#save();
  }

  #tellMissed(speaker: Speaker): void {
    const missed = this.#entries.filter((entry) => this.#leftMs(entry) <= 0);
    if (missed.length === 0) return;
    this.#entries = this.#entries.filter((entry) => !missed.includes(entry));
    speaker.speakUp(this.#announce.missed(missed.map((entry) => entry.timer)));
    this.#wait();
    void this.#save();
  }

  #save(): Promise<boolean> {
    return this.#file?.save(this.#entries.map((entry) => entry.timer)) ?? Promise.resolve(true);
  }
}
