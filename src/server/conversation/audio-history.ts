import { msToSamples, type Pcm16, samplesToMs } from '../../shared/audio';
import type { Entry } from './conversation';

/**
 * The sound of a conversation's items, at most `maxBytes` of it: what was said first is forgotten first. An item keeps
 * its sound whole or not at all, but for an answer that was cut off.
 */
export class AudioHistory {
  private bytes = 0;

  /** `entries` are the conversation's, in order. */
  constructor(
    private readonly entries: readonly Entry[],
    private readonly maxBytes: number,
  ) {}

  /** `entry` joined the conversation. */
  add(entry: Entry): void {
    this.bytes += bytesOf(entry);
    this.makeRoom();
  }

  /** `entry` left it. */
  remove(entry: Entry): void {
    this.bytes -= bytesOf(entry);
  }

  /** The answer `entry` goes on with `pcm`, which is kept, not copied. */
  append({ answer }: Entry, pcm: Pcm16): void {
    // Sound that was cut off is not heard, and the end of what lost its beginning is worth nothing.
    if (answer === null || answer.audio === null || answer.heardMs !== null) return;
    answer.audio.push(pcm);
    this.bytes += pcm.byteLength;
    this.makeRoom();
  }

  /** Only the first `ms` of the answer `entry` were heard. */
  cut({ answer }: Entry, ms: number): void {
    if (answer === null || answer.audio === null) return;
    const before = bytesIn(answer.audio);
    let room = msToSamples(ms);
    answer.audio = answer.audio.flatMap((piece) => {
      const heard = piece.slice(0, room);
      room -= heard.length;
      return heard.length === 0 ? [] : [heard];
    });
    this.bytes -= before - bytesIn(answer.audio);
  }

  private makeRoom(): void {
    for (const entry of this.entries) {
      if (this.bytes <= this.maxBytes) return;
      this.bytes -= bytesOf(entry);
      forget(entry);
    }
  }
}

function forget({ speech, answer }: Entry): void {
  if (speech !== null && speech.audio.length > 0) {
    speech.forgottenMs = samplesToMs(speech.audio.length, speech.sampleRate);
    speech.audio = new Int16Array(0);
  }
  if (answer !== null) answer.audio = null;
}

function bytesOf({ speech, answer }: Entry): number {
  return (speech?.audio.byteLength ?? 0) + bytesIn(answer?.audio ?? []);
}

function bytesIn(pieces: readonly Pcm16[]): number {
  return pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
