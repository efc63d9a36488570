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
 * `text` and then what `rest`, if there may be one, resolves to, word by word, then the usage. Between words other work
 * gets its turn, and an abort of `signal` ends it quietly, also while it waits for `rest`. At most `maxWords` words (null is no limit).
 */
export async function* streamWords(
  text: string,
  rest: Promise<string> | null,
  options: { inputWords: number; maxWords: number | null; signal: AbortSignal },
): AsyncGenerator<LlmPart, void, undefined> {
  const { signal, maxWords, inputWords } = options;
  let allowed = maxWords ?? Number.POSITIVE_INFINITY;
  let outputTokens = 0;
  let cut = false;
  for (const piece of [text, rest]) {
    if (piece === null) break;
    if (typeof piece !== 'string') yield { type: 'pause' };
    const parts = wordParts(typeof piece === 'string' ? piece : await unlessAborted(piece, signal));
    for (const part of parts.slice(0, allowed)) {
      await setImmediate();
      if (signal.aborted) return;
      yield { type: 'text', text: part };
      outputTokens++;
    }
    cut ||= parts.length > allowed;
    allowed -= Math.min(allowed, parts.length);
  }
  if (signal.aborted) return;
  if (cut) yield { type: 'stopped', reason: 'max_output_tokens' };
  yield { type: 'usage', inputTokens: inputWords, outputTokens };
}

async function unlessAborted(text: Promise<string>, signal: AbortSignal): Promise<string> {
  let onAbort = () => {};
  const aborted = new Promise<string>((resolve) => {
    onAbort = () => resolve('');
    signal.addEventListener('abort', onAbort);
  });
  if (signal.aborted) onAbort();
  const first = await Promise.race([text, aborted]);
  signal.removeEventListener('abort', onAbort);
  return first;
}
