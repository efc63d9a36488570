/** Wakes one thread from another without a message: a counter in shared memory that its owner waits on. */
export class Bell {
  /** The counter; the waiting side hands it to `Atomics.waitAsync`. */
  readonly words: Int32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer);
  }

  static allocate(): SharedArrayBuffer {
    return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  }

  /** How often it was rung. */
  get count(): number {
    return Atomics.load(this.words, 0);
  }

  /** Allocates nothing, so the audio thread may ring. */
  ring(): void {
    Atomics.add(this.words, 0, 1);
    Atomics.notify(this.words, 0);
  }
}
