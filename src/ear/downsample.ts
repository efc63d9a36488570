/** 24 kHz to 16 kHz with little delay: the detectors hear 16 kHz, and every millisecond here is one of theirs. */
import type { Pcm16 } from '../shared/audio';

/** Taps at 48 kHz, the common multiple of both rates: a delay of half of them, 0.5 ms. */
const TAPS = 48;

/** Hz where the filter is at half: little is left of what would fold back, and speech loses nothing that matters. */
const CUTOFF = 7000;

const COMMON_RATE = 48_000;

export interface Downsampler {
  /** Writes what `pcm` gives (two samples for three) behind `at` in `into`, in -1..1; returns how many those are. */
  push(pcm: Pcm16, into: Float32Array, at: number): number;
  reset(): void;
}

export function createDownsampler(): Downsampler {
  const taps = designFilter();
  const half = TAPS / 2;
  /** The newest samples, twice over, so that every window of them is one piece. */
  const history = new Float32Array(2 * half);
  /** Position of the next output sample within the input, in samples at the common rate. */
  let phase = 0;
  let newest = 0;

  return {
    push(pcm, into, at) {
      let written = 0;
      for (const sample of pcm) {
        newest = newest === half - 1 ? 0 : newest + 1;
        history[newest] = sample / 0x8000;
        history[newest + half] = sample / 0x8000;
        // An input sample spans two positions at the common rate, an output sample three.
        for (; phase < 2; phase += 3) {
          let sum = 0;
          for (let tap = 1 - phase, at = newest + half; tap < TAPS; tap += 2, at--) {
            sum += (taps[tap] as number) * (history[at] as number);
          }
          into[at + written++] = sum;
        }
        phase -= 2;
      }
      return written;
    },
    reset() {
      history.fill(0);
      phase = 0;
    },
  };
}

/** A windowed sinc. Each phase uses every second tap; its gain is 1. */
function designFilter(): Float32Array {
  const taps = new Float32Array(TAPS);
  const centre = (TAPS - 1) / 2;
  for (let i = 0; i < TAPS; i++) {
    const x = ((i - centre) * 2 * CUTOFF) / COMMON_RATE;
    const sinc = Math.sin(Math.PI * x) / (Math.PI * x);
    const window =
      0.42 -
      0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / TAPS) +
      0.08 * Math.cos((4 * Math.PI * (i + 0.5)) / TAPS);
    taps[i] = sinc * window;
  }
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => (2 * tap) / sum);
}
