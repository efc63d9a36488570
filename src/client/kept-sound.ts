/** Sound of the microphone that was not sent and may yet be: the newest of one stream, by its position in it. */
import { msToSamples, type Pcm16 } from '../shared/audio';

/** Milliseconds that are kept while nothing speaks for keeping more. */
export const KEPT_MS = 3000;
/** Milliseconds that are kept at most. */
export const KEPT_MAX_MS = 30_000;

export interface KeptSound {
  /** Samples of the stream so far. */
  readonly end: number;
  /** Adds to the end. What lies before `from`, and is older than `KEPT_MS`, is forgotten. */
  add(pcm: Pcm16, from: number): void;
  /** Takes out everything from the position `from` on, and forgets the rest. */
  take(from: number): Pcm16[];
}

export function createKeptSound(): KeptSound {
  let chunks: { start: number; pcm: Pcm16 }[] = [];
  let end = 0;
  return {
    get end() {
      return end;
    },
    add(pcm, from) {
      chunks.push({ start: end, pcm });
      end += pcm.length;
      const keepFrom = Math.max(Math.min(from, end - msToSamples(KEPT_MS)), end - msToSamples(KEPT_MAX_MS));
      while (chunks[0] && chunks[0].start + chunks[0].pcm.length <= keepFrom) chunks.shift();
    },
    take(from) {
      const taken = chunks.flatMap(({ start, pcm }) => {
        const piece = pcm.subarray(Math.max(0, from - start));
        return piece.length === 0 ? [] : [piece];
      });
      chunks = [];
      return taken;
    },
  };
}
