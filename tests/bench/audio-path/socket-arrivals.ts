/** Which sound arrived at the socket when. Each piece is known again by its bytes in what the microphone gave. */
import { pcm16ToBytes } from '../../../src/shared/audio';
import type { Arrival } from './arrivals';

export interface Sent {
  /** Base64 of PCM16. */
  audio: string;
  atMs: number;
}

interface Chunk {
  frame: number;
  samples: number;
}

export interface SocketArrivals {
  arrivals: Arrival[];
  /** Pieces that are not the next, or a later, chunk of the microphone. */
  unknown: number;
}

/**
 * Gives every piece of `sent` its frame. `chunks` are those that came from the worklet, in order, `microphone` their
 * sound. Sound is sent in the order in which it was heard, so of chunks that are the same the next one is meant.
 */
export function placeSent(
  sent: readonly Sent[],
  chunks: readonly Chunk[],
  microphone: { pcm: Int16Array; frame: number },
): SocketArrivals {
  const sounds = chunks.map(({ frame, samples }) => {
    const at = frame - microphone.frame;
    return Buffer.from(pcm16ToBytes(microphone.pcm.subarray(at, at + samples))).toString('base64');
  });
  const arrivals: Arrival[] = [];
  let unknown = 0;
  let next = 0;
  for (const { audio, atMs } of sent) {
    const index = sounds.indexOf(audio, next);
    const chunk = chunks[index];
    if (!chunk) {
      unknown++;
      continue;
    }
    next = index + 1;
    arrivals.push({ frame: chunk.frame, samples: chunk.samples, atMs });
  }
  return { arrivals, unknown };
}
