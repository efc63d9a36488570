/** Quanta of 128 frames in one reading: 32 ms at 24 kHz, about 30 readings a second. */
export const QUANTA_PER_READING = 6;

/** Takes RMS levels for the picture and leaves the last one in shared memory. Allocates nothing after construction. */
export class LevelMeter {
  private readonly sum = new Float64Array(1);
  private frames = 0;
  private pieces = 0;

  /** The reading, 0..1, goes to `gauges[index]`, one after every `perReading` pieces. */
  constructor(
    private readonly gauges: Float64Array,
    private readonly index: number,
    private readonly perReading: number,
  ) {}

  /** Nothing sounds any more. */
  clear(): void {
    this.gauges[this.index] = 0;
    this.sum[0] = 0;
    this.frames = 0;
    this.pieces = 0;
  }

  /** Takes the first `count` samples of one piece; the rest of it was silence. */
  add(samples: Float32Array, count: number): void {
    let sum = this.sum[0] as number;
    for (let i = 0; i < count; i++) sum += (samples[i] as number) * (samples[i] as number);
    this.sum[0] = sum;
    this.frames += count;
    if (++this.pieces < this.perReading) return;
    this.gauges[this.index] = this.frames === 0 ? 0 : Math.min(1, Math.sqrt(sum / this.frames));
    this.sum[0] = 0;
    this.frames = 0;
    this.pieces = 0;
  }
}
