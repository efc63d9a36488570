/** What a conversation hears with and speaks through. The app puts its sound worker behind these, the CLI WAV files. */

import type { Pcm16 } from '../shared/audio';
import type { HeardItem } from '../shared/audio-port';

export interface Microphone {
  /** Delivers chunks from now on, first up to `preRollMs` milliseconds of what was heard before. */
  start(preRollMs: number): void;
  /** Resolves after the last chunk was delivered; at once when not started. */
  stop(): Promise<void>;
  /**
   * Nobody waits for silence: until it is taken back, or a start or stop, chunks that are too quiet for a sound may come
   * up to 100 ms late. All others bring them along at once.
   */
  rest(on: boolean): void;
  /** 24 kHz mono, 20 ms a chunk; `frame` is the position of its first sample on the speaker's clock. One listener. */
  onChunk(listener: (pcm: Pcm16, frame: number) => void): void;
  /** The device was opened, perhaps another one or in another way than before. One listener. */
  onOpened(listener: () => void): void;
}

export interface Speaker {
  /** Queues sound of an item behind what is queued; dropped when that item was flushed before. */
  play(itemId: string, contentIndex: number, pcm: Pcm16): void;
  /** No more sound comes for this item. */
  end(itemId: string): void;
  /**
   * Silence, at once. Resolves when the output is silent, with what was queued, in playing order, and how much of each
   * item was rendered; empty when nothing was playing.
   */
  flush(): Promise<HeardItem[]>;
  /** Plays softly, or swells back. */
  duck(on: boolean): void;
  /**
   * Silence, at once, keeping what is queued and what still comes. Resolves when the output is silent, with what waits
   * and how far each item was heard. A `flush` may follow, or a `resume`.
   */
  hold(): Promise<HeardItem[]>;
  /** Plays on after a hold, from the last pause in speech before it. */
  resume(): void;
  /** What the output renders, silence left out, at positions on the microphone's clock. One listener. */
  onRendered(listener: (pcm: Pcm16, frame: number) => void): void;
  onStarted(listener: (itemId: string) => void): void;
  onFinished(listener: (heard: HeardItem) => void): void;
}
