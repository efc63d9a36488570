/** How times, dates and lengths of time are said in English. */
import { type CalendarDate, type WallTime, weekday } from '../zone';

export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** "3:45 PM", "6 AM". */
export function spokenClock({ hour, minute }: Pick<WallTime, 'hour' | 'minute'>): string {
  const minutes = minute === 0 ? '' : `:${String(minute).padStart(2, '0')}`;
  return `${hour % 12 === 0 ? 12 : hour % 12}${minutes} ${hour < 12 ? 'AM' : 'PM'}`;
}

export function weekdayName(date: CalendarDate): string {
  return WEEKDAYS[weekday(date)] ?? '';
}

/** "November 22". */
export function spokenDate(date: CalendarDate): string {
  return `${MONTHS[date.month - 1]} ${date.day}`;
}

const UNITS: [name: string, ms: number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** "1 hour and 30 minutes"; parts of a second are rounded up. */
export function spokenDuration(durationMs: number): string {
  let rest = Math.ceil(durationMs / 1000) * 1000;
  const parts: string[] = [];
  for (const [name, ms] of UNITS) {
    const count = Math.floor(rest / ms);
    rest -= count * ms;
    if (count > 0) parts.push(counted(count, name));
  }
  return listed(parts) || '0 seconds';
}

/** "10 minute" in "your 10 minute timer"; lengths of several units are said in full. */
export function durationName(durationMs: number): string {
  return spokenDuration(durationMs).replace(/^(\S+ \w+?)s?$/, '$1');
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** "a, b and c". */
export function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`;
}
