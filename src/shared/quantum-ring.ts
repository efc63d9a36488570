/** Most samples in one slot: the render quantum of an audio context. */
export const QUANTUM_FRAMES = 128;

const WRITTEN = 0;
const READ = 1;
const WAKE_AT = 2;
const HEADER_WORDS = 4;
const HEADER_BYTES = HEADER_WORDS * Int32Array.BYTES_PER_ELEMENT;
const SLOT_BYTES =
  Float64Array.BYTES_PER_ELEMENT +
  QUANTUM_FRAMES * Float32Array.BYTES_PER_ELEMENT +
  Int32Array.BYTES_PER_ELEMENT;

/**
 * Sound on its way from the audio thread to one reader, in shared memory and without locks: slots of up to
 * `QUANTUM_FRAMES` samples, each with the frame of its first one, so that a gap needs no mark of its own.
 *
 * One side writes and the other reads; the counters wrap at 32 bits. Writing allocates nothing.
 */
export class QuantumRing {
  private readonly words: Int32Array;
  private readonly frames: Float64Array;
  private readonly samples: Float32Array;
  private readonly lengths: Int32Array;
  private readonly mask: number;

  constructor(buffer: SharedArrayBuffer) {
    const slots = (buffer.byteLength - HEADER_BYTES) / SLOT_BYTES;
    this.mask = slots - 1;
    this.words = new Int32Array(buffer, 0, HEADER_WORDS);
    this.frames = new Float64Array(buffer, HEADER_BYTES, slots);
    const samplesAt = HEADER_BYTES + this.frames.byteLength;
    this.samples = new Float32Array(buffer, samplesAt, slots * QUANTUM_FRAMES);
    this.lengths = new Int32Array(buffer, samplesAt + this.samples.byteLength, slots);
  }

  /** Memory for `slots` slots, a power of two. */
  static allocate(slots: number): SharedArrayBuffer {
    if (slots < 1 || (slots & (slots - 1)) !== 0) throw new Error('the number of slots is no power of two');
    return new SharedArrayBuffer(HEADER_BYTES + slots * SLOT_BYTES);
  }

  /**
   * Writes the first `count` samples, the first at `frame`; 0 of them make an empty slot. False when the ring is full
   * and what did not fit is lost.
   */
  write(samples: Float32Array, count: number, frame: number): boolean {
    let written = Atomics.load(this.words, WRITTEN);
    let from = 0;
    do {
      if (((written - Atomics.load(this.words, READ)) | 0) > this.mask) return false;
      const slot = written & this.mask;
      const length = Math.min(QUANTUM_FRAMES, count - from);
      const base = slot * QUANTUM_FRAMES;
      for (let i = 0; i < length; i++) this.samples[base + i] = samples[from + i] as number;
      this.frames[slot] = frame + from;
      this.lengths[slot] = length;
      from += length;
      written = (written + 1) | 0;
      Atomics.store(this.words, WRITTEN, written);
    } while (from < count);
    return true;
  }

  /** The reader asked to be woken at what is written by now. */
  get due(): boolean {
    return ((Atomics.load(this.words, WRITTEN) - Atomics.load(this.words, WAKE_AT)) | 0) >= 0;
  }

  /** Reader: asks to be woken when `slots` more than were read are there. */
  wakeAfter(slots: number): void {
    Atomics.store(this.words, WAKE_AT, (Atomics.load(this.words, READ) + slots) | 0);
  }

  /** Reader: hands out every slot there is, oldest first. The samples are a view that is only good during the call. */
  drain(take: (samples: Float32Array, frame: number) => void): void {
    let read = Atomics.load(this.words, READ);
    while (read !== Atomics.load(this.words, WRITTEN)) {
      const slot = read & this.mask;
      const base = slot * QUANTUM_FRAMES;
      const length = this.lengths[slot] as number;
      take(this.samples.subarray(base, base + length), this.frames[slot] as number);
      read = (read + 1) | 0;
      Atomics.store(this.words, READ, read);
    }
  }
}
