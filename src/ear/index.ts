/**
 * What the microphone carries besides our own answer, found on this computer while the sound is on its way to the
 * server. Knows nothing of conversations; what is done about a sound is the client's judgement.
 */
import type { Pcm16 } from '../shared/audio';

export interface Ear {
  readonly name: string;
  /** Takes one chunk of the microphone, 20 ms at 24 kHz (the last of a stream may be shorter), and says what it hears now. */
  hear(pcm: Pcm16, frame: number): Hearing;
  /** Takes what the loudspeaker renders, on the same clock of frames; silence is left out. */
  reference(pcm: Pcm16, frame: number): void;
  /** The microphone was opened anew: nothing is known of its echo. */
  forgetRoom(): void;
  /** Forgets the sound so far; what was learned of the room stays. */
  reset(): void;
}

/** A stretch is sound with no longer pause in it than `PAUSE_MS`. */
export interface Hearing {
  /** 'likely': a sound that may be a voice; 'voice': a voice. Our own echo is neither. */
  sound: 'none' | 'likely' | 'voice';
  /** Milliseconds since the running stretch began, its first soft sound included; 0 when none runs. */
  stretchMs: number;
  /** Milliseconds of voice in the running stretch, or in the last one when none runs. */
  voiceMs: number;
  /** What was heard of the stretch can be hummed or coughed: nothing in it needs a word ("mm-hm"). */
  wordless: boolean;
  /** The microphone carries our own answer loudly enough to be taken for a sound. */
  echo: boolean;
}

export { createEar, type EarOptions } from './create-ear';
export { createEnergyEar } from './energy-ear';
export { PAUSE_MS } from './pause';
