import { type Pcm16, SAMPLE_RATE } from './audio';
import type { HeardItem } from './audio-port';

/** What came about while frames were rendered; `offset` counts from the first frame of that `render` call. */
export type QueueEvent =
  /** The frame at `offset` is the first of the item. */
  | { type: 'started'; itemId: string; offset: number }
  /** The frame before `offset` was the last of an ended item. */
  | { type: 'finished'; heard: HeardItem; offset: number }
  /** No sound is left at `offset`, and the item has not ended. */
  | { type: 'underrun'; itemId: string; offset: number };

/** Fades last 2 ms: too short to be heard as a fade, long enough not to be heard as a click. */
export const FADE_FRAMES = (SAMPLE_RATE * 2) / 1000;

/** How many flushed items are remembered, so that their late audio is dropped. */
const FLUSHED_IDS_KEPT = 256;

const PCM_SCALE = 1 / 0x8000;

interface Entry extends HeardItem {
  ended: boolean;
}

interface Chunk {
  entry: Entry;
  pcm: Pcm16;
  next: Chunk | null;
}

/**
 * What the loudspeaker plays: chunks of items, first in, first out, rendered frame by frame.
 *
 * Counts per item how many frames were rendered, which is what the user heard. Sound that stops, for whatever reason,
 * runs down to zero within `FADE_FRAMES`, and sound that comes back after an underrun fades in over as many, so
 * nothing ever clicks. `render` allocates only when it reports an event.
 */
export class PlaybackQueue {
  private head: Chunk | null = null;
  private tail: Chunk | null = null;
  /** Samples of `head` already rendered. */
  private position = 0;
  /** Items with something left to render or to come, in playing order. */
  private readonly entries: Entry[] = [];
  private readonly flushed = new Set<string>();

  /** The run-down to zero that is rendered before anything else. */
  private readonly fade = new Float32Array(FADE_FRAMES);
  private fadePosition = FADE_FRAMES;
  /** Frames of the fade-in still to come. */
  private fadeInLeft = 0;
  /** The last frame rendered came from an item. */
  private sounding = false;
  private last = 0;
  private readonly events: QueueEvent[] = [];
  private sound = 0;

  /** Leading frames of the last `render` that held sound; the rest of it was silence. */
  get soundFrames(): number {
    return this.sound;
  }

  /** Frames of run-down that the next `render` calls give before the output is silent or plays what is queued. */
  get fadeFrames(): number {
    return FADE_FRAMES - this.fadePosition;
  }

  /** Nothing is queued, nothing fades, and no item is waiting for more sound. */
  get idle(): boolean {
    return this.entries.length === 0 && this.fadeFrames === 0 && !this.sounding;
  }

  /**
   * Queues `pcm` (kept, not copied) behind what is queued. Returns false when it was dropped because the item was
   * flushed before.
   */
  enqueue(itemId: string, contentIndex: number, pcm: Pcm16): boolean {
    if (this.flushed.has(itemId)) return false;
    const entry = this.entryOf(itemId, contentIndex);
    if (pcm.length === 0) return true;
    entry.receivedFrames += pcm.length;
    const chunk: Chunk = { entry, pcm, next: null };
    if (this.tail) this.tail.next = chunk;
    else this.head = chunk;
    this.tail = chunk;
    return true;
  }

  /** No more sound comes for `itemId`: `finished` follows once all of it was rendered. Unknown items are ignored. */
  end(itemId: string): void {
    for (const entry of this.entries) if (entry.itemId === itemId) entry.ended = true;
  }

  /**
   * Forgets the queue; what sounds runs down to zero over the next `fadeFrames` frames, which count as rendered.
   * Returns every item that was not finished, in playing order; their late audio is dropped from now on.
   */
  flush(): HeardItem[] {
    if (this.sounding) this.startFade();
    this.head = null;
    this.tail = null;
    this.position = 0;
    this.fadeInLeft = 0;
    const items = this.entries.map(heardOf);
    this.entries.length = 0;
    for (const { itemId } of items) this.remember(itemId);
    return items;
  }

  /**
   * Fills all of `output` with the next frames (-1..1), silence where there are none. Returns what came about, in
   * order; the array is reused by the next call.
   */
  render(output: Float32Array): readonly QueueEvent[] {
    this.events.length = 0;
    this.sound = 0;
    let frame = this.renderFade(output, 0);
    while (frame < output.length) {
      if (this.head) {
        frame = this.renderHead(output, frame, this.head);
        continue;
      }
      this.runDry(frame);
      if (this.fadeFrames === 0) break;
      frame = this.renderFade(output, frame);
    }
    this.sound = frame;
    output.fill(0, frame);
    return this.events;
  }

  private renderHead(output: Float32Array, frame: number, chunk: Chunk): number {
    const { entry, pcm } = chunk;
    if (entry.renderedFrames === 0) {
      this.settleEnded(frame);
      this.events.push({ type: 'started', itemId: entry.itemId, offset: frame });
    }
    // Sound that goes on after an underrun.
    else if (!this.sounding) this.fadeInLeft = FADE_FRAMES;
    const count = Math.min(output.length - frame, pcm.length - this.position);
    for (let i = 0; i < count; i++) {
      let sample = (pcm[this.position + i] as number) * PCM_SCALE;
      if (this.fadeInLeft > 0) {
        sample *= 1 - this.fadeInLeft / FADE_FRAMES;
        this.fadeInLeft--;
      }
      output[frame + i] = sample;
    }
    this.last = output[frame + count - 1] as number;
    this.sounding = true;
    this.position += count;
    entry.renderedFrames += count;
    if (this.position === pcm.length) {
      this.head = chunk.next;
      if (!this.head) this.tail = null;
      this.position = 0;
    }
    this.settleEnded(frame + count);
    return frame + count;
  }

  /** The queue holds no chunk at `frame`. */
  private runDry(frame: number): void {
    this.settleEnded(frame);
    if (!this.sounding) return;
    const waiting = this.entries[this.entries.length - 1];
    if (waiting) this.events.push({ type: 'underrun', itemId: waiting.itemId, offset: frame });
    this.startFade();
  }

  /** Reports and removes items that ended and were rendered to the last frame. */
  private settleEnded(frame: number): void {
    for (let i = 0; i < this.entries.length; i++) {
      const entry = this.entries[i] as Entry;
      if (!entry.ended || entry.renderedFrames < entry.receivedFrames) continue;
      this.entries.splice(i--, 1);
      this.events.push({ type: 'finished', heard: heardOf(entry), offset: frame });
    }
  }

  /** Prepares the run-down: from what the sounding item would have played on, its last sample held where that ends. */
  private startFade(): void {
    const chunk = this.head;
    const goesOn = chunk !== null && chunk.entry.renderedFrames > 0;
    const available = goesOn ? Math.min(FADE_FRAMES, chunk.pcm.length - this.position) : 0;
    let held = this.last;
    for (let i = 0; i < FADE_FRAMES; i++) {
      if (goesOn && i < available) held = (chunk.pcm[this.position + i] as number) * PCM_SCALE;
      this.fade[i] = held * (1 - (i + 1) / FADE_FRAMES);
    }
    if (goesOn) chunk.entry.renderedFrames += available;
    this.fadePosition = held === 0 && available === 0 ? FADE_FRAMES : 0;
    this.sounding = false;
    this.last = 0;
  }

  private renderFade(output: Float32Array, frame: number): number {
    const count = Math.min(this.fadeFrames, output.length - frame);
    for (let i = 0; i < count; i++) output[frame + i] = this.fade[this.fadePosition + i] as number;
    this.fadePosition += count;
    return frame + count;
  }

  /** The entry that takes new sound. A new content part of an item ends the item's earlier one. */
  private entryOf(itemId: string, contentIndex: number): Entry {
    for (const entry of this.entries) {
      if (entry.itemId !== itemId) continue;
      if (entry.contentIndex === contentIndex) return entry;
      if (entry.contentIndex < contentIndex) entry.ended = true;
    }
    const entry: Entry = { itemId, contentIndex, renderedFrames: 0, receivedFrames: 0, ended: false };
    this.entries.push(entry);
    return entry;
  }

  private remember(itemId: string): void {
    this.flushed.delete(itemId);
    this.flushed.add(itemId);
    if (this.flushed.size <= FLUSHED_IDS_KEPT) return;
    for (const oldest of this.flushed) {
      this.flushed.delete(oldest);
      break;
    }
  }
}

function heardOf(entry: Entry): HeardItem {
  const { itemId, contentIndex, renderedFrames, receivedFrames } = entry;
  return { itemId, contentIndex, renderedFrames, receivedFrames };
}
