import { CHUNK_SAMPLES, msToSamples, type Pcm16, samplesToMs, sampleToPcm16 } from '../../shared/audio';

/** The longest pre-roll in milliseconds; the ring's fixed size follows from it. */
export const PRE_ROLL_MAX_MS = 300;

/** Takes one chunk. `pcm` is a view that the next chunk overwrites; `frame` is the position of its first sample. */
export type ChunkListener = (pcm: Pcm16, frame: number) => void;

/**
 * Makes 20 ms chunks of PCM16 from quanta of any length, and keeps the last `PRE_ROLL_MAX_MS` in a ring while nothing
 * is sent, so that the first word survives the key press. Allocates nothing after construction except where a
 * chunk is cut short.
 */
export class CaptureBuffer {
  private readonly ring = new Int16Array(msToSamples(PRE_ROLL_MAX_MS));
  private ringEnd = 0;
  private ringFilled = 0;

  private readonly chunk = new Int16Array(CHUNK_SAMPLES);
  private filled = 0;
  /** Position of the first sample in `chunk`. */
  private chunkFrame = 0;
  /** Position of the sample that comes next when nothing is missing. */
  private nextFrame = 0;
  private sending = false;

  constructor(private readonly listener: ChunkListener) {}

  /** Takes samples (-1..1; outside is clipped), the first at position `frame`. A gap before them cuts the running chunk. */
  write(input: Float32Array, frame: number): void {
    if (frame !== this.nextFrame) this.interrupt();
    this.nextFrame = frame + input.length;
    for (let i = 0; i < input.length; i++) {
      const sample = sampleToPcm16(input[i] as number);
      if (this.sending) this.append(sample, frame + i);
      else this.keep(sample);
    }
  }

  /** Sends from now on, first up to `preRollMs` milliseconds (at most `PRE_ROLL_MAX_MS`) of what was kept. */
  start(preRollMs: number): void {
    if (this.sending) return;
    this.sending = true;
    const count = Math.min(this.ringFilled, msToSamples(Math.max(0, preRollMs)));
    const size = this.ring.length;
    for (let i = count; i > 0; i--) {
      this.append(this.ring[(this.ringEnd - i + size) % size] as number, this.nextFrame - i);
    }
    this.ringFilled = 0;
  }

  /** Sends what is left of the running chunk, then keeps again. Returns the position just after the last sample. */
  stop(): number {
    this.cut();
    this.sending = false;
    return this.nextFrame;
  }

  /** The input ceased: sends what is left of the running chunk and forgets what was kept, which joins on to nothing. */
  interrupt(): void {
    this.cut();
    this.ringFilled = 0;
  }

  /** Milliseconds a `start` could reach back now. */
  get keptMs(): number {
    return samplesToMs(this.ringFilled);
  }

  private append(sample: number, frame: number): void {
    if (this.filled === 0) this.chunkFrame = frame;
    this.chunk[this.filled++] = sample;
    if (this.filled < CHUNK_SAMPLES) return;
    this.filled = 0;
    this.listener(this.chunk, this.chunkFrame);
  }

  private keep(sample: number): void {
    this.ring[this.ringEnd] = sample;
    this.ringEnd = (this.ringEnd + 1) % this.ring.length;
    if (this.ringFilled < this.ring.length) this.ringFilled++;
  }

  private cut(): void {
    if (this.filled > 0) this.listener(this.chunk.slice(0, this.filled), this.chunkFrame);
    this.filled = 0;
  }
}
