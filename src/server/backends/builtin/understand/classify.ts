import { PHRASES, type Phrase, type PhraseMeaning } from './phrases';
import { letterSimilarity, soundOf, wordSimilarity } from './similar';

export interface Match {
  meaning: PhraseMeaning;
  /** 0..1: 1 is word for word. */
  confidence: number;
  /** The example it is like. */
  phrase: string;
}

/**
 * From which confidence a match is believed. Set where no unrelated question of the tests' tables is accepted and
 * one slip in a usual phrase still is.
 */
export const BELIEVED = 0.78;

/** Words that hold sentences together and tell little, and what they weigh against 1 for the others. */
const LIGHT = new Map<string, number>([
  ...weights(0.1, 'please um uh er hey okay ok oh well now just so'),
  ...weights(
    0.3,
    'a an the is it am are was be do does did of to in on at for and or me my i you your that this',
  ),
  ...weights(0.4, 'what how which who can could will would there have has he we us not'),
  ...weights(0.6, 'tell give say set make get go got let'),
]);

/** A word no example knows speaks against all of them. */
const UNKNOWN = 1.3;

const KNOWN = new Set(PHRASES.flatMap((phrase) => phrase.words));

/** Sounds shorter than this are too easily alike by chance. */
const MIN_SOUND_LENGTH = 4;
const MIN_LETTER_SIMILARITY = 0.65;
const SAME_SOUND_CONFIDENCE = 0.85;

/**
 * The example phrase most like `words` as a whole, or null when none shares anything.
 *
 * Words are aligned in order, each pair counting by how alike the two are; confidence is the harmonic mean of how
 * much of the utterance and how much of the example is explained, by weight. So one strange word in a short question
 * ("what time is the game") is enough to refuse it, while "what time is in" still asks for the time. An utterance that
 * sounds like an example when run together ("what kenya do") counts too.
 */
export function classify(words: readonly string[]): Match | null {
  if (words.length === 0 || words.length > 14) return null;
  let best: Match | null = null;
  const joined = words.join('');
  const sound = soundOf(joined);
  const total = sum(words);
  const alike = similarities(words);
  for (const phrase of PHRASES) {
    const confidence = Math.max(alignment(words, total, phrase, alike), sounding(joined, sound, phrase));
    if (confidence > (best?.confidence ?? 0)) {
      best = { meaning: phrase.meaning, confidence, phrase: phrase.words.join(' ') };
    }
  }
  return best;
}

type Similarity = (heard: string, meant: string) => number;

/** Most words occur in many examples: each pair is compared once. */
function similarities(words: readonly string[]): Similarity {
  const known = new Map(words.map((word) => [word, new Map<string, number>()]));
  return (heard, meant) => {
    const row = known.get(heard);
    const seen = row?.get(meant);
    if (seen !== undefined) return seen;
    const value = wordSimilarity(heard, meant);
    row?.set(meant, value);
    return value;
  };
}

function alignment(words: readonly string[], total: number, phrase: Phrase, similarity: Similarity): number {
  const goal = sum(phrase.words);
  // Even a perfect alignment of the shorter cannot reach half: skip the work.
  if (Math.min(total, goal) < 0.5 * Math.max(total, goal)) return 0;
  let above = new Array<number>(phrase.words.length + 1).fill(0);
  for (const word of words) {
    const row = [0];
    for (const [index, meant] of phrase.words.entries()) {
      const alike = similarity(word, meant);
      const together = alike > 0 ? (above[index] ?? 0) + alike * (weight(word) + weight(meant)) : 0;
      row.push(Math.max(together, above[index + 1] ?? 0, row[index] ?? 0));
    }
    above = row;
  }
  return (above[phrase.words.length] ?? 0) / (total + goal);
}

const SOUNDS = new Map(PHRASES.map((phrase) => [phrase, soundOf(phrase.words.join(''))]));

function sounding(joined: string, sound: string, phrase: Phrase): number {
  if (sound.length < MIN_SOUND_LENGTH || SOUNDS.get(phrase) !== sound) return 0;
  return letterSimilarity(joined, phrase.words.join('')) >= MIN_LETTER_SIMILARITY ? SAME_SOUND_CONFIDENCE : 0;
}

function weight(word: string): number {
  return LIGHT.get(word) ?? (KNOWN.has(word) ? 1 : UNKNOWN);
}

function sum(words: readonly string[]): number {
  return words.reduce((total, word) => total + weight(word), 0);
}

function weights(value: number, words: string): [string, number][] {
  return words.split(' ').map((word) => [word, value]);
}
