/**
 * How likely it is that a turn is over, and how long to wait for it to go on: the end-of-turn judgement of `semantic_vad`
 * (docs/adr/0011). Pure: from the words, the voice and the silence so far to a probability.
 */

import type { VoiceEnd } from './semantic-voice';
import type { Ending } from './semantic-words';

export type Eagerness = 'low' | 'medium' | 'high' | 'auto';

/** What is known of a pause when it is judged. */
export interface PauseFacts {
  ending: Ending;
  /** null when too little is voiced to tell anything. */
  voice: VoiceEnd | null;
  /** Words a second of this turn so far; null when there are too few to tell. */
  wordsPerSecond: number | null;
}

/** Log odds that a turn is over which ends like this, at `REFERENCE_MS` of silence. */
const ENDING_SCORES: Record<Ending, number> = {
  question: 2,
  reply: 1.8,
  command: 1.6,
  sentence: 1,
  fragment: 0,
  unknown: 0,
  slot: -1.2,
  clause: -1.6,
  number: -2,
  opener: -2.6,
  dangling: -3.6,
  filler: -3.6,
};

/** Silence at which words and voice alone decide. */
const REFERENCE_MS = 400;
/** Log odds gained each time the silence grows e-fold: whoever was silent for long is likely to stay so. */
const PER_LOG_SILENCE = 2;

/** The voice alone must not overrule what the words say clearly. */
const VOICE_BOUNDS = { least: -1, most: 0.8 };
const SCORE_BOUNDS = { least: -4, most: 2 };
/** People who speak slowly pause longer between words. */
const SLOW_WORDS_PER_SECOND = 1.5;
const SLOW_SCORE = -0.4;

/** Shorter silence is the gap between two words, whatever was said. */
const SHORTEST_WAIT_MS = 250;

/**
 * Probability from which a turn is taken to be over, and the longest wait. Each step of the odds (4 to 1, 16 to 1) doubles a wait,
 * as the longest ones double.
 */
const EAGERNESS: Record<Eagerness, { probability: number; longestMs: number }> = {
  high: { probability: 1 / 2, longestMs: 2000 },
  medium: { probability: 4 / 5, longestMs: 4000 },
  auto: { probability: 4 / 5, longestMs: 4000 },
  low: { probability: 16 / 17, longestMs: 8000 },
};

/** Log odds at `REFERENCE_MS` of silence that the turn is over, -4..2. */
export function scorePause({ ending, voice, wordsPerSecond }: PauseFacts): number {
  const rate = wordsPerSecond !== null && wordsPerSecond < SLOW_WORDS_PER_SECOND ? SLOW_SCORE : 0;
  return clamp(ENDING_SCORES[ending] + (voice === null ? 0 : voiceScore(voice)) + rate, SCORE_BOUNDS);
}

/** What the sound of the end adds to the log odds. */
export function voiceScore({ pitch, heldMs, fadeDb }: VoiceEnd): number {
  // A vowel that is held is somebody thinking. It has no melody that could tell more.
  if (heldMs >= 360) return VOICE_BOUNDS.least;
  let score = 0;
  if (pitch <= -2) score += 0.6;
  else if (pitch >= 3) score += 0.4;
  else if (Math.abs(pitch) < 1) score -= 0.3;
  if (fadeDb >= 8) score += 0.3;
  else if (fadeDb < 3) score -= 0.3;
  return clamp(score, VOICE_BOUNDS);
}

/** Probability (0..1) that the turn is over after `silenceMs` of silence. */
export function turnOverProbability(score: number, silenceMs: number): number {
  return 1 / (1 + Math.exp(-score - PER_LOG_SILENCE * Math.log(silenceMs / REFERENCE_MS)));
}

/** Milliseconds of silence that end a turn whose pause has this score; of one that is not judged yet (null), the longest wait. */
export function waitMs(score: number | null, eagerness: Eagerness): number {
  const { probability, longestMs } = EAGERNESS[eagerness];
  if (score === null) return longestMs;
  const needed = Math.log(probability / (1 - probability)) - score;
  const wait = REFERENCE_MS * Math.exp(needed / PER_LOG_SILENCE);
  return clamp(wait, { least: SHORTEST_WAIT_MS, most: longestMs });
}

/** Whether an answer may be prepared in the pause: not when more is likely to come, for then nobody would hear it. */
export function worthPreparing(score: number): boolean {
  return score > -1;
}

function clamp(value: number, { least, most }: { least: number; most: number }): number {
  return Math.min(most, Math.max(least, value));
}
