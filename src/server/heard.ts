/** How much of a spoken answer was heard, in words, from the times at which its sentences were spoken. */

export interface SpokenSentence {
  text: string;
  /** Where it begins in the item's audio. */
  startMs: number;
  /** Where it ends; null while it is still being spoken, or when it was cut off. */
  endMs: number | null;
}

/** Rate assumed for a sentence whose end is not known; ordinary speech has about 15 characters a second. */
const MS_PER_CHARACTER = 65;

/**
 * The text heard by `audioEndMs`: every sentence that was over by then, and of the running one as many whole
 * words as its share of time.
 */
export function heardText(sentences: readonly SpokenSentence[], audioEndMs: number): string {
  let heard = '';
  for (const { text, startMs, endMs } of sentences) {
    const end = endMs ?? startMs + Math.max(1, text.length * MS_PER_CHARACTER);
    if (end <= audioEndMs) heard += text;
    else if (startMs < audioEndMs) heard += wholeWords(text, (audioEndMs - startMs) / (end - startMs));
  }
  return heard.trim();
}

function wholeWords(text: string, share: number): string {
  const limit = Math.floor(text.length * share);
  const words = text.match(/\s*\S+/gu) ?? [];
  let prefix = '';
  for (const word of words) {
    if (prefix.length + word.length > limit) break;
    prefix += word;
  }
  return prefix;
}
