import { casual } from 'chrono-node/en';
import type { Context, DayWord, Intent } from '../intent';
import { addDays, asUtcMs, type CalendarDate, dateOf, wallTime, weekday } from '../zone';
import { BELIEVED, classify } from './classify';

const DAY_WORDS: ReadonlyMap<string, number> = new Map([
  ['yesterday', -1],
  ['today', 0],
  ['tomorrow', 1],
]);
const UNTIL =
  /^(?:how many|how man|how much|the number of|number of) (days?|weeks?|sleeps) (?:is it |are there |are |is |left |more |to go |are left |remain )*(?:until|till|til|to|before|unto|and tell|until the|up to) (.+)$/;
const HOW_LONG =
  /^(?:how long|how far)(?: is it| is| do i have to wait)? (?:until|till|til|to|before|and tell) (.+)$|^(days?|weeks?) (?:until|till|to|before) (.+)$/;
const WEEKDAY_OF =
  /^(?:what|which) (?:day|weekday|day of the week|date) (?:is|was|will be|does|did|will)(?: it)? (?:on )?(.+?)(?: fall on| fall| be)?$/;
const WHEN_IS = /^when (?:is|was|will) (.+?)(?: be| this year)?$/;

/** Today's and other days' dates, days of the week, and how far off a date is. */
export function understandDate(words: readonly string[], context: Context): Intent | null {
  const today = todayOf(context);
  return (
    understandDayWord(words, today, context) ??
    understandUntil(words.join(' '), today) ??
    understandWeekday(words.join(' '), today)
  );
}

export function todayOf(context: Context): CalendarDate {
  const { year, month, day } = wallTime(context.now, context.timeZone);
  return { year, month, day };
}

function understandDayWord(words: readonly string[], today: CalendarDate, context: Context): Intent | null {
  const at = words.findIndex((word) => DAY_WORDS.has(word));
  const when = words[at] as DayWord | undefined;
  if (!when) return null;
  const on = { date: addDays(today, DAY_WORDS.get(when) ?? 0), when };
  const rest = [...words.slice(0, at), ...words.slice(at + 1)];
  const plain = rest.join(' ').replace(/\b(will be|will|was|were|does|be)\b/g, 'is');
  const last = context.previous;
  if (/^(and|what about|how about|and what about)?$/.test(plain) && last?.kind === 'date') {
    return { ...last, ...on, what: last.what === 'weekday' ? 'weekday' : 'date' };
  }
  const match = classify(
    plain === 'what is' || plain === 'which day is' ? 'what day is it'.split(' ') : plain.split(' '),
  );
  if (!match || match.confidence < BELIEVED) return null;
  if (match.meaning === 'date' || match.meaning === 'weekday')
    return { kind: 'date', what: match.meaning, ...on };
  return null;
}

function understandUntil(text: string, today: CalendarDate): Intent | null {
  const counted = UNTIL.exec(text);
  const open = counted ? null : HOW_LONG.exec(text);
  const about = counted?.[2] ?? open?.[1] ?? open?.[3];
  if (about === undefined) return null;
  const named = dateNamed(about, today);
  if (!named) return null;
  const unit = (counted?.[1] ?? open?.[2] ?? 'day').startsWith('week') ? 'week' : 'day';
  return { kind: 'until', unit, ...named };
}

function understandWeekday(text: string, today: CalendarDate): Intent | null {
  const when = WHEN_IS.exec(text)?.[1];
  if (when !== undefined) {
    const holiday = holidayNamed(when, today);
    return holiday ? { kind: 'until', unit: 'day', ...holiday } : null;
  }
  const about = WEEKDAY_OF.exec(text)?.[1];
  const named = about === undefined ? null : dateNamed(about, today);
  return named ? { kind: 'weekday-of', date: named.date } : null;
}

function dateNamed(text: string, today: CalendarDate): { date: CalendarDate; name: string | null } | null {
  const holiday = holidayNamed(text, today);
  if (holiday) return holiday;
  const [result] = casual.parse(
    text,
    { instant: new Date(asUtcMs(today)), timezone: 0 },
    { forwardDate: true },
  );
  if (!result || !(result.start.isCertain('day') || result.start.isCertain('weekday'))) return null;
  const left = text.replace(result.text, ' ').split(' ');
  const covered = left.every((word) => ['', 'the', 'of', 'on', 'next', 'this', 'it', 'is'].includes(word));
  return covered ? { date: dateOf(result.start.date().getTime()), name: null } : null;
}

const HOLIDAYS: [names: RegExp, name: string, dateIn: (year: number) => [month: number, day: number]][] = [
  [/^(christmas|x ?mas|christmas day|chris ?miss)$/, 'Christmas', () => [12, 25]],
  [/^christmas eve$/, 'Christmas Eve', () => [12, 24]],
  [/^(the )?(new years?|new years day|the new year)$/, "New Year's Day", () => [1, 1]],
  [/^(new years eve|silvester)$/, "New Year's Eve", () => [12, 31]],
  [/^(halloween|hallow ?een)$/, 'Halloween', () => [10, 31]],
  [/^(valentines|valentines day|saint valentines day)$/, "Valentine's Day", () => [2, 14]],
  [/^(saint|st) patricks day$/, "Saint Patrick's Day", () => [3, 17]],
  [/^(the fourth of july|independence day)$/, 'Independence Day', () => [7, 4]],
  [/^thanksgiving( day)?$/, 'Thanksgiving', (year) => [11, nthWeekday(year, 11, 4, 4)]],
  [/^(easter|easter sunday)$/, 'Easter', easter],
];

/** The next time a well-known day comes round, today included. */
function holidayNamed(text: string, today: CalendarDate): { date: CalendarDate; name: string } | null {
  for (const [names, name, dateIn] of HOLIDAYS) {
    if (!names.test(text)) continue;
    for (const year of [today.year, today.year + 1]) {
      const [month, day] = dateIn(year);
      if (asUtcMs({ year, month, day }) >= asUtcMs(today)) {
        return { date: { year, month, day }, name };
      }
    }
  }
  return null;
}

/** Day of the month of the `nth` (from 1) `day` of the week (0 is Sunday). */
function nthWeekday(year: number, month: number, day: number, nth: number): number {
  const first = weekday({ year, month, day: 1 });
  return 1 + ((day - first + 7) % 7) + (nth - 1) * 7;
}

/** Western Easter, by the anonymous Gregorian computus. */
function easter(year: number): [month: number, day: number] {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return [Math.floor(n / 31), (n % 31) + 1];
}
