import { setImmediate } from 'node:timers/promises';
import type { LlmPart } from '../index';

/** `text` cut into words, each with the space that follows it. */
export function wordParts(text: string): string[] {
  // Chinese has no spaces: its sentences come clause by clause.
  return text.match(/[^\s，。！？、]+(?:[，。！？、]+\s*|\s+)?|[，。！？、]+|\s+/g) ?? [];
}

/** Words counted as tokens, which is what they are here: nothing smaller is ever handled. */
export function countWords(text: string): number {
  return wordParts(text).filter((part) => part.trim() !== '').length;
}

/**
 * `text` word by word, then the usage. Between words other work gets its turn, and an abort of `signal` ends it
 * quietly. At most `maxWords` words (null is no limit).
 */
export async function* streamWords(
  text: string,
  options: { inputWords: number; maxWords: number | null; signal: AbortSignal },
): AsyncGenerator<LlmPart, void, undefined> {
  const { signal, maxWords, inputWords } = options;
  const parts = wordParts(text);
  const allowed = maxWords === null ? parts : parts.slice(0, maxWords);
  for (const part of allowed) {
    await setImmediate();
    if (signal.aborted) return;
    yield { type: 'text', text: part };
  }
  if (signal.aborted) return;
  if (allowed.length < parts.length) yield { type: 'stopped', reason: 'max_output_tokens' };
  yield { type: 'usage', inputTokens: inputWords, outputTokens: allowed.length };
}
