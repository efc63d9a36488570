const WRITTEN = 0;
const READ = 1;
const HEADER_BYTES = 2 * Int32Array.BYTES_PER_ELEMENT;

/** Numbers in one record. */
const FIELDS = 5;
const RECORD_BYTES = FIELDS * Float64Array.BYTES_PER_ELEMENT;

/**
 * Short records of numbers from one thread to another, in shared memory and without locks: one side writes, the other
 * reads, nothing is lost or overtaken. Neither side allocates.
 */
export class RecordRing {
  private readonly words: Int32Array;
  private readonly fields: Float64Array;
  private readonly mask: number;

  constructor(buffer: SharedArrayBuffer) {
    const records = (buffer.byteLength - HEADER_BYTES) / RECORD_BYTES;
    this.mask = records - 1;
    this.words = new Int32Array(buffer, 0, 2);
    this.fields = new Float64Array(buffer, HEADER_BYTES, records * FIELDS);
  }

  /** Memory for `records` records, a power of two. */
  static allocate(records: number): SharedArrayBuffer {
    if (records < 1 || (records & (records - 1)) !== 0) {
      throw new Error('the number of records is no power of two');
    }
    return new SharedArrayBuffer(HEADER_BYTES + records * RECORD_BYTES);
  }

  /** Writer: records that fit now. */
  get room(): number {
    return this.mask + 1 - ((Atomics.load(this.words, WRITTEN) - Atomics.load(this.words, READ)) | 0);
  }

  /** Writer: adds a record; false when there is no room. */
  write(a: number, b: number, c: number, d: number, e: number): boolean {
    if (this.room <= 0) return false;
    const written = Atomics.load(this.words, WRITTEN);
    const base = (written & this.mask) * FIELDS;
    this.fields[base] = a;
    this.fields[base + 1] = b;
    this.fields[base + 2] = c;
    this.fields[base + 3] = d;
    this.fields[base + 4] = e;
    Atomics.store(this.words, WRITTEN, (written + 1) | 0);
    return true;
  }

  /** Reader: there is a record to look at. */
  get pending(): boolean {
    return Atomics.load(this.words, WRITTEN) !== Atomics.load(this.words, READ);
  }

  /** Reader: a field, 0 to 4, of the oldest record. */
  field(index: number): number {
    return this.fields[(Atomics.load(this.words, READ) & this.mask) * FIELDS + index] as number;
  }

  /** Reader: is done with the oldest record. */
  shift(): void {
    Atomics.store(this.words, READ, (Atomics.load(this.words, READ) + 1) | 0);
  }
}
