import nlp from 'compromise';
import { isNumber } from './text';

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fourty fifty sixty seventy eighty ninety'.split(
    ' ',
  );
const SCALES = ['hundred', 'thousand', 'million', 'billion', 'trillion'];
const NUMBER_WORDS = new Set([...SMALL, ...SCALES]);
/** Inside a number only: "two hundred and five", "three point one". */
const JOINTS = new Set(['and', 'point']);

/**
 * `words` with every spoken number as digits: "twenty five times four" -> "25 times 4". Numbers said one after
 * another stay apart ("six thirty" -> "6 30"). "and a half" counts. Ordinals and the word "second" are left alone.
 */
export function withDigits(words: readonly string[]): string[] {
  const result: string[] = [];
  let at = 0;
  while (at < words.length) {
    const end = runEnd(words, at);
    if (end === at) {
      result.push(words[at] ?? '');
      at++;
      continue;
    }
    result.push(...digitsOf(words.slice(at, end)));
    at = end;
    if (words[at] === 'and' && words[at + 1] === 'a' && words[at + 2] === 'half') {
      result.push(String(Number(result.pop()) + 0.5));
      at += 3;
    }
  }
  return result;
}

function runEnd(words: readonly string[], start: number): number {
  let at = start;
  if (words[at] === 'a' && SCALES.includes(words[at + 1] ?? '')) at++;
  let end = start;
  for (; at < words.length; at++) {
    const word = words[at] ?? '';
    const digitsOfScale = isNumber(word) && SCALES.includes(words[at + 1] ?? '');
    if (NUMBER_WORDS.has(word) || digitsOfScale) end = at + 1;
    else if (!(end > start && JOINTS.has(word) && joins(words, at))) break;
  }
  return end;
}

/** "and" joins after a hundred or more ("two hundred and five"), not in "two and three"; "point" between numbers. */
function joins(words: readonly string[], at: number): boolean {
  if (!SMALL.includes(words[at + 1] ?? '')) return false;
  return words[at] === 'point' || SCALES.includes(words[at - 1] ?? '');
}

function digitsOf(run: readonly string[]): string[] {
  return apart(run).map((words) => {
    if (words.length === 1 && isNumber(words[0])) return words[0] ?? '';
    const [first] = nlp(words.join(' ').replace('fourty', 'forty')).numbers().json() as Parsed[];
    return String(first?.number?.num ?? words.join(' '));
  });
}

interface Parsed {
  number?: { num: number | null };
}

/** Numbers said one after another: a small number continues one only after tens ("twenty five") or a scale. */
function apart(run: readonly string[]): string[][] {
  const numbers: string[][] = [];
  let fraction: boolean = false;
  for (const [index, word] of run.entries()) {
    const before = run[index - 1];
    const small = SMALL.indexOf(word);
    const afterTens = SMALL.indexOf(before ?? '') >= TWENTY && small > 0 && small < TEN;
    const starts: boolean =
      small >= 0 && before !== undefined && SMALL.includes(before) && !afterTens && !fraction;
    if (index === 0 || starts) numbers.push([]);
    numbers[numbers.length - 1]?.push(word);
    fraction = word === 'point' || (fraction && !starts);
  }
  return numbers;
}

const TEN = SMALL.indexOf('ten');
const TWENTY = SMALL.indexOf('twenty');
