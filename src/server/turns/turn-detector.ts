/**
 * When a turn begins, pauses and ends, from the speech probability and the level of each VAD frame. Pure: a state goes
 * in, a state comes out, and the options may differ from frame to frame, so a session can change them while somebody speaks.
 */
import { samplesToMs } from '../../shared/audio';
import { ENGINE_SAMPLE_RATE, VAD_FRAME_SAMPLES } from '../backends';

/** Length of one frame in milliseconds. */
export const FRAME_MS = samplesToMs(VAD_FRAME_SAMPLES, ENGINE_SAMPLE_RATE);

/** Speech shorter than this is a click or a cough, not a turn; also the delay before an interruption is noticed. */
const MIN_SPEECH_MS = 96;

/** It is enough that speech lasts this long when its last frame is beyond doubt. */
const SURE = { speechMs: 64, probability: 0.8 };

/** Speech that has begun goes on down to this much below the threshold, so that a soft syllable does not end it. */
const HYSTERESIS = 0.15;

/**
 * A VAD looks back: Silero goes on saying "speech" for 30 to 160 ms after the last sound. Quiet of up to this length
 * before its "no" counts as silence, so that a turn ends `silenceDurationMs` after the voice and not after the VAD.
 */
const MAX_LAG_MS = 160;

/** Silence from which a turn may well be over: what takes time begins here and not at the turn's end. */
const PAUSE_MS = 160;

export interface TurnOptions {
  /** Speech probability from which sound is speech, 0..1. */
  threshold: number;
  /** Milliseconds of silence that end a turn. */
  silenceDurationMs: number;
}

/** What is known of one frame. */
export interface FrameFacts {
  /** Of speech, 0..1. */
  probability: number;
  /** How much of its end is quiet by level, in milliseconds; FRAME_MS when all of it is. */
  quietMs: number;
}

/** `silenceMs` is without speech by the VAD, `quietMs` without sound by the level; both up to the last frame's end. */
export type TurnState =
  | { state: 'quiet' }
  | { state: 'starting'; speechMs: number }
  | { state: 'speaking'; quietMs: number }
  | { state: 'stopping'; silenceMs: number; quietMs: number; paused: boolean };

export type TurnEvent =
  /** Speech began `speechMs` before the end of this frame. */
  | { type: 'started'; speechMs: number }
  /** Nothing was said for `silenceMs`: the turn may be over. Followed by `resumed` or `stopped`. */
  | { type: 'paused'; silenceMs: number }
  | { type: 'resumed' }
  | { type: 'stopped'; silenceMs: number };

export const QUIET: TurnState = { state: 'quiet' };

interface Step {
  state: TurnState;
  event: TurnEvent | null;
}

/** What one more frame makes of `state`. */
export function detectTurn(
  state: TurnState,
  { probability, quietMs: quietEndMs }: FrameFacts,
  options: TurnOptions,
): Step {
  switch (state.state) {
    case 'quiet':
    case 'starting': {
      if (probability < options.threshold) return { state: QUIET, event: null };
      const speechMs = (state.state === 'starting' ? state.speechMs : 0) + FRAME_MS;
      return speechMs < (probability < SURE.probability ? MIN_SPEECH_MS : SURE.speechMs)
        ? { state: { state: 'starting', speechMs }, event: null }
        : { state: { state: 'speaking', quietMs: quietEndMs }, event: { type: 'started', speechMs } };
    }
    case 'speaking':
    case 'stopping': {
      const quietMs = quietEndMs < FRAME_MS ? quietEndMs : state.quietMs + FRAME_MS;
      if (probability >= Math.max(options.threshold - HYSTERESIS, 0.01)) {
        const resumed = state.state === 'stopping' && state.paused;
        return { state: { state: 'speaking', quietMs }, event: resumed ? { type: 'resumed' } : null };
      }
      const stopping = state.state === 'stopping' ? state : null;
      return stopOrPause(
        {
          state: 'stopping',
          silenceMs: (stopping?.silenceMs ?? 0) + FRAME_MS,
          quietMs,
          paused: stopping?.paused ?? false,
        },
        options,
      );
    }
    default:
      return state satisfies never;
  }
}

/** What `quietMs` more without sound make of `state`, ahead of the VAD's judgement of them: they can end a turn. */
export function waitQuietly(state: TurnState, quietMs: number, options: TurnOptions): Step {
  if (state.state !== 'stopping') return { state, event: null };
  const silenceMs = silenceOf(state) + quietMs;
  return silenceMs < options.silenceDurationMs
    ? { state, event: null }
    : { state: QUIET, event: { type: 'stopped', silenceMs } };
}

type Stopping = Extract<TurnState, { state: 'stopping' }>;

function stopOrPause(state: Stopping, { silenceDurationMs }: TurnOptions): Step {
  const silenceMs = silenceOf(state);
  if (silenceMs >= silenceDurationMs) return { state: QUIET, event: { type: 'stopped', silenceMs } };
  if (state.paused || silenceMs < Math.min(PAUSE_MS, silenceDurationMs / 3)) return { state, event: null };
  return { state: { ...state, paused: true }, event: { type: 'paused', silenceMs } };
}

/** In noise nothing is ever quiet: then the VAD alone decides. So it does when a sound may be the next word's beginning. */
function silenceOf({ silenceMs, quietMs }: Stopping): number {
  return Math.max(silenceMs, Math.min(quietMs, silenceMs + MAX_LAG_MS));
}
