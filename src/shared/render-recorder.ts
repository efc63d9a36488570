import { CHUNK_SAMPLES, sampleToPcm16 } from './audio';

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

  /** Takes what was rendered from `frame` on; what does not join on to the last call begins a new stretch. */
  add(samples: Float32Array, frame: number): void {
    if (frame !== this.frame + this.filled || samples.length === 0) this.finish();
    for (let i = 0; i < samples.length; i++) {
      if (this.filled === 0) this.frame = frame + i;
      this.pcm[this.filled++] = sampleToPcm16(samples[i] as number);
      if (this.filled === CHUNK_SAMPLES) this.finish();
    }
  }

  /** Hands out what is gathered so far. */
  finish(): void {
    if (this.filled === 0) return;
    this.listener(this.pcm.slice(0, this.filled).buffer, this.frame);
    this.filled = 0;
  }
}
