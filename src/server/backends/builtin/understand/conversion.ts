import type { Context, Intent } from '../intent';
import { UNIT_NAMES, UNITS } from '../units';
import { wordSimilarity } from './similar';
import { isNumber } from './text';

type Part =
  | { type: 'number'; value: number }
  | { type: 'unit'; name: string }
  | { type: 'word'; word: string };

const LEAD =
  '(?:(?:please|convert|converts|converted|change|turn|what|is|are|how|much|many|tell|me|calculate|the|value|of|does|about|and) )*';
const CURRENCY =
  /\b(dollars?|euros?|yen|yuan|pesos?|rupees?|francs?|bitcoins?|bucks|pounds sterling)\b|[$€£¥]/;
/** From this likeness on, a long word is a slip of a unit's name. */
const UNIT_SLIP = 0.8;

/** "convert 10 miles to kilometers", "how many feet in a mile", and after one of these "and in meters". */
export function understandConversion(words: readonly string[], context: Context): Intent | null {
  const text = words.join(' ');
  if (CURRENCY.test(text) && /\b(convert|to|in|into)\b/.test(text) && words.some(isNumber)) {
    return { kind: 'no-conversion' };
  }
  const parts = partsOf(words);
  if (!parts.some((part) => part.type === 'unit')) return null;
  const numbers = parts.flatMap((part) => (part.type === 'number' ? [part.value] : []));
  const units = parts.flatMap((part) => (part.type === 'unit' ? [part.name] : []));
  const form = parts
    .map((part) => (part.type === 'number' ? 'N' : part.type === 'unit' ? 'U' : part.word))
    .join(' ');
  const is = (pattern: string) => new RegExp(`^${pattern}$`).test(form);

  const [first, second] = units;
  if (first && second && units.length === 2) {
    // "in" and "2" stand where a recogniser, or the table of units, read "in" and "to" otherwise.
    if (
      is(
        `${LEAD}(?:N |minus N |- N |an? |one )U (?:to|too|in|into|as|two|and|is how many|equals how many|is what in) U`,
      )
    ) {
      const sign = is(`${LEAD}(?:minus|-) .*`) ? -1 : 1;
      return convert(sign * (numbers[0] ?? 1), first, second);
    }
    if (is(`${LEAD}N U N U`) && numbers[1] === 2) return convert(numbers[0] ?? 1, first, second);
    if (
      is(
        `${LEAD}U (?:are |is )?(?:there )?(?:are |is )?(?:in|and|an|is|are|make|makes|make up) (?:N|an?|one|the) U`,
      )
    ) {
      return convert(numbers[0] ?? 1, second, first);
    }
    if (is(`${LEAD}U (?:is|are|make|in) (?:an? )?U`)) return convert(1, second, first);
  }
  const last = context.previous;
  if (last?.kind === 'convert' && units.length === 1 && first) {
    if (is(`(?:and |what about |how about )*(?:(?:what|how much) is (?:that|it) )?(?:in|to) U`)) {
      return convert(last.amount, last.from, first);
    }
    if (is(`(?:and |what about |how about )+N U`)) {
      const target = first === last.to ? last.from : last.to;
      return convert(numbers[0] ?? 1, first, target);
    }
  }
  return null;
}

function convert(amount: number, from: string, to: string): Intent {
  const sameKind = UNITS.get(from)?.kind === UNITS.get(to)?.kind;
  return sameKind ? { kind: 'convert', amount, from, to } : { kind: 'no-conversion' };
}

function partsOf(words: readonly string[]): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < words.length; ) {
    const found = unitAt(words, at, parts[parts.length - 1]);
    const word = words[at] ?? '';
    if (found) parts.push({ type: 'unit', name: found.name });
    else if (isNumber(word)) parts.push({ type: 'number', value: Number(word) });
    else if (word !== 'degrees' || at + 1 < words.length) parts.push({ type: 'word', word });
    at += found?.length ?? 1;
  }
  return parts;
}

function unitAt(
  words: readonly string[],
  at: number,
  before: Part | undefined,
): { name: string; length: number } | null {
  for (let length = 3; length >= 1; length--) {
    if (at + length > words.length) continue;
    const text = words.slice(at, at + length).join(' ');
    const name = UNIT_NAMES.get(text);
    // Abbreviations ("in", "m", "c") are units only right after a number, or as the last word.
    const short = text.length <= 2 && text !== 'km' && text !== 'kg';
    if (name && short && before?.type !== 'number' && (at + length < words.length || text === 'in')) continue;
    if (name) return { name, length };
  }
  const word = words[at] ?? '';
  if (word.length < 5) return null;
  for (const [known, name] of UNIT_NAMES) {
    if (known.length >= 5 && !known.includes(' ') && wordSimilarity(word, known) >= UNIT_SLIP) {
      return { name, length: 1 };
    }
  }
  return null;
}
