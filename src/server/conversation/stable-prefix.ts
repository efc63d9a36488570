/**
 * Partial transcripts revise themselves; deltas on the wire can only be appended. This gives of each partial the
 * words that two partials in a row agree on and that were not given before.
 */
export class StablePrefix {
  private previous: string[] = [];
  private given: string[] = [];

  /** What may be appended now that the transcript so far is `partial`; '' when nothing is certain. */
  push(partial: string): string {
    const words = splitWords(partial);
    const agreed = commonPrefix(this.previous, words);
    this.previous = words;
    return this.extendTo(agreed);
  }

  /** What the final transcript adds; '' when it contradicts what was given, for then only the whole text is right. */
  finish(final: string): string {
    return this.extendTo(splitWords(final));
  }

  private extendTo(words: string[]): string {
    if (words.length <= this.given.length) return '';
    if (commonPrefix(this.given, words).length < this.given.length) return '';
    const more = words.slice(this.given.length).join(' ');
    const delta = this.given.length === 0 ? more : ` ${more}`;
    this.given = words;
    return delta;
  }
}

function splitWords(text: string): string[] {
  return text.split(/\s+/u).filter((word) => word !== '');
}

function commonPrefix(a: string[], b: string[]): string[] {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}
