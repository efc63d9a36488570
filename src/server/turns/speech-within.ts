import { setImmediate } from 'node:timers/promises';
import { msToSamples, type Pcm16, samplesToMs } from '../../shared/audio';
import { ENGINE_SAMPLE_RATE } from '../backends';
import type { DetectedTurn, SpeechDetector } from './speech-detector';
import type { TurnOptions } from './turn-detector';

/** Longer sound is looked at in blocks, between which others are served. */
const BLOCK_SAMPLES = msToSamples(500, ENGINE_SAMPLE_RATE);

/**
 * Where in `audio` (16 kHz, ending at `endMs`) somebody began to speak, in milliseconds, and the latest that was detected since; null
 * when nobody speaks, or after an abort of `closing`. The detector goes on from there.
 */
export async function speechWithin(
  detector: SpeechDetector,
  audio: Pcm16,
  endMs: number,
  options: TurnOptions,
  closing: AbortSignal,
): Promise<{ beganMs: number; latest: DetectedTurn } | null> {
  let beganMs: number | null = null;
  let latest: DetectedTurn | null = null;
  for (let at = 0; at < audio.length; at += BLOCK_SAMPLES) {
    const block = audio.subarray(at, at + BLOCK_SAMPLES);
    const behindMs = samplesToMs(audio.length - at - block.length, ENGINE_SAMPLE_RATE);
    for (const detected of detector.push(block, endMs - behindMs, options)) {
      const { event, atMs } = detected;
      if (event.type === 'started') beganMs ??= atMs - event.speechMs;
      latest = detected;
    }
    await setImmediate();
    if (closing.aborted) return null;
  }
  return beganMs === null || latest === null ? null : { beganMs, latest };
}
