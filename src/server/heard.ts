/** How much of a spoken answer was heard, in words, from its sound. */
import { msToSamples, type Pcm16, rms, samplesToMs } from '../shared/audio';

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
    else if (startMs < audioEndMs) heard += wholeWords(text, heardShare(sentence, audioEndMs));
  }
  return heard.trim();
}

/** 0..1 of the time in which the voice of `sentence` sounds. */
function heardShare({ text, startMs, endMs, voice }: SpokenSentence, audioEndMs: number): number {
  let soundingMs = 0;
  let heardMs = 0;
  for (const stretch of voice) {
    soundingMs += stretch.endMs - stretch.startMs;
    heardMs += Math.max(0, Math.min(stretch.endMs, audioEndMs) - stretch.startMs);
  }
  // How much was still to come of a sentence without an end can only be guessed.
  if (endMs === null) return heardMs / Math.max(soundingMs, text.trim().length * MS_PER_CHARACTER, 1);
  if (soundingMs === 0) return (audioEndMs - startMs) / (endMs - startMs);
  return heardMs / soundingMs;
}

/** The beginning of `text` that is spoken in `share` (0..1) of the time that all of it takes. */
function wholeWords(text: string, share: number): string {
  const words = wordsOf(text).map((word) => ({ word, letters: lettersOf(word) }));
  const all = words.reduce((sum, { letters }) => sum + letters, 0);
  let prefix = '';
  let spoken = 0;
  for (const { word, letters } of words) {
    spoken += letters;
    // Shares are quotients, which may fall short of a whole word by the last bit.
    if (spoken > all * share + 1e-6) break;
    prefix += word;
  }
  return prefix;
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

/** How long a word takes to say, in letters: "12" is "twelve", and a Chinese character is a syllable. */
function lettersOf(word: string): number {
  let letters = 0;
  for (const character of word) {
    if (/\p{N}/u.test(character)) letters += 4;
    else if (UNSPACED.test(character)) letters += 3;
    else if (/\p{L}/u.test(character)) letters += 1;
  }
  return letters;
}
