import { CHUNK_SAMPLES, type Pcm16 } from '../../shared/audio';
import type { ChunkListener } from './capture-buffer';

/** Chunks in one bundle: 100 ms. */
export const BUNDLE_CHUNKS = 5;

/**
 * dBFS of each 10 ms up to which a chunk is quiet. The ear takes nothing below -56 for a sound (src/ear/parameters), and
 * 10 ms that lie across two pieces hold at most twice the power of the louder one.
 */
export const QUIET_DB = -60;

/** Samples that are looked at in one go: 10 ms. */
const PIECE = CHUNK_SAMPLES / 2;
const QUIET_SQUARES = PIECE * (0x8000 * 10 ** (QUIET_DB / 20)) ** 2;

/**
 * Hands chunks on, each at once; while resting, quiet ones by the bundle, because every message wakes four threads. A
 * chunk that is not quiet is never late, and brings along what waits. Allocates nothing after construction except where a
 * bundle is cut short.
 */
export class ChunkBundle {
  private readonly bundle = new Int16Array(BUNDLE_CHUNKS * CHUNK_SAMPLES);
  private filled = 0;
  private frame = 0;
  private resting = false;

  /** `listener` gets views that the next call overwrites: a chunk, or a bundle of whole chunks. */
  constructor(private readonly listener: ChunkListener) {}

  rest(on: boolean): void {
    this.resting = on;
    if (!on) this.release();
  }

  /** Takes one chunk, the first sample at `frame`. */
  take(pcm: Pcm16, frame: number): void {
    if (!this.resting || pcm.length !== CHUNK_SAMPLES || !isQuiet(pcm)) {
      this.release();
      this.listener(pcm, frame);
      return;
    }
    if (frame !== this.frame + this.filled) this.release();
    if (this.filled === 0) this.frame = frame;
    this.bundle.set(pcm, this.filled);
    this.filled += pcm.length;
    if (this.filled === this.bundle.length) this.release();
  }

  /** Hands on what waits. */
  release(): void {
    const { filled } = this;
    if (filled === 0) return;
    this.filled = 0;
    this.listener(filled === this.bundle.length ? this.bundle : this.bundle.slice(0, filled), this.frame);
  }
}

function isQuiet(chunk: Pcm16): boolean {
  return squares(chunk, 0) <= QUIET_SQUARES && squares(chunk, PIECE) <= QUIET_SQUARES;
}

function squares(pcm: Pcm16, from: number): number {
  let sum = 0;
  for (let i = from; i < from + PIECE; i++) sum += (pcm[i] as number) ** 2;
  return sum;
}
