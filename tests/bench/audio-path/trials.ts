/** How often each thing is tried, and in what rhythm. */
import type { Mode } from '../figure';

export interface Trials {
  flush: {
    /** Answers interrupted while nothing else happens. */
    idle: number;
    /** Answers interrupted whose delivery stalled before. */
    stalled: number;
    /** Times the UI thread is blocked. */
    blocks: number;
  };
  capture: {
    /** Seconds of microphone sound timed while nothing else happens. */
    seconds: number;
    blocks: number;
  };
  /** Microphone sound is timed all the while. */
  baseline: { idle: number; blocks: number };
}

export const TRIALS: Record<Mode, Trials> = {
  smoke: {
    flush: { idle: 15, stalled: 2, blocks: 2 },
    capture: { seconds: 4, blocks: 2 },
    baseline: { idle: 15, blocks: 2 },
  },
  quick: {
    flush: { idle: 48, stalled: 3, blocks: 4 },
    capture: { seconds: 5, blocks: 3 },
    baseline: { idle: 20, blocks: 3 },
  },
  full: {
    flush: { idle: 220, stalled: 15, blocks: 30 },
    capture: { seconds: 60, blocks: 15 },
    baseline: { idle: 200, blocks: 15 },
  },
};

/** A program that is connected and hears has done what it does at its start after this. */
export const SETTLE_MS = 500;
export const BLOCK_MS = 2000;
/** Between two blocks, so that each begins with everything as usual. */
export const BETWEEN_BLOCKS_MS = 600;
/** An answer of this length is interrupted long before it ends. */
export const ANSWER_MS = 900;
/** An answer that stalls: how much of it comes first, and how long nothing is left to play. */
export const STALL = { soundMs: 250, pauseMs: 300 };
/** The answer has begun to sound by then. */
const INTERRUPT_AFTER_MS = 180;
/** Wider than the longest period in which a sound device asks for sound. */
const SPREAD_MS = 25;
const GOLDEN_RATIO = 0.618_033_988_75;

/** Milliseconds of sound before interruption `i`: evenly spread, so that no device's rhythm falls in with it. */
export function interruptAfterMs(i: number): number {
  return INTERRUPT_AFTER_MS + ((i * GOLDEN_RATIO) % 1) * SPREAD_MS;
}

/** Where in the block the flush of block `i` of `blocks` comes, in milliseconds: evenly spread over it. */
export function phaseMs(i: number, blocks: number): number {
  return ((i + 0.5) / blocks) * BLOCK_MS;
}
