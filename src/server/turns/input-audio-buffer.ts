import { msToSamples, type Pcm16, SAMPLE_RATE, samplesToMs } from '../../shared/audio';
import { ENGINE_SAMPLE_RATE } from '../backends';
import type { Resampler } from '../wire/resampler';

/**
 * What was appended and not yet committed, as it came (24 kHz) and as the engines hear it (16 kHz).
 * Times are milliseconds of audio since the session began.
 */
export class InputAudioBuffer {
  private readonly wire = new SampleQueue(SAMPLE_RATE);
  private readonly engine = new SampleQueue(ENGINE_SAMPLE_RATE);

  constructor(private readonly resampler: Resampler) {}

  /** Adds 24 kHz samples; gives the same sound at 16 kHz, a few milliseconds late. */
  append(pcm: Pcm16): Pcm16 {
    this.wire.push(pcm);
    const resampled = this.resampler.push(pcm);
    this.engine.push(resampled);
    return resampled;
  }

  /** The last milliseconds, which the resampler still held, at 16 kHz: the sound ends here. */
  finish(): Pcm16 {
    const rest = this.resampler.flush();
    this.engine.push(rest);
    return rest;
  }

  /** Samples at 24 kHz that are buffered. */
  get bufferedSamples(): number {
    return this.wire.length;
  }

  /** Length of what is buffered. */
  get bufferedMs(): number {
    return samplesToMs(this.wire.length);
  }

  /** Where the buffered audio ends. */
  get endMs(): number {
    return samplesToMs(this.wire.end);
  }

  /** Where the buffered audio begins. */
  get startMs(): number {
    return this.endMs - this.bufferedMs;
  }

  /** Where what the engines hear ends: the resampler is a few milliseconds behind. */
  get engineEndMs(): number {
    return samplesToMs(this.engine.end, ENGINE_SAMPLE_RATE);
  }

  /** Forgets what lies before `ms`. */
  dropBefore(ms: number): void {
    this.wire.dropBefore(ms);
    this.engine.dropBefore(ms);
  }

  /** Everything buffered, at 16 kHz. */
  engineAudio(): Pcm16 {
    return this.engine.join();
  }

  /** Everything buffered, at 24 kHz; the buffer is empty afterwards. */
  take(): Pcm16 {
    const audio = this.wire.join();
    this.dropBefore(this.endMs);
    return audio;
  }

  /** Forgets everything, what the resampler still holds too. */
  clear(): void {
    this.finish();
    this.dropBefore(this.endMs);
  }

  close(): void {
    this.resampler.close();
  }
}

/** Samples that come at one end and go at the other; knows how many there have ever been. */
class SampleQueue {
  private chunks: Pcm16[] = [];
  private start = 0;
  length = 0;

  constructor(private readonly sampleRate: number) {}

  get end(): number {
    return this.start + this.length;
  }

  push(pcm: Pcm16): void {
    if (pcm.length === 0) return;
    this.chunks.push(pcm);
    this.length += pcm.length;
  }

  dropBefore(ms: number): void {
    let drop = Math.min(msToSamples(ms, this.sampleRate) - this.start, this.length);
    if (drop <= 0) return;
    this.start += drop;
    this.length -= drop;
    let whole = 0;
    while (whole < this.chunks.length && drop >= (this.chunks[whole] as Pcm16).length) {
      drop -= (this.chunks[whole] as Pcm16).length;
      whole++;
    }
    this.chunks.splice(0, whole);
    if (drop > 0) this.chunks[0] = (this.chunks[0] as Pcm16).subarray(drop);
  }

  join(): Pcm16 {
    const all = new Int16Array(this.length);
    let at = 0;
    for (const chunk of this.chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }
}
