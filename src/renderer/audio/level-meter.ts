/** Quanta of 128 frames in one reading: 32 ms at 24 kHz, about 30 readings a second. */
const QUANTA_PER_READING = 6;

/** RMS level readings for the picture. Silence is read once and then no more until sound comes back. */
export class LevelMeter {
  private sum = 0;
  private frames = 0;
  private quanta = 0;
  private silent = true;

  /** Takes one quantum; `samples` is null where there is none. Returns a level (0..1) when a reading is due, else null. */
  add(samples: Float32Array | null): number | null {
    if (samples) {
      for (let i = 0; i < samples.length; i++) this.sum += (samples[i] as number) ** 2;
      this.frames += samples.length;
    }
    if (++this.quanta < QUANTA_PER_READING) return null;
    const level = this.frames === 0 ? 0 : Math.min(1, Math.sqrt(this.sum / this.frames));
    this.sum = 0;
    this.frames = 0;
    this.quanta = 0;
    if (level === 0 && this.silent) return null;
    this.silent = level === 0;
    return level;
  }
}
