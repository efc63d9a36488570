import { msToSamples, type Pcm16, rms } from './audio';

/** How far back a pause is looked for, in milliseconds. */
export const LOOK_BACK_MS = 1000;

/** How far back it goes on where there is no pause. */
export const REWIND_MS = 250;

const WINDOW_FRAMES = msToSamples(20);
const STEP_FRAMES = msToSamples(5);

/** A pause is below -50 dB of full scale, or 26 dB below the loudest part of what is looked at. */
const PAUSE_LEVEL = 0.003;
const PAUSE_SHARE = 0.05;

/**
 * Where speech goes on after it was held: how many frames before the end of `lookBack`, which is what was heard of the
 * item last, at most `LOOK_BACK_MS` of it. The middle of its quietest 20 ms that are a pause, the last of several; else
 * `REWIND_MS`, or all of it where that is less.
 */
export function rewindFrames(lookBack: Pcm16): number {
  let quietest = Number.POSITIVE_INFINITY;
  let loudest = 0;
  let at = 0;
  for (let start = lookBack.length - WINDOW_FRAMES; start >= 0; start -= STEP_FRAMES) {
    const level = rms(lookBack.subarray(start, start + WINDOW_FRAMES));
    if (level > loudest) loudest = level;
    if (level >= quietest) continue;
    quietest = level;
    at = start;
  }
  const isPause = quietest < Math.max(PAUSE_LEVEL, loudest * PAUSE_SHARE);
  if (isPause) return lookBack.length - at - WINDOW_FRAMES / 2;
  return Math.min(lookBack.length, msToSamples(REWIND_MS));
}
