import { wordSimilarity } from './similar';
import { isNumber } from './text';

const UNITS: [names: string[], ms: number][] = [
  [['second', 'seconds', 'sec', 'secs'], 1000],
  [['minute', 'minutes', 'min', 'mins', 'minuets'], 60_000],
  [['hour', 'hours', 'hr', 'hrs'], 3_600_000],
  [['day', 'days'], 86_400_000],
  [['week', 'weeks'], 604_800_000],
];

/** Numbers as a recogniser may write them right before a unit of time. */
const MISHEARD_NUMBERS = new Map([
  ['to', 2],
  ['too', 2],
  ['won', 1],
  ['tin', 10],
  ['then', 10],
  ['ate', 8],
  ['fife', 5],
  ['sex', 6],
]);

export interface FoundDuration {
  durationMs: number;
  /** Where it stands among the words: from `start` to before `end`. */
  start: number;
  end: number;
}

/** The first length of time among `words` (numbers as digits): "an hour and 30 minutes", "half an hour". */
export function findDuration(words: readonly string[]): FoundDuration | null {
  for (let start = 0; start < words.length; start++) {
    const first = durationAt(words, start);
    if (!first) continue;
    let { durationMs, end } = first;
    for (;;) {
      const next = durationAt(words, words[end] === 'and' ? end + 1 : end);
      if (!next) break;
      durationMs += next.durationMs;
      end = next.end;
    }
    return { durationMs: Math.round(durationMs), start, end };
  }
  return null;
}

function durationAt(words: readonly string[], start: number): { durationMs: number; end: number } | null {
  const [amount, at] = amountAt(words, start) ?? [];
  if (amount === undefined || at === undefined) return null;
  const unitMs = unitOf(words[at]);
  if (unitMs === null) return null;
  const half = words[at + 1] === 'and' && words[at + 2] === 'a' && words[at + 3] === 'half';
  return { durationMs: (amount + (half ? 0.5 : 0)) * unitMs, end: at + (half ? 4 : 1) };
}

/** The amount at `start` and where the unit follows. */
function amountAt(words: readonly string[], start: number): [amount: number, unitAt: number] | null {
  const word = words[start];
  const rest = words.slice(start, start + 4).join(' ');
  if (isNumber(word)) {
    const quarters = /^\d+ quarters of an?\b/.test(rest);
    return quarters ? [Number(word) / 4, start + 4] : [Number(word), start + 1];
  }
  if (/^(a )?quarter of an\b/.test(rest)) return [0.25, start + (word === 'a' ? 4 : 3)];
  if (/^half an?\b/.test(rest)) return [0.5, start + 2];
  if (word === 'half') return [0.5, start + 1];
  if (/^a half\b/.test(rest)) return [0.5, start + 2];
  if (/^a couple of\b/.test(rest)) return [2, start + 3];
  if (word === 'a' || word === 'an') return [1, start + 1];
  const misheard = MISHEARD_NUMBERS.get(word ?? '');
  return misheard === undefined ? null : [misheard, start + 1];
}

function unitOf(word: string | undefined): number | null {
  if (word === undefined) return null;
  for (const [names, ms] of UNITS) {
    if (names.some((name) => name === word || (name.length > 5 && wordSimilarity(word, name) >= 0.8)))
      return ms;
  }
  return null;
}
