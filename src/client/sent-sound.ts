/** Sound of a turn that was sent and not committed: should the connection be lost, the next session gets it too. */
import { type Pcm16, samplesToMs } from '../shared/audio';
import { KEPT_MAX_MS } from './kept-sound';

export interface SentSound {
  /** A turn begins with what is added from now on. */
  begin(): void;
  add(pcm: Pcm16): void;
  /** What is to be sent again. Once: it may be what brings the server down. */
  again(): readonly Pcm16[];
  /** The turn was committed, or is none. */
  forget(): void;
}

export function createSentSound(): SentSound {
  let chunks: Pcm16[] | null = null;
  let samples = 0;
  let repeated = false;
  return {
    begin() {
      chunks = [];
      samples = 0;
      repeated = false;
    },
    add(pcm) {
      if (chunks === null) return;
      chunks.push(pcm);
      samples += pcm.length;
      while (samplesToMs(samples) > KEPT_MAX_MS) samples -= chunks.shift()?.length ?? 0;
    },
    again() {
      if (repeated) chunks = null;
      repeated = true;
      return chunks ?? [];
    },
    forget() {
      chunks = null;
    },
  };
}
