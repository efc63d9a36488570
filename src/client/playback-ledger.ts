/** What was given to the speaker and is not yet known to be heard: the bookkeeping behind interruption. */
import { SAMPLE_RATE, samplesToMs } from '../shared/audio';
import type { HeardItem } from '../shared/audio-port';
import { createTextTrack, type TextTrack } from './heard-text';

export interface PlayingItem {
  readonly itemId: string;
  readonly responseId: string;
  readonly contentIndex: number;
  readonly track: TextTrack;
  /** Samples received at 24 kHz. */
  samples: number;
  /** Its first sample was rendered. */
  started: boolean;
  /** No more sound comes. */
  ended: boolean;
  /** The server that made it no longer holds it as sound: its connection was lost. */
  orphaned: boolean;
}

export interface PlaybackLedger {
  /** Some item has begun to sound and is not finished. */
  readonly playing: boolean;
  /** Nothing is queued or playing. */
  readonly empty: boolean;
  isFlushed(itemId: string): boolean;
  /** Sound that came for an item which nobody will hear: it counts as flushed. */
  markFlushed(itemId: string): void;
  addText(itemId: string, responseId: string, delta: string): void;
  addAudio(itemId: string, responseId: string, contentIndex: number, samples: number): void;
  /** No more sound for the item; false when it has none or was ended before. */
  end(itemId: string): boolean;
  /** Items with sound that are not ended, of one response or of all. */
  unended(responseId?: string): string[];
  /** False when the item is not known or was flushed. */
  start(itemId: string): boolean;
  finish(itemId: string): boolean;
  /** Takes out everything with sound, in playing order; all of it counts as flushed from now on. */
  cut(): PlayingItem[];
  /** The server session is over; what is queued plays on. */
  orphan(): void;
}

export function createPlaybackLedger(): PlaybackLedger {
  const items = new Map<string, PlayingItem>();
  const flushed = new Set<string>();
  const sounding = () => [...items.values()].filter((item) => item.samples > 0);

  const itemOf = (itemId: string, responseId: string, contentIndex: number): PlayingItem => {
    const known = items.get(itemId);
    if (known) return known;
    const item: PlayingItem = {
      itemId,
      responseId,
      contentIndex,
      track: createTextTrack(),
      samples: 0,
      started: false,
      ended: false,
      orphaned: false,
    };
    items.set(itemId, item);
    return item;
  };

  return {
    get playing() {
      return sounding().some((item) => item.started);
    },
    get empty() {
      return sounding().length === 0;
    },
    isFlushed: (itemId) => flushed.has(itemId),
    markFlushed(itemId) {
      items.delete(itemId);
      flushed.add(itemId);
    },
    addText(itemId, responseId, delta) {
      if (!flushed.has(itemId)) itemOf(itemId, responseId, 0).track.addText(delta);
    },
    addAudio(itemId, responseId, contentIndex, samples) {
      const item = itemOf(itemId, responseId, contentIndex);
      item.samples += samples;
      item.track.setReceivedMs(samplesToMs(item.samples, SAMPLE_RATE));
    },
    end(itemId) {
      const item = items.get(itemId);
      if (!item || item.ended || item.samples === 0) return false;
      item.ended = true;
      return true;
    },
    unended: (responseId) =>
      sounding()
        .filter((item) => !item.ended && (responseId === undefined || item.responseId === responseId))
        .map((item) => item.itemId),
    start(itemId) {
      const item = items.get(itemId);
      if (!item || item.started) return false;
      item.started = true;
      return true;
    },
    finish: (itemId) => items.delete(itemId),
    cut() {
      const cut = sounding();
      for (const { itemId } of cut) {
        items.delete(itemId);
        flushed.add(itemId);
      }
      return cut;
    },
    orphan() {
      for (const [itemId, item] of items) {
        if (item.samples === 0) items.delete(itemId);
        else item.orphaned = true;
      }
    },
  };
}

export interface Cut {
  /** For `conversation.item.truncate`: whole milliseconds, never more than was received. */
  audioEndMs: number;
  receivedMs: number;
  /** All of it was heard: nothing is to be truncated. */
  whole: boolean;
}

/**
 * Where `item` was cut. `heard` is the speaker's word on it; a speaker that has none left was still waiting to begin
 * (nothing was heard) or had run dry (all that came was heard).
 */
export function cutOf(
  item: Pick<PlayingItem, 'samples' | 'started' | 'ended'>,
  heard: Pick<HeardItem, 'renderedFrames'> | undefined,
): Cut {
  const rendered = Math.min(
    item.samples,
    Math.max(0, heard?.renderedFrames ?? (item.started ? item.samples : 0)),
  );
  return {
    audioEndMs: Math.floor(samplesToMs(rendered)),
    receivedMs: Math.floor(samplesToMs(item.samples)),
    whole: item.ended && rendered === item.samples,
  };
}
