import type { Pcm16 } from '../shared/audio';
import { createDownsampler } from './downsample';
import { EAR_RATE } from './parameters';

/** Samples kept: four seconds. */
const KEPT = 4 * EAR_RATE;

/** Samples by which a chunk may miss the end of the one before and still be its continuation: positions are rounded. */
const SEAM = 2;

/** What was rendered, at positions of the audio clock in samples at 16 kHz. */
export interface ReferenceTrack {
  write(pcm: Pcm16, frame: number): void;
  /** Fills `into` with what was rendered from `position` on; silence where nothing was. */
  read(position: number, into: Float32Array): void;
  /** Position behind the last sample rendered; -Infinity when nothing was. */
  end(): number;
  reset(): void;
}

/** Position at 16 kHz of a frame at 24 kHz. */
export function positionOf(frame: number): number {
  return Math.round((frame * 2) / 3);
}

export function createReferenceTrack(): ReferenceTrack {
  const ring = new Float32Array(KEPT);
  const downsampler = createDownsampler();
  let scratch = new Float32Array(1024);
  let end = Number.NEGATIVE_INFINITY;
  const index = (position: number) => ((position % KEPT) + KEPT) % KEPT;

  return {
    write(pcm, frame) {
      let at = positionOf(frame);
      if (Math.abs(at - end) <= SEAM) {
        at = end;
      } else {
        downsampler.reset();
        if (at - end >= KEPT || at < end) ring.fill(0);
        else for (let p = end; p < at; p++) ring[index(p)] = 0;
      }
      if (scratch.length < pcm.length) scratch = new Float32Array(pcm.length);
      const count = downsampler.push(pcm, scratch, 0);
      for (let i = 0; i < count; i++) ring[index(at + i)] = scratch[i] as number;
      end = at + count;
    },
    read(position, into) {
      for (let i = 0; i < into.length; i++) {
        const p = position + i;
        into[i] = p < end && p >= end - KEPT ? (ring[index(p)] as number) : 0;
      }
    },
    end: () => end,
    reset() {
      ring.fill(0);
      downsampler.reset();
      end = Number.NEGATIVE_INFINITY;
    },
  };
}
