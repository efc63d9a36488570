import type { Intent } from '../intent';

/** More would take longer to say than anyone listens. */
const MAX_DICE = 10;
const MAX_SIDES = 1000;

const DICE =
  /^(?:roll|role|rolled|throw|toss|rolling|roe)(?: me)? (?:(\d+|a|the|some|to|too|for|us|an)(?: pair of)? )?(?:(\d+) (?:sided|side|cited) )?(?:d ?(\d+)|dice|die|dies|dyes|dives|ice|days)$/;
/** The verb got lost: "well two dice". */
const COUNTED_DICE = /^(?:\w{1,5} )?(\d+) dice$/;
const NUMBER_BETWEEN =
  /\b(?:number|random|pick|choose)\b.*\b(?:between|from) (\d+) (?:and|to|2|through|or) (\d+)$/;

/** Dice of any number, and a random number within bounds. Coins and a plain die are phrases. */
export function understandChance(words: readonly string[]): Intent | null {
  const text = words.join(' ');
  const dice = DICE.exec(text) ?? COUNTED_DICE.exec(text);
  if (dice) {
    const heard =
      { a: 1, an: 1, the: 1, us: 1, some: 2, to: 2, too: 2, for: 4 }[dice[1] ?? 'a'] ?? Number(dice[1]);
    const count = /pair of/.test(text) ? 2 : heard;
    const sides = Number(dice[2] ?? dice[3] ?? 6);
    if (count < 1 || count > MAX_DICE || sides < 2 || sides > MAX_SIDES) return null;
    return { kind: 'dice', count, sides };
  }
  const between = NUMBER_BETWEEN.exec(text);
  if (!between) return null;
  const [a, b] = [Number(between[1]), Number(between[2])];
  if (!Number.isSafeInteger(a) || !Number.isSafeInteger(b)) return null;
  return { kind: 'random-number', low: Math.min(a, b), high: Math.max(a, b) };
}
