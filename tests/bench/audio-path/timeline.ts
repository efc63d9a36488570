/** Reads from what a run recorded (src/main/recorder.ts) how the audio path did. Pure. */
import type { HeardItem } from '../../../src/shared/audio-port';
import type { Entry } from '../timeline';

export interface Flush {
  /** Milliseconds since the recording began, on the main process's clock. */
  atMs: number;
  /** Milliseconds until the main process knew that the output is silent; null when it was never told. */
  tookMs: number | null;
  /** Something was sounding when the flush came. */
  sounding: boolean;
  /** Milliseconds of sound rendered after the output was said to be silent, before another item began. */
  soundAfterMs: number;
  /**
   * What a clock started at the first sound of the item from the server says was heard, minus what was rendered, in
   * milliseconds; null when nothing was cut.
   */
  wallClockErrorMs: number | null;
}

interface Flushed extends Entry {
  flushId: number;
  frame: number;
  items: HeardItem[];
}

interface Rendered extends Entry {
  frame: number;
  samples: number;
  level: number;
}

const FRAMES_PER_MS = 24;

/** Every flush of a run, in order. */
export function flushesOf(timeline: readonly Entry[]): Flush[] {
  const answers = new Map<number, Flushed>();
  const firstDelta = new Map<string, number>();
  const starts: number[] = [];
  const rendered: Rendered[] = [];
  for (const entry of timeline) {
    if (entry.kind === 'server' && entry.type === 'response.output_audio.delta') {
      const itemId = entry.item_id as string;
      if (!firstDelta.has(itemId)) firstDelta.set(itemId, entry.atMs);
    }
    if (entry.kind !== 'playback') continue;
    if (entry.type === 'flushed') answers.set(entry.flushId as number, entry as Flushed);
    if (entry.type === 'started') starts.push(entry.frame as number);
    if (entry.type === 'rendered') rendered.push(entry as Rendered);
  }
  return timeline
    .filter(({ kind }) => kind === 'flush')
    .map((flush): Flush => {
      const answer = answers.get(flush.flushId as number);
      if (!answer) {
        return { atMs: flush.atMs, tookMs: null, sounding: true, soundAfterMs: 0, wallClockErrorMs: null };
      }
      const cut = answer.items.find(
        ({ renderedFrames, receivedFrames }) => renderedFrames > 0 && renderedFrames < receivedFrames,
      );
      const since = cut && firstDelta.get(cut.itemId);
      return {
        atMs: flush.atMs,
        tookMs: answer.atMs - flush.atMs,
        sounding: cut !== undefined,
        soundAfterMs: soundAfter(answer.frame, starts, rendered),
        wallClockErrorMs:
          cut && since !== undefined ? flush.atMs - since - cut.renderedFrames / FRAMES_PER_MS : null,
      };
    });
}

function soundAfter(frame: number, starts: readonly number[], rendered: readonly Rendered[]): number {
  const until = starts.find((start) => start >= frame) ?? Number.POSITIVE_INFINITY;
  let frames = 0;
  for (const stretch of rendered) {
    if (stretch.level === 0) continue;
    const end = Math.min(stretch.frame + stretch.samples, until);
    frames += Math.max(0, end - Math.max(stretch.frame, frame));
  }
  return frames / FRAMES_PER_MS;
}

/** The microphone's chunks as the worklet numbered them, and when each was at the main process. */
export function chunksOf(timeline: readonly Entry[]): { frame: number; samples: number; atMs: number }[] {
  return timeline
    .filter(({ kind, type }) => kind === 'capture' && type === 'chunk')
    .map(({ frame, samples, atMs }) => ({ frame: frame as number, samples: samples as number, atMs }));
}

/** When each server event came, by its id. */
export function eventTimes(timeline: readonly Entry[]): Map<string, number> {
  const events = timeline.filter(({ kind }) => kind === 'server');
  return new Map(events.map(({ event_id, atMs }) => [String(event_id), atMs]));
}
