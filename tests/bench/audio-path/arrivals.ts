/** Sound that arrived somewhere: how old it was, and what is missing of it. Pure. */
import type { AudioClock } from './audio-clock';

/** A stretch of sound that arrived at `atMs`; `frame` is that of its first sample, at 24 kHz. */
export interface Arrival {
  frame: number;
  samples: number;
  atMs: number;
}

const FRAMES_PER_MS = 24;

const endFrame = ({ frame, samples }: Arrival): number => frame + samples;

/** Wall clock minus audio clock, in milliseconds, were the arrival as fast as can be. */
const offsetMs = (arrival: Arrival): number => arrival.atMs - endFrame(arrival) / FRAMES_PER_MS;

/** For each arrival the milliseconds since its first sample was processed; those the clock does not know are left out. */
export function latencies(arrivals: readonly Arrival[], clock: AudioClock): number[] {
  return arrivals.flatMap(({ frame, atMs }) => {
    const processedMs = clock(frame);
    return processedMs === null ? [] : [atMs - processedMs];
  });
}

export interface Gaps {
  /** Samples that never arrived between the first and the last arrival. */
  missingFrames: number;
  /** The longest time between two arrivals in a row, in milliseconds. */
  longestMs: number;
}

/** What is missing among `arrivals`, in order of time, and how long one waited for the next. */
export function gapsOf(arrivals: readonly Arrival[]): Gaps {
  let missingFrames = 0;
  let longestMs = 0;
  for (let i = 1; i < arrivals.length; i++) {
    const before = arrivals[i - 1] as Arrival;
    const arrival = arrivals[i] as Arrival;
    missingFrames += Math.max(0, arrival.frame - endFrame(before));
    longestMs = Math.max(longestMs, arrival.atMs - before.atMs);
  }
  return { missingFrames, longestMs };
}

/** A time in which something held up arrivals or not, in milliseconds. */
export interface Span {
  startMs: number;
  endMs: number;
}

export interface HeldUp extends Gaps {
  /**
   * Milliseconds by which the audio clock fell behind the wall clock over the span: sound that a device gave while the
   * audio thread did not run is lost without a gap in the frames. A few up or down are jitter; NaN where no sound came
   * before or after.
   */
  slipMs: number;
}

/** What became of `arrivals`, in order of time, in each span, the first one after it included. */
export function heldUp(arrivals: readonly Arrival[], spans: readonly Span[]): HeldUp[] {
  return spans.map(({ startMs, endMs }) => {
    const first = arrivals.findIndex(({ atMs }) => atMs >= startMs);
    const after = arrivals.findIndex(({ atMs }) => atMs > endMs);
    const held = first < 0 ? [] : arrivals.slice(Math.max(0, first - 1), after < 0 ? undefined : after + 1);
    const fastest = (fromMs: number, toMs: number) =>
      Math.min(...arrivals.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs).map(offsetMs));
    const slipMs = fastest(endMs, endMs + SLIP_WINDOW_MS) - fastest(startMs - SLIP_WINDOW_MS, startMs);
    return { ...gapsOf(held), slipMs: Number.isFinite(slipMs) ? slipMs : Number.NaN };
  });
}

const SLIP_WINDOW_MS = 500;
