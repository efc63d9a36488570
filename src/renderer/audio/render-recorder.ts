import { CHUNK_SAMPLES, sampleToPcm16 } from '../../shared/audio';

/**
 * Gathers what was rendered, silence left out, into stretches of at most 20 ms. A stretch never spans a silence, so
 * its `frame` and length place every sample on the context's clock.
 */
export class RenderRecorder {
  private readonly pcm = new Int16Array(CHUNK_SAMPLES);
  private filled = 0;
  private frame = 0;

  /** `listener` gets a copy as PCM16 and the position of its first sample. */
  constructor(private readonly listener: (audio: ArrayBuffer, frame: number) => void) {}

  /** Takes the first `soundFrames` samples of one quantum that began at `frame`; the rest of it was silence. */
  add(samples: Float32Array, soundFrames: number, frame: number): void {
    for (let i = 0; i < soundFrames; i++) {
      if (this.filled === 0) this.frame = frame + i;
      this.pcm[this.filled++] = sampleToPcm16(samples[i] as number);
      if (this.filled === CHUNK_SAMPLES) this.finish();
    }
    if (soundFrames < samples.length) this.finish();
  }

  /** Hands out what is gathered so far. */
  finish(): void {
    if (this.filled === 0) return;
    this.listener(this.pcm.slice(0, this.filled).buffer, this.frame);
    this.filled = 0;
  }
}
