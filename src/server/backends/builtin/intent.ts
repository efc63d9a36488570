/** What a user's message asks for, with everything needed to answer it. Built by `understand`, read by `answer`. */
import type { CalendarDate } from './zone';

export type Intent =
  /** `zone` is an IANA name; null is here. */
  | { kind: 'time'; zone: string | null; place: string | null }
  | { kind: 'unknown-place' }
  | { kind: 'date'; what: 'date' | 'weekday' | 'month' | 'year'; date: CalendarDate; when: DayWord }
  | { kind: 'weekday-of'; date: CalendarDate }
  | { kind: 'until'; unit: 'day' | 'week'; date: CalendarDate; name: string | null }
  | { kind: 'calculate'; expression: string }
  | { kind: 'convert'; amount: number; from: UnitName; to: UnitName }
  | { kind: 'no-conversion' }
  | { kind: 'set-timer'; durationMs: number | null; label: string | null }
  | { kind: 'remind'; label: string | null; when: When | null; alarm: boolean }
  | { kind: 'time-left'; which: TimerChoice }
  | { kind: 'cancel-timer'; which: TimerChoice }
  | { kind: 'coin' }
  | { kind: 'dice'; count: number; sides: number }
  | { kind: 'random-number'; low: number; high: number }
  | { kind: 'repeat-after-me'; text: string }
  | { kind: 'repeat-answer' }
  | { kind: 'chat'; topic: ChatTopic }
  | { kind: 'need-model'; topic: NeededTopic | null }
  | { kind: 'chinese'; topic: ChineseTopic }
  /** Nothing was heard. */
  | { kind: 'unheard' };

export type DayWord = 'today' | 'tomorrow' | 'yesterday';

/** A moment that was asked for: after a time, or at a time (ms since the epoch). */
export type When = { type: 'in'; durationMs: number } | { type: 'at'; atMs: number };

/** Which of several timers is meant. `noun` keeps reminders apart from timers when the user said so. */
export interface TimerChoice {
  all: boolean;
  noun: 'timer' | 'reminder' | 'alarm' | null;
  durationMs: number | null;
  label: string | null;
}

export type ChatTopic =
  | 'help'
  | 'joke'
  | 'stop'
  | 'hello'
  | 'how-are-you'
  | 'who-are-you'
  | 'age'
  | 'where'
  | 'thanks'
  | 'goodbye'
  | 'compliment'
  | 'insult'
  | 'sorry'
  | 'love'
  | 'yes'
  | 'no'
  | 'hear-me'
  | 'connect'
  | 'again';

/** What people often ask for that only a language model, or the internet, could give. */
export type NeededTopic = 'weather' | 'news' | 'music' | 'exchange' | 'translate' | 'story';

export type ChineseTopic = 'time' | 'date' | 'help' | 'hello' | 'thanks' | 'stop' | 'decline';

export type UnitName = string;

/** What of the conversation so far matters for understanding the next message. */
export interface Context {
  now: Date;
  /** IANA name. */
  timeZone: string;
  previous: Intent | null;
  /** The last number that was worked out, for "times two". */
  lastValue: number | null;
}
