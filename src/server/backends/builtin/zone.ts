/** Wall clocks and calendars of time zones, on Intl alone. */

export interface CalendarDate {
  year: number;
  /** 1..12 */
  month: number;
  /** 1..31 */
  day: number;
}

export interface WallTime extends CalendarDate {
  hour: number;
  minute: number;
  second: number;
}

/** What clock and calendar show in `timeZone` (IANA name; RangeError when unknown) at `instant`. */
export function wallTime(instant: Date, timeZone: string): WallTime {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const value = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value ?? Number.NaN);
  return {
    year: value('year'),
    month: value('month'),
    day: value('day'),
    hour: value('hour'),
    minute: value('minute'),
    second: value('second'),
  };
}

/** A wall time written down as if it were UTC (ms), so that plain arithmetic and UTC getters work on it. */
export function asUtcMs(wall: CalendarDate & Partial<WallTime>): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour ?? 0, wall.minute ?? 0, wall.second ?? 0);
}

/**
 * The instant (ms since the epoch) at which the clock in `timeZone` shows `wallAsUtcMs`. A wall time that daylight
 * saving skips becomes the one an hour later; of one that happens twice it is one of the two.
 */
export function instantOfWall(wallAsUtcMs: number, timeZone: string): number {
  const offsetAt = (instantMs: number) => asUtcMs(wallTime(new Date(instantMs), timeZone)) - instantMs;
  const floor = Math.floor(wallAsUtcMs / 1000) * 1000;
  const guess = floor - offsetAt(floor);
  return floor - offsetAt(guess);
}

export function dateOf(wallAsUtcMs: number): CalendarDate {
  const date = new Date(wallAsUtcMs);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

export const DAY_MS = 86_400_000;

export function addDays(date: CalendarDate, days: number): CalendarDate {
  return dateOf(asUtcMs(date) + days * DAY_MS);
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return Math.round((asUtcMs(to) - asUtcMs(from)) / DAY_MS);
}

/** 0 is Sunday. */
export function weekday(date: CalendarDate): number {
  return new Date(asUtcMs(date)).getUTCDay();
}
