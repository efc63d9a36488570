import type { Pcm16 } from '../../../shared/audio';
import type { Flite, FliteOptions } from './program';
import { finishSound } from './sound';

/** One phrase as it is to be spoken. */
export interface Phrase extends FliteOptions {
  text: string;
  /** What follows it, which decides how long a pause it leaves. */
  end: 'sentence' | 'phrase';
}

export interface PhraseSpeaker {
  /**
   * The sound of one phrase at FLITE_SAMPLE_RATE; phrases are spoken one at a time, in order. After an abort of `signal`
   * a phrase that waits is not spoken, and the sound is empty.
   */
  speak(phrase: Phrase, signal: AbortSignal): Promise<Pcm16>;
  close(): Promise<void>;
}

/** Speaks on the thread that calls. */
export async function speakPhrase(flite: Flite, { text, end, ...options }: Phrase): Promise<Pcm16> {
  return finishSound(await flite.speak(text, options), end);
}
