/**
 * When a turn begins and ends, from the speech probability of each VAD frame. Pure: a state goes in, a state comes
 * out, and the options may differ from frame to frame, so a session can change them while somebody speaks.
 */
import { samplesToMs } from '../shared/audio';
import { ENGINE_SAMPLE_RATE, VAD_FRAME_SAMPLES } from './backends';

/** Length of one frame in milliseconds. */
export const FRAME_MS = samplesToMs(VAD_FRAME_SAMPLES, ENGINE_SAMPLE_RATE);

/** Speech shorter than this is a click or a cough, not a turn; also the delay before an interruption is noticed. */
const MIN_SPEECH_MS = 64;

/** Speech that has begun goes on down to this much below the threshold, so that a soft syllable does not end it. */
const HYSTERESIS = 0.15;

export interface TurnOptions {
  /** Speech probability from which sound is speech, 0..1. */
  threshold: number;
  /** Milliseconds of silence that end a turn. */
  silenceDurationMs: number;
}

export type TurnState =
  | { state: 'quiet' }
  | { state: 'starting'; speechMs: number }
  | { state: 'speaking' }
  | { state: 'stopping'; silenceMs: number };

export type TurnEvent =
  /** Speech began `speechMs` before the end of this frame. */
  { type: 'started'; speechMs: number } | { type: 'stopped' };

export const QUIET: TurnState = { state: 'quiet' };

/** What one more frame with speech probability `probability` makes of `state`. */
export function detectTurn(
  state: TurnState,
  probability: number,
  options: TurnOptions,
): { state: TurnState; event: TurnEvent | null } {
  switch (state.state) {
    case 'quiet':
    case 'starting': {
      if (probability < options.threshold) return { state: QUIET, event: null };
      const speechMs = (state.state === 'starting' ? state.speechMs : 0) + FRAME_MS;
      return speechMs < MIN_SPEECH_MS
        ? { state: { state: 'starting', speechMs }, event: null }
        : { state: { state: 'speaking' }, event: { type: 'started', speechMs } };
    }
    case 'speaking':
    case 'stopping': {
      if (probability >= Math.max(options.threshold - HYSTERESIS, 0.01)) {
        return { state: { state: 'speaking' }, event: null };
      }
      const silenceMs = (state.state === 'stopping' ? state.silenceMs : 0) + FRAME_MS;
      return silenceMs < options.silenceDurationMs
        ? { state: { state: 'stopping', silenceMs }, event: null }
        : { state: QUIET, event: { type: 'stopped' } };
    }
    default:
      return state satisfies never;
  }
}
