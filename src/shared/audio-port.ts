/**
 * Messages on the two ports between the main process and the page's sound worker, which keeps the books and meets the
 * audio thread in shared memory. The UI thread passes each port on once and never sees what goes through it.
 *
 * Audio is posted as an ArrayBuffer of little-endian PCM16 at 24 kHz mono. A buffer in a transfer list to
 * Electron's MessagePortMain is lost, so senders post copies.
 *
 * `frame` is a position on the audio context's clock in rendered frames at 24 kHz (AudioWorkletGlobalScope.currentFrame).
 * The microphone is joined to that clock when it opens, to about 10 ms (src/renderer/audio/capture-clock.ts).
 *
 * "Rendered" and "heard" are counted where the audio graph ends: a sample counts once the context took it. It then
 * stands in buffers of the context and the device for `outputMs` (the `latency` event), from which nothing can call it
 * back. So at a flush or hold the frames up to `frame` still sound, for `outputMs` longer, and rightly count as heard;
 * from `frame` on the graph gives silence.
 */

/** From main, about the microphone. */
export type CaptureCommand =
  /** Sends from now on, first up to `preRollMs` milliseconds of what was heard before (0 for none). */
  | { type: 'start'; preRollMs: number }
  /** Sends what is left of the running chunk, then `stopped`, then nothing. */
  | { type: 'stop' }
  /** Nobody waits for silence: until it is taken back, or a start or stop, quiet chunks may come five at a time. */
  | { type: 'rest'; on: boolean };

/** To main, about the microphone. */
export type CaptureEvent =
  /** The microphone delivers, for the first time or again. */
  | { type: 'ready'; frame: number }
  /**
   * 20 ms of sound (the last one before `stopped` may be shorter), or several times 20 ms of quiet at rest. `frame` is
   * that of its first sample.
   */
  | { type: 'chunk'; audio: ArrayBuffer; frame: number }
  | { type: 'stopped'; frame: number };

/** From main, about the loudspeaker. */
export type PlaybackCommand =
  /** Queues sound behind what is queued. Dropped when `itemId` was flushed before. */
  | { type: 'play'; itemId: string; contentIndex: number; audio: ArrayBuffer }
  /** No more sound comes for this item: `finished` follows once all of it was rendered. */
  | { type: 'end'; itemId: string }
  /** Fades out within 2 ms and forgets the queue; answered by `flushed` with the same `flushId`. */
  | { type: 'flush'; flushId: number }
  /** Plays softly while it is uncertain whether somebody speaks, and swells back. Off at first and after a flush. */
  | { type: 'duck'; on: boolean }
  /** Fades out within 2 ms and keeps the queue; answered by `held`. Sound that comes meanwhile is queued. */
  | { type: 'hold'; holdId: number }
  /** After a hold: plays on from a pause in speech shortly before it. Without a hold nothing happens. */
  | { type: 'resume' }
  /** Switches `rendered` events on or off; off at first. */
  | { type: 'record'; on: boolean };

/**
 * How much of one item's audio was queued and how far the output came in it, in frames at 24 kHz. What was rendered
 * twice, before a hold and after it, counts once.
 */
export interface HeardItem {
  itemId: string;
  contentIndex: number;
  renderedFrames: number;
  receivedFrames: number;
}

/** To main, about the loudspeaker. */
export type PlaybackEvent =
  | { type: 'ready'; frame: number }
  /** The first sample of an item was rendered. */
  | { type: 'started'; itemId: string; frame: number }
  /** The last sample of an ended item was rendered. */
  | { type: 'finished'; heard: HeardItem; frame: number }
  /** The output is silent since `frame`. `items` are those that were queued, in playing order; each was cut. */
  | { type: 'flushed'; flushId: number; items: HeardItem[]; frame: number }
  /** The output is silent since `frame`. `items` are those that wait, in playing order, as far as each was heard. */
  | { type: 'held'; holdId: number; items: HeardItem[]; frame: number }
  /** The queue ran dry in the middle of an item. */
  | { type: 'underrun'; itemId: string; frame: number }
  /** What was rendered, silence left out; only while recording. */
  | { type: 'rendered'; audio: ArrayBuffer; frame: number }
  /** Milliseconds between rendering and the loudspeaker, as the browser estimates it; told when it changes by 10 or more. */
  | { type: 'latency'; outputMs: number };
