/** How much of a spoken answer was heard, in words, from its sound. */
import { msToSamples, type Pcm16, rms, samplesToMs } from '../../shared/audio';

export interface SpokenSentence {
  text: string;
  /** Where it begins in the item's audio. */
  startMs: number;
  /** Where it ends; null while it is still being spoken, or when it was cut off. */
  endMs: number | null;
  /** Where in the item's audio the voice sounds, in order; what lies between is silence. */
  voice: Array<{ startMs: number; endMs: number }>;
}

/** Rate assumed for a sentence whose end is not known; ordinary speech has about 15 characters a second. */
const MS_PER_CHARACTER = 65;
/** Sound is told from silence in steps of this length. */
const FRAME_SAMPLES = msToSamples(10);
/** A frame quieter than this is silence: -50 dB, far below a voice and above the noise of 16 bits. */
const SILENCE_RMS = 0.003;
/** Shorter silence belongs to a sound: a "t" has one of up to 40 ms. */
const PAUSE_MS = 60;
/** By which the length of a clause may differ from its letters, beside a factor of two. */
const SLACK_MS = 250;
const CLAUSE_END = /[,;:\uff0c\uff1b\uff1a\u3001\u2013\u2014]["'\u201d\u2019)\]]*$/u;

/** The sound of `sentence` goes on with `pcm` (24 kHz), which begins at `startMs` of the item's audio. */
export function addSound(sentence: SpokenSentence | undefined, pcm: Pcm16, startMs: number): void {
  if (sentence === undefined) return;
  const { voice } = sentence;
  for (let at = 0; at < pcm.length; at += FRAME_SAMPLES) {
    const frame = pcm.subarray(at, at + FRAME_SAMPLES);
    if (rms(frame) < SILENCE_RMS) continue;
    const from = startMs + samplesToMs(at);
    const to = from + samplesToMs(frame.length);
    const last = voice.at(-1);
    // Times are sums of fractions.
    if (last !== undefined && from - last.endMs < 0.01) last.endMs = to;
    else voice.push({ startMs: from, endMs: to });
  }
}

/**
 * The text heard by `audioEndMs`: every sentence that was over by then, and of the running one as many whole words as
 * its share of the time in which the voice sounds. Where words are written without spaces between them, as in Chinese,
 * they are told apart all the same.
 */
export function heardText(sentences: readonly SpokenSentence[], audioEndMs: number): string {
  if (audioEndMs <= 0) return '';
  let heard = '';
  for (const sentence of sentences) {
    const { text, startMs, endMs } = sentence;
    if (endMs !== null && endMs <= audioEndMs) heard += text;
    else if (startMs < audioEndMs) {
      for (const clause of clausesOf(sentence)) heard += heardWords(clause, audioEndMs);
    }
  }
  return heard.trim();
}

/** Words that are said in `soundingMs` of voice, which sounds in `voice`. */
interface Clause {
  words: string[];
  voice: SpokenSentence['voice'];
  soundingMs: number;
}

/**
 * The clauses of a sentence, each with its own stretch of voice, where the pauses behind them can be found in the sound;
 * else the sentence as one. With the pauses the words of Flite's voice are placed within about a tenth of a second.
 */
function clausesOf(sentence: SpokenSentence): Clause[] {
  const { text, startMs, endMs, voice } = sentence;
  const words = wordsOf(text);
  // How much was still to come of a sentence without an end can only be guessed.
  if (endMs === null) {
    return [
      { words, voice, soundingMs: Math.max(lengthOf(voice), text.trim().length * MS_PER_CHARACTER, 1) },
    ];
  }
  if (voice.length === 0) return [{ words, voice: [{ startMs, endMs }], soundingMs: endMs - startMs }];
  const whole = { words, voice, soundingMs: lengthOf(voice) };
  const texts = splitBehind(words, (word) => CLAUSE_END.test(word));
  const pauses = voice
    .map((stretch, index) => ({ index, ms: (voice[index + 1]?.startMs ?? 0) - stretch.endMs }))
    .filter(({ ms }) => ms >= PAUSE_MS)
    .sort((a, b) => b.ms - a.ms)
    .slice(0, texts.length - 1);
  if (pauses.length < texts.length - 1) return [whole];
  const ends = new Set(pauses.map(({ index }) => voice[index]));
  const stretches = splitBehind(voice, (stretch) => ends.has(stretch));
  const clauses = texts.map((clause, index) => {
    const stretch = stretches[index] ?? [];
    return { words: clause, voice: stretch, soundingMs: lengthOf(stretch) };
  });
  return clauses.every((clause) => isLikely(clause, whole)) ? clauses : [whole];
}

/** A pause elsewhere than behind a clause gives that a length which its words do not have. */
function isLikely(clause: Clause, whole: Clause): boolean {
  const expectedMs = (whole.soundingMs * lettersIn(clause.words)) / Math.max(1, lettersIn(whole.words));
  const { soundingMs } = clause;
  return soundingMs > expectedMs / 2 - SLACK_MS && soundingMs < expectedMs * 2 + SLACK_MS;
}

function heardWords({ words, voice, soundingMs }: Clause, audioEndMs: number): string {
  let heardMs = 0;
  for (const { startMs, endMs } of voice) heardMs += Math.max(0, Math.min(endMs, audioEndMs) - startMs);
  const share = heardMs / soundingMs;
  const letters = lettersIn(words);
  let prefix = '';
  let spoken = 0;
  for (const word of words) {
    spoken += lettersIn([word]);
    // Shares are quotients, which may fall short of a whole word by the last bit.
    if (spoken > letters * share + 1e-6) break;
    prefix += word;
  }
  return prefix;
}

function lengthOf(voice: SpokenSentence['voice']): number {
  return voice.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
}

function splitBehind<T>(all: readonly T[], isLast: (one: T) => boolean): T[][] {
  const runs: T[][] = [[]];
  for (const [index, one] of all.entries()) {
    runs.at(-1)?.push(one);
    if (isLast(one) && index < all.length - 1) runs.push([]);
  }
  return runs;
}

/** Scripts that are written without spaces between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

function wordsOf(text: string): string[] {
  const spaced = text.match(/\s*\S+/gu) ?? [];
  return spaced.flatMap((word) => (UNSPACED.test(word) ? segments(word) : [word]));
}

function segments(text: string): string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(
    text,
  )) {
    const last = words.at(-1);
    // Punctuation goes with the word before it, and at the very beginning with the first word.
    if (last !== undefined && (!isWordLike || !/[\p{L}\p{N}]/u.test(last)))
      words[words.length - 1] += segment;
    else words.push(segment);
  }
  return words;
}

/** How long words take to say, in letters: "12" is "twelve", and a Chinese character is a syllable. */
function lettersIn(words: readonly string[]): number {
  let letters = 0;
  for (const character of words.join('')) {
    if (/\p{N}/u.test(character)) letters += 4;
    else if (UNSPACED.test(character)) letters += 3;
    else if (/\p{L}/u.test(character)) letters += 1;
  }
  return letters;
}
