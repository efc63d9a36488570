import type { Pcm16 } from './audio';

/** A piece of sound, and where it begins in the script and in its item. */
export interface ScriptChunk<Item> {
  readonly item: Item;
  readonly from: number;
  readonly offset: number;
  readonly pcm: Pcm16;
}

/** Sound of items in order of arrival, at positions that count samples from the first one ever added. */
export class PlaybackScript<Item> {
  private readonly chunks: ScriptChunk<Item>[] = [];
  private length = 0;

  /** Position behind the last sample. */
  get end(): number {
    return this.length;
  }

  /** Adds `pcm` (kept, not copied), whose first sample is number `offset` of the item. */
  add(item: Item, offset: number, pcm: Pcm16): void {
    this.chunks.push({ item, from: this.length, offset, pcm });
    this.length += pcm.length;
  }

  /** The chunk that holds `position`; null when there is none, or none any more. */
  at(position: number): ScriptChunk<Item> | null {
    const chunk = this.chunks[this.indexOf(position)];
    if (!chunk || position < chunk.from || position >= chunk.from + chunk.pcm.length) return null;
    return chunk;
  }

  /** Where the unbroken sound of the item at `position` ends; `position` itself when there is none. */
  endOfItem(position: number): number {
    const item = this.at(position)?.item;
    let end = position;
    if (item === undefined) return end;
    for (let i = this.indexOf(position); this.chunks[i]?.item === item; i++) {
      const { from, pcm } = this.chunks[i] as ScriptChunk<Item>;
      end = from + pcm.length;
    }
    return end;
  }

  /** At most `max` samples just before `position`, as far as they are of the same item without a break; a copy. */
  before(position: number, max: number): Pcm16 {
    const samples = new Int16Array(max);
    const item = this.at(position - 1)?.item;
    let at = max;
    let end = position;
    if (item === undefined) return samples.subarray(max);
    for (let i = this.indexOf(position - 1); at > 0 && this.chunks[i]?.item === item; i--) {
      const { from, pcm } = this.chunks[i] as ScriptChunk<Item>;
      const part = pcm.subarray(Math.max(0, end - from - at), end - from);
      at -= part.length;
      samples.set(part, at);
      end = from;
    }
    return samples.subarray(at);
  }

  /** Lets go of chunks that end at `position` or before. */
  forget(position: number): void {
    let gone = 0;
    for (const { from, pcm } of this.chunks) {
      if (from + pcm.length > position) break;
      gone++;
    }
    if (gone > 0) this.chunks.splice(0, gone);
  }

  /** Index of the last chunk that begins at `position` or before; 0 when none does. */
  private indexOf(position: number): number {
    let low = 0;
    let high = this.chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.chunks[middle] as ScriptChunk<Item>).from <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
