/** Reads from what a run recorded (src/main/recorder.ts) how the audio path did. Pure. */
import type { HeardItem } from '../../../src/shared/audio-port';
import type { Entry } from '../timeline';
import type { AudioClock } from './audio-clock';

export interface Flush {
  /** Milliseconds since the recording began, on the main process's clock. */
  atMs: number;
  /** Milliseconds until the main process knew that the output is silent; null when it was never told. */
  tookMs: number | null;
  /** Milliseconds until the output was silent, true to a millisecond; null when that is not known. */
  silentMs: number | null;
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

const UNANSWERED = {
  tookMs: null,
  silentMs: null,
  sounding: true,
  soundAfterMs: 0,
  wallClockErrorMs: null,
};

/** Every flush of a run, in order. `epochMs` is the timeline's 0 on the clock of the audio thread. */
export function flushesOf(timeline: readonly Entry[], epochMs: number, clock: AudioClock): Flush[] {
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
        return { ...UNANSWERED, atMs: flush.atMs };
      }
      const cut = answer.items.find(
        ({ renderedFrames, receivedFrames }) => renderedFrames > 0 && renderedFrames < receivedFrames,
      );
      const since = cut && firstDelta.get(cut.itemId);
      const tookMs = answer.atMs - flush.atMs;
      const silentAt = clock(answer.frame);
      return {
        atMs: flush.atMs,
        tookMs,
        // Whole milliseconds may place the silence before the flush, or after the answer that tells it.
        silentMs: silentAt === null ? null : Math.min(tookMs, Math.max(0, silentAt - epochMs - flush.atMs)),
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
