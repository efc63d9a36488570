import { msToSamples, type Pcm16 } from './audio';
import type { HeardItem, PlaybackEvent } from './audio-port';
import { PlaybackScript } from './playback-script';
import { LOOK_BACK_MS, rewindFrames } from './resume-point';

/** How many flushed items are remembered, so that their late audio is dropped. */
const FLUSHED_IDS_KEPT = 256;

const LOOK_BACK_FRAMES = msToSamples(LOOK_BACK_MS);

export type QueueEvent = Extract<PlaybackEvent, { type: 'started' | 'finished' | 'underrun' }>;

interface Entry extends HeardItem {
  /** How far it was heard last; less than `renderedFrames` after a resume. */
  reached: number;
  /** The frame just after its last sample heard. */
  endFrame: number;
  ended: boolean;
  /** It was flushed: counted, but no longer told of. */
  leaving: boolean;
}

/**
 * What is played, in order of arrival, and how much of each item was heard.
 *
 * Three counts of samples: the *script* is everything queued, one item behind the other; the *stream* is what was taken
 * from it for the output, in which a part of the script may be missing (flushed) or come twice (resumed); *frames* are
 * the output's clock. Whoever renders says which position of the stream sounded at which frame. Pure: no clock, no
 * audio API.
 */
export class PlaybackQueue {
  private readonly script = new PlaybackScript<Entry>();
  private entries: Entry[] = [];
  private readonly flushed = new Set<string>();
  /** Script position of the sample that is taken next. */
  private cursor = 0;
  private taken = 0;
  /** Which script position stands at which stream position, from there to the next one's. */
  private readonly pieces: { stream: number; script: number }[] = [{ stream: 0, script: 0 }];
  /** Stream position behind the last sample heard. */
  private heard = 0;
  private run = { stream: 0, frame: 0 };
  private sounding: Entry | null = null;
  private held = false;

  constructor(private readonly listener: (event: QueueEvent) => void) {}

  /** Nothing is queued and no item is waiting for more sound. */
  get idle(): boolean {
    return this.entries.length === 0;
  }

  /** Samples that can be taken. */
  get waitingFrames(): number {
    return this.held ? 0 : this.script.end - this.cursor;
  }

  /** The item that is taken from next has all its sound. */
  get nextEnded(): boolean {
    return this.script.at(this.cursor)?.item.ended ?? false;
  }

  /**
   * Queues `pcm` (kept, not copied) behind what is queued. Returns false when it was dropped because the item was
   * flushed before.
   */
  enqueue(itemId: string, contentIndex: number, pcm: Pcm16): boolean {
    if (this.flushed.has(itemId)) return false;
    const entry = this.entryOf(itemId, contentIndex);
    if (pcm.length === 0) return true;
    this.script.add(entry, entry.receivedFrames, pcm);
    entry.receivedFrames += pcm.length;
    return true;
  }

  /** No more sound comes for `itemId`: `finished` follows once all of it was heard. Unknown items are ignored. */
  end(itemId: string): void {
    for (const entry of this.entries.filter((other) => other.itemId === itemId)) this.endEntry(entry);
  }

  /** Takes the next stretch for the output, at most `max` samples; null when there is none. A view, not a copy. */
  take(max: number): Pcm16 | null {
    const chunk = this.held || max <= 0 ? null : this.script.at(this.cursor);
    if (!chunk) return null;
    const at = this.cursor - chunk.from;
    const part = chunk.pcm.subarray(at, at + max);
    this.cursor += part.length;
    this.taken += part.length;
    return part;
  }

  /** The sample at stream position `position` sounded at `frame`, after silence. */
  sounds(position: number, frame: number): void {
    // What was cut while the context did not render may sound for a moment before the renderer obeys.
    if (position < this.heard) return;
    this.heard = position;
    this.run = { stream: position, frame };
    while (this.pieces[1] && this.pieces[1].stream <= position) this.pieces.shift();
  }

  /** All samples of the running stretch before stream position `position` were heard. */
  heardTo(position: number): void {
    this.count(position, null);
    this.forget();
  }

  /** The output ran out of samples. Returns the item that was cut short by it, if one was. */
  dry(position: number, frame: number): string | null {
    this.heardTo(position);
    const entry = this.sounding;
    this.sounding = null;
    if (!entry || entry.leaving || !this.entries.includes(entry)) return null;
    this.listener({ type: 'underrun', itemId: entry.itemId, frame });
    return entry.itemId;
  }

  /**
   * The output was silenced: it ran down from stream position `from` to `to`, which counts for the item that sounded
   * and for no other, and goes on from `target`. Returns how far the script was heard, for `takeBack`.
   */
  cut(from: number, to: number, target: number): number {
    this.count(from, null);
    if (this.sounding) this.count(to, this.sounding);
    const reached = this.heardInScript();
    this.sounding = null;
    this.heard = target;
    this.forget();
    return reached;
  }

  /** Gives nothing more to the output until `resume` or `flush`. */
  hold(): void {
    this.held = true;
  }

  /** After a hold whose cut heard the script up to `script`: what lies behind is to be taken again. */
  takeBack(script: number): void {
    this.jump(script);
  }

  /** Every item that waits, as far as it was heard. */
  get items(): HeardItem[] {
    return this.entries.map(heardOf);
  }

  /** Goes on after a hold, from the last pause in what was heard of the item that was held. */
  resume(): void {
    if (!this.held) return;
    this.held = false;
    const entry = this.script.at(this.cursor - 1)?.item;
    if (!entry || !this.entries.includes(entry)) return;
    const back = rewindFrames(this.script.before(this.cursor, LOOK_BACK_FRAMES));
    entry.reached -= back;
    this.jump(this.cursor - back);
  }

  /**
   * Forgets what is queued, held or not; late audio of these items is dropped from now on. Returns them in playing
   * order; they are counted on until the output is silent.
   */
  flush(): readonly HeardItem[] {
    const leaving = this.entries;
    this.entries = [];
    for (const entry of leaving) {
      entry.leaving = true;
      this.remember(entry.itemId);
    }
    this.held = false;
    this.jump(this.script.end);
    return leaving;
  }

  /** Stream position up to which the item that sounds, or else the next one, reaches in what was taken. */
  get boundary(): number {
    const script = this.heardInScript();
    return Math.min(this.taken, this.heard + this.script.endOfItem(script) - script);
  }

  private count(position: number, only: Entry | null): void {
    while (this.heard < position) {
      const script = this.heardInScript();
      const chunk = this.script.at(script);
      if (!chunk) throw new Error('more was rendered than was taken');
      if (only && chunk.item !== only) return;
      const at = script - chunk.from;
      const frames = Math.min(position - this.heard, chunk.pcm.length - at);
      const frame = this.run.frame + this.heard - this.run.stream;
      this.heard += frames;
      this.hear(chunk.item, chunk.offset + at, frames, frame);
    }
  }

  private hear(entry: Entry, offset: number, frames: number, frame: number): void {
    if (entry.renderedFrames === 0 && !entry.leaving) {
      this.listener({ type: 'started', itemId: entry.itemId, frame });
    }
    this.sounding = entry;
    entry.reached = offset + frames;
    entry.renderedFrames = Math.max(entry.renderedFrames, entry.reached);
    entry.endFrame = frame + frames;
    this.settle(entry);
  }

  /** Tells of an item that ended and was heard to its last sample. */
  private settle(entry: Entry): void {
    if (!entry.ended || entry.leaving || entry.reached < entry.receivedFrames) return;
    this.entries = this.entries.filter((other) => other !== entry);
    this.listener({ type: 'finished', heard: heardOf(entry), frame: entry.endFrame });
  }

  private endEntry(entry: Entry): void {
    entry.ended = true;
    this.settle(entry);
  }

  private jump(script: number): void {
    this.cursor = script;
    this.pieces.push({ stream: this.taken, script });
  }

  private heardInScript(): number {
    let piece = this.pieces[0] as { stream: number; script: number };
    for (const next of this.pieces) if (next.stream <= this.heard) piece = next;
    return piece.script + this.heard - piece.stream;
  }

  /** Lets go of sound that no resume reaches any more. */
  private forget(): void {
    this.script.forget(Math.min(this.heardInScript(), this.cursor) - LOOK_BACK_FRAMES);
  }

  /** The entry that takes new sound. A new content part of an item ends the item's earlier one. */
  private entryOf(itemId: string, contentIndex: number): Entry {
    for (const entry of this.entries.filter((other) => other.itemId === itemId)) {
      if (entry.contentIndex === contentIndex) return entry;
      if (entry.contentIndex < contentIndex) this.endEntry(entry);
    }
    const entry: Entry = {
      itemId,
      contentIndex,
      renderedFrames: 0,
      receivedFrames: 0,
      reached: 0,
      endFrame: this.run.frame + this.heard - this.run.stream,
      ended: false,
      leaving: false,
    };
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

/** A copy of what is told of an item. */
export function heardOf({ itemId, contentIndex, renderedFrames, receivedFrames }: HeardItem): HeardItem {
  return { itemId, contentIndex, renderedFrames, receivedFrames };
}
