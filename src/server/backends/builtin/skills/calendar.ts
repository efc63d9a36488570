/** Time and date. */
import type { Intent } from '../intent';
import { type CalendarDate, daysBetween, wallTime } from '../zone';
import { counted, MONTHS, spokenClock, spokenDate, weekdayName } from './speech';

type Of<Kind extends Intent['kind']> = Extract<Intent, { kind: Kind }>;

export interface Here {
  now: Date;
  timeZone: string;
}

export function answerTime({ zone, place }: Of<'time'>, { now, timeZone }: Here): string {
  if (zone === null || place === null) return `It's ${spokenClock(wallTime(now, timeZone))}.`;
  const there = wallTime(now, zone);
  const away = daysBetween(dayOf(wallTime(now, timeZone)), dayOf(there));
  const day = away === 0 ? '' : ` on ${weekdayName(there)}`;
  return `In ${place}, it's ${spokenClock(there)}${day}.`;
}

export function answerDate({ what, date, when }: Of<'date'>): string {
  const start = when === 'today' ? 'Today is' : when === 'tomorrow' ? 'Tomorrow is' : 'Yesterday was';
  switch (what) {
    case 'date':
      return `${start} ${weekdayName(date)}, ${spokenDate(date)}, ${date.year}.`;
    case 'weekday':
      return `${start} ${weekdayName(date)}, ${spokenDate(date)}.`;
    case 'month':
      return `It's ${MONTHS[date.month - 1]}.`;
    case 'year':
      return `It's ${date.year}.`;
    default:
      return what satisfies never;
  }
}

export function answerWeekdayOf({ date }: Of<'weekday-of'>, { now, timeZone }: Here): string {
  const away = daysBetween(dayOf(wallTime(now, timeZone)), date);
  const verb = away < 0 ? 'was' : 'is';
  return `${spokenDate(date)}, ${date.year}, ${verb} a ${weekdayName(date)}.`;
}

export function answerUntil({ unit, date, name }: Of<'until'>, { now, timeZone }: Here): string {
  const days = daysBetween(dayOf(wallTime(now, timeZone)), date);
  const what = name ?? spokenDate(date);
  if (days === 0) return `${what} is today.`;
  if (days === 1) return `${what} is tomorrow.`;
  if (days < 0) return `${what} was ${counted(-days, 'day')} ago.`;
  const weeks = Math.floor(days / 7);
  const rest = days % 7 === 0 ? '' : ` and ${counted(days % 7, 'day')}`;
  const length = unit === 'week' && weeks > 0 ? `${counted(weeks, 'week')}${rest}` : counted(days, 'day');
  const on = name === null ? `a ${weekdayName(date)}` : `${weekdayName(date)}, ${spokenDate(date)}`;
  return `It's ${length} until ${what}, ${name === null ? 'which is ' : 'on '}${on}.`;
}

function dayOf({ year, month, day }: CalendarDate): CalendarDate {
  return { year, month, day };
}
