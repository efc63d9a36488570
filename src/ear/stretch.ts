/** Stretches of sound, from what each chunk held. Pure: a state goes in, a state comes out. */
import { PAUSE_MS } from './pause';

export interface Stretch {
  /** Milliseconds since its first soft sound; 0 when none runs. */
  lengthMs: number;
  /** Milliseconds of voice in it, or in the last one. */
  voiceMs: number;
  /** Milliseconds since its last voice, or since its last sound while it has none. */
  pauseMs: number;
}

export const NO_STRETCH: Stretch = { lengthMs: 0, voiceMs: 0, pauseMs: 0 };

/** What `chunkMs` more of sound make of `stretch`. A stretch that once held a voice is kept running by voice alone. */
export function nextStretch(stretch: Stretch, sound: 'none' | 'likely' | 'voice', chunkMs: number): Stretch {
  if (stretch.lengthMs === 0) {
    if (sound === 'none') return stretch;
    return { lengthMs: chunkMs, voiceMs: sound === 'voice' ? chunkMs : 0, pauseMs: 0 };
  }
  const goesOn = sound === 'voice' || (sound === 'likely' && stretch.voiceMs === 0);
  const pauseMs = goesOn ? 0 : stretch.pauseMs + chunkMs;
  if (pauseMs >= PAUSE_MS) return { lengthMs: 0, voiceMs: stretch.voiceMs, pauseMs: 0 };
  return {
    lengthMs: stretch.lengthMs + chunkMs,
    voiceMs: stretch.voiceMs + (sound === 'voice' ? chunkMs : 0),
    pauseMs,
  };
}
