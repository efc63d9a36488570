/** What is said about timers, reminders and alarms. */
import type { TimerChoice, When } from '../intent';
import type { Announcements, NewTimer, PendingTimer } from '../timers/timer-book';
import type { Timer } from '../timers/timer-file';
import { letterSimilarity } from '../understand/similar';
import { DAY_MS, daysBetween, wallTime } from '../zone';
import type { Here } from './calendar';
import {
  counted,
  durationName,
  listed,
  spokenClock,
  spokenDate,
  spokenDuration,
  weekdayName,
} from './speech';

/** An answer, and what is to happen before it is said. */
export interface Outcome {
  text: string;
  effect?: { type: 'add'; timer: NewTimer } | { type: 'cancel'; ids: string[] };
}

const MAX_PENDING = 50;
const MIN_MS = 1000;
const MAX_MS = 366 * DAY_MS;

export function setTimer(
  { durationMs, label }: { durationMs: number | null; label: string | null },
  pending: readonly PendingTimer[],
  { now }: Here,
): Outcome {
  if (durationMs === null) return { text: 'For how long?' };
  const refusal = refused(durationMs, pending);
  if (refusal) return { text: refusal };
  const timer: NewTimer = { kind: 'timer', label, durationMs, dueAtMs: now.getTime() + durationMs };
  const name = label === null ? 'Your timer' : `Your ${label} timer`;
  return { text: `${name} is set for ${spokenDuration(durationMs)}.`, effect: { type: 'add', timer } };
}

export function setReminder(
  { when, label, alarm }: { when: When | null; label: string | null; alarm: boolean },
  pending: readonly PendingTimer[],
  here: Here,
): Outcome {
  if (when === null) return { text: alarm ? 'For what time?' : 'When should I remind you?' };
  const nowMs = here.now.getTime();
  const dueAtMs = when.type === 'in' ? nowMs + when.durationMs : when.atMs;
  if (when.type === 'at' && dueAtMs <= nowMs) return { text: 'That time has already passed.' };
  const refusal = refused(dueAtMs - nowMs, pending);
  if (refusal) return { text: refusal };
  const durationMs = when.type === 'in' ? when.durationMs : null;
  const timer: NewTimer = { kind: alarm ? 'alarm' : 'reminder', label, durationMs, dueAtMs };
  const moment = when.type === 'in' ? `in ${spokenDuration(when.durationMs)}` : spokenMoment(dueAtMs, here);
  const about = label === null ? '.' : `: ${label}.`;
  const text = alarm ? `Your alarm is set, ${moment}.` : `Okay, I'll remind you ${moment}${about}`;
  return { text, effect: { type: 'add', timer } };
}

function refused(durationMs: number, pending: readonly PendingTimer[]): string | null {
  if (durationMs < MIN_MS) return 'That is too short for a timer.';
  if (durationMs > MAX_MS) return 'That is too far away. I can wait for up to a year.';
  return pending.length >= MAX_PENDING ? 'I have too many timers already. Please cancel one first.' : null;
}

export function timeLeft(which: TimerChoice, pending: readonly PendingTimer[], here: Here): Outcome {
  if (pending.length === 0) return { text: 'You have no timers or reminders.' };
  const chosen = choose(which, pending);
  if (chosen.length === 0) return { text: `You have no such ${which.noun ?? 'timer'}.` };
  return { text: chosen.map((timer) => spokenLeft(timer, here)).join(' ') };
}

function spokenLeft(timer: PendingTimer, here: Here): string {
  if (timer.durationMs === null) {
    const at = spokenMoment(timer.dueAtMs, here);
    return timer.kind === 'alarm'
      ? `Your alarm is set for ${at.replace(/^at /, '')}.`
      : `${ofReminder(timer)} ${at}.`;
  }
  const left = spokenDuration(timer.leftMs);
  return timer.kind === 'reminder'
    ? `${ofReminder(timer)} in ${left}.`
    : `Your ${nameOf(timer)} has ${left} left.`;
}

function ofReminder(timer: Timer): string {
  return timer.label === null ? 'You have a reminder' : `You have a reminder, ${timer.label},`;
}

export function cancelTimer(which: TimerChoice, pending: readonly PendingTimer[]): Outcome {
  if (pending.length === 0) return { text: 'There is no timer to cancel.' };
  const chosen = choose(which, pending);
  const [first] = chosen;
  if (!first) return { text: `You have no such ${which.noun ?? 'timer'}.` };
  if (chosen.length > 1 && !which.all) {
    return {
      text: `You have ${listed(chosen.map((timer) => `the ${nameOf(timer)}`))}. Which one should I cancel?`,
    };
  }
  const text =
    chosen.length === 1
      ? `Okay, I cancelled your ${nameOf(first)}.`
      : `Okay, I cancelled all ${counted(chosen.length, which.noun ?? 'timer')}.`;
  return { text, effect: { type: 'cancel', ids: chosen.map((timer) => timer.id) } };
}

/** From this likeness on, a label is a slip of another. */
const SAME_LABEL = 0.7;

function choose(which: TimerChoice, pending: readonly PendingTimer[]): PendingTimer[] {
  const ofKind = pending.filter((timer) => which.noun === null || timer.kind === which.noun);
  // "Cancel the timer" with nothing but a reminder pending means that one.
  const candidates = ofKind.length === 0 && which.label === null ? [...pending] : ofKind;
  return candidates.filter(
    (timer) =>
      (which.durationMs === null || timer.durationMs === which.durationMs) &&
      (which.label === null || sameLabel(timer.label, which.label)),
  );
}

function sameLabel(label: string | null, asked: string): boolean {
  return label !== null && (label.includes(asked) || letterSimilarity(label, asked) >= SAME_LABEL);
}

function nameOf(timer: Timer): string {
  if (timer.kind === 'reminder') return timer.label === null ? 'reminder' : `reminder: ${timer.label}`;
  if (timer.kind === 'alarm') return 'alarm';
  return `${timer.label ?? durationName(timer.durationMs ?? 0)} timer`;
}

/** "at 6 PM", "tomorrow at 9 AM", "on Friday, December 5, at 9 AM". */
function spokenMoment(atMs: number, { now, timeZone }: Here): string {
  const wall = wallTime(new Date(atMs), timeZone);
  const { year, month, day } = wallTime(now, timeZone);
  const away = daysBetween({ year, month, day }, { year: wall.year, month: wall.month, day: wall.day });
  const at = `at ${spokenClock(wall)}`;
  if (away === 0) return at;
  return away === 1 ? `tomorrow ${at}` : `on ${weekdayName(wall)}, ${spokenDate(wall)}, ${at}`;
}

export const announcements: Announcements = {
  rung(timer) {
    switch (timer.kind) {
      case 'timer':
        return `Your ${nameOf(timer)} is done.`;
      case 'reminder':
        return timer.label === null ? 'This is your reminder.' : `Here is your reminder: ${timer.label}.`;
      case 'alarm':
        return 'This is your alarm. It is time.';
      default:
        return timer.kind satisfies never;
    }
  },
  missed(timers) {
    const each = timers.map((timer) => {
      switch (timer.kind) {
        case 'timer':
          return `your ${nameOf(timer)} ended`;
        case 'reminder':
          return timer.label === null ? 'a reminder came due' : `this reminder came due: ${timer.label}`;
        case 'alarm':
          return 'your alarm went off';
        default:
          return timer.kind satisfies never;
      }
    });
    return `While I was away, ${listed(each)}.`;
  },
};
