import { doubleMetaphone } from 'double-metaphone';
import { distance } from 'fastest-levenshtein';

/** Words a recogniser writes for one another because they sound the same. */
const HOMOPHONES = [
  ['for', 'four', '4'],
  ['to', 'too', 'two', '2'],
  ['one', 'won', '1'],
  ['eight', 'ate', '8'],
  ['right', 'write'],
  ['you', 'u', 'ya'],
  ['are', 'r', 'our'],
  ['hour', 'our'],
  ['by', 'bye', 'buy'],
  ['die', 'dye', 'dice'],
  ['what', 'wut', 'watt', 'but'],
];

const SAME_SOUND = 0.85;
const ENOUGH_LETTERS = 0.7;
const ENOUGH_LETTERS_OF_SAME_SOUND = 0.55;

/**
 * How likely `heard` is a slip for `meant`: 1 is the same word, 0 is a different one. A word of one or two letters
 * is never a slip for another, and a number only for a word of its sound.
 */
export function wordSimilarity(heard: string, meant: string): number {
  if (heard === meant) return 1;
  if (HOMOPHONES.some((group) => group.includes(heard) && group.includes(meant))) return 0.95;
  if (!/^\p{L}+$/u.test(heard) || !/^\p{L}+$/u.test(meant)) return 0;
  const length = Math.max(heard.length, meant.length);
  if (length < 3) return 0;
  const ratio = 1 - distance(heard, meant) / length;
  if (ratio >= ENOUGH_LETTERS_OF_SAME_SOUND && soundOf(heard) === soundOf(meant))
    return Math.max(SAME_SOUND, ratio);
  return ratio >= ENOUGH_LETTERS ? ratio : 0;
}

/**
 * The consonants of `text` as they sound (metaphone), voiced and voiceless ones alike: equal for "what can you do" and
 * "what kenya do", "joke" and "choke".
 */
export function soundOf(text: string): string {
  return doubleMetaphone(text)[0].replace(/X/g, 'J').replace(/B/g, 'P');
}

/** Share of letters that agree, 0..1. */
export function letterSimilarity(a: string, b: string): number {
  return 1 - distance(a, b) / Math.max(a.length, b.length, 1);
}
