import { casual } from 'chrono-node/en';
import { asUtcMs, DAY_MS, dateOf, instantOfWall, wallTime } from '../zone';
import { isNumber } from './text';

export interface FoundMoment {
  /** Milliseconds since the epoch; may lie in the past when a date was named. */
  atMs: number;
  /** The words that did not belong to it. */
  rest: string[];
}

/** When no hour is said. */
const HOUR_OF: [RegExp, number][] = [
  [/morning/, 9],
  [/afternoon/, 15],
  [/evening/, 19],
  [/night/, 20],
];
const USUAL_HOUR = 9;
/** Said without AM or PM and with a date, an hour before this one is meant in the afternoon. */
const FIRST_MORNING_HOUR = 7;

/** A time of day or a date among `words` (numbers as digits), read as the clock in `timeZone` goes. */
export function findMoment(words: readonly string[], now: Date, timeZone: string): FoundMoment | null {
  const text = clockTimes(words).join(' ');
  const nowWallMs = asUtcMs(wallTime(now, timeZone));
  // The zone's wall clock goes in and comes out as UTC, so the zone of the machine plays no part.
  const reference = { instant: new Date(nowWallMs), timezone: 0 };
  for (const result of casual.parse(text, reference, { forwardDate: true })) {
    const { start } = result;
    const dated = start.isCertain('day') || start.isCertain('weekday');
    if (!dated && !start.isCertain('hour') && !/morning|afternoon|evening|night/.test(result.text)) continue;
    const wall = start.date();
    if (!start.isCertain('hour')) {
      const named = HOUR_OF.find(([pattern]) => pattern.test(result.text));
      wall.setUTCHours(named?.[1] ?? USUAL_HOUR, 0, 0, 0);
    } else if (!start.isCertain('meridiem') && wall.getUTCHours() < 12) {
      const ambiguous = start.get('hour') !== 0;
      if (dated && ambiguous && wall.getUTCHours() < FIRST_MORNING_HOUR)
        wall.setUTCHours(wall.getUTCHours() + 12);
      if (!dated && ambiguous) return moment(nextOfTwo(wall.getTime(), nowWallMs), timeZone, text, result);
    }
    const wallMs = wall.getTime() <= nowWallMs && !dated ? wall.getTime() + DAY_MS : wall.getTime();
    return moment(wallMs, timeZone, text, result);
  }
  return null;
}

/** "at six" is whichever of 6 AM and 6 PM comes next. */
function nextOfTwo(wallMs: number, nowWallMs: number): number {
  const today = asUtcMs(dateOf(nowWallMs)) + (wallMs % (DAY_MS / 2));
  const next = [today, today + DAY_MS / 2, today + DAY_MS].find((candidate) => candidate > nowWallMs);
  return next ?? today + DAY_MS;
}

function moment(
  wallMs: number,
  timeZone: string,
  text: string,
  found: { index: number; text: string },
): FoundMoment {
  const before = text.slice(0, found.index).replace(/\b(at|on|by|for|in)\s*$/, '');
  const after = text.slice(found.index + found.text.length);
  return {
    atMs: instantOfWall(wallMs, timeZone),
    rest: `${before} ${after}`.split(' ').filter((word) => word !== ''),
  };
}

/** Spoken clock times as figures: "half past 6" -> "6:30", "6 30 pm" -> "6:30 pm", "6 oh 5" -> "6:05". */
function clockTimes(words: readonly string[]): string[] {
  const result: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const [a, b, c] = [words[at], words[at + 1], words[at + 2]];
    const hour = (text: string | undefined) =>
      isNumber(text) && Number.isInteger(Number(text)) && Number(text) < 24;
    const clock = (hours: number, minutes: number) =>
      `${(hours + 24) % 24}:${String(minutes).padStart(2, '0')}`;
    const minutes = a === 'half' ? 30 : a === 'quarter' ? 15 : isNumber(a) ? Number(a) : Number.NaN;
    if ((b === 'past' || b === 'to') && hour(c) && minutes < 60 && (a === 'quarter' || b === 'past' || c)) {
      if (result[result.length - 1] === 'a') result.pop();
      const hours = Number(c);
      result.push(b === 'past' ? clock(hours, minutes) : clock(hours === 1 ? 12 : hours - 1, 60 - minutes));
      at += 2;
    } else if (hour(a) && (b === 'oclock' || (b === 'o' && c === 'clock'))) {
      result.push(clock(Number(a), 0));
      at += b === 'o' ? 2 : 1;
    } else if (hour(a) && (b === 'oh' || b === 'o') && isNumber(c) && Number(c) < 10) {
      result.push(clock(Number(a), Number(c)));
      at += 2;
    } else if (hour(a) && isNumber(b) && Number(b) >= 10 && Number(b) < 60 && isClock(result, c)) {
      result.push(clock(Number(a), Number(b)));
      at += 1;
    } else if (a === 'for' && hour(b) && (c === undefined || c === 'am' || c === 'pm' || c === 'tomorrow')) {
      result.push('at');
    } else result.push(a ?? '');
  }
  return result;
}

function isClock(before: string[], after: string | undefined): boolean {
  return after === 'am' || after === 'pm' || ['at', 'for', 'by'].includes(before[before.length - 1] ?? '');
}
