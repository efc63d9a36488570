/**
 * Takes out of the microphone what is a linear echo of the reference: a filter in the frequency domain, cut into
 * partitions, whose step for each partition and frequency comes from a Kalman model of how uncertain it still is.
 * So it learns in tenths of a second, needs no delay to be told, and stands still while somebody speaks over the echo.
 */
import { createRealFft } from '../shared/fft';
import { HOP_SAMPLES } from './parameters';

const FFT_SIZE = 512;
const BINS = FFT_SIZE / 2 + 1;

/** Samples of the echo's path that one partition covers; with a hop it fits into one transform. */
const PARTITION_SAMPLES = 2 * HOP_SAMPLES;

/** Partitions whose filter is brought back to its length at each hop, in turn: doing all would cost four times as much. */
const CONSTRAINED_PER_HOP = 6;

/** What is known of a partition at first: its power gain may be about this. */
const PRIOR_POWER = 0.02;

/** Share of what is known that is still true 10 ms later: rooms change within minutes, not within syllables. */
const MEMORY = 0.996;

/** Weight of the past in the spectrum of what the filter cannot explain; about 50 ms. */
const RESIDUAL_SMOOTHING = 0.8;

/** Highest sample of a hop from which it teaches something; -54 dBFS. */
const AUDIBLE = 0.002;

/** Keeps divisions finite at a power far below one bit of sound. */
const TINY = 1e-9;

export interface EchoCanceller {
  /**
   * `mic` and `reference` are the same hop; `into` receives what is left of `mic`, `estimate` what was taken for echo.
   */
  process(mic: Float32Array, reference: Float32Array, into: Float32Array, estimate: Float32Array): void;
  /** The sound so far is forgotten, the room is not. */
  resetSound(): void;
}

/** `pathMs` is how much of the echo's path is modelled, in milliseconds. */
export function createEchoCanceller(pathMs: number): EchoCanceller {
  const count = Math.ceil((pathMs * 16) / PARTITION_SAMPLES);
  const fft = createRealFft(FFT_SIZE);
  const spectra = (n: number) => Array.from({ length: n }, () => new Float32Array(BINS));
  // Of the reference: one spectrum a hop, and a partition is two hops.
  const depth = 2 * count;
  const xRe = spectra(depth);
  const xIm = spectra(depth);
  const hRe = spectra(count);
  const hIm = spectra(count);
  const uncertainty = spectra(count);
  for (const p of uncertainty) p.fill(PRIOR_POWER);

  const heard = new Float32Array(FFT_SIZE);
  const block = new Float32Array(FFT_SIZE);
  const re = new Float32Array(BINS);
  const im = new Float32Array(BINS);
  const errorRe = new Float32Array(BINS);
  const errorIm = new Float32Array(BINS);
  const residual = new Float32Array(BINS).fill(TINY);
  const step = new Float32Array(BINS);
  let newest = 0;
  let constrained = 0;

  const constrain = (p: number) => {
    const filterRe = hRe[p] as Float32Array;
    const filterIm = hIm[p] as Float32Array;
    fft.inverse(filterRe, filterIm, block);
    block.fill(0, PARTITION_SAMPLES);
    fft.forward(block, filterRe, filterIm);
  };

  /** Where in the ring the spectrum for partition `p` is. */
  const slot = (p: number) => (newest - 2 * p + depth) % depth;

  const filter = () => {
    re.fill(0);
    im.fill(0);
    for (let p = 0; p < count; p++) {
      const s = slot(p);
      const a = xRe[s] as Float32Array;
      const b = xIm[s] as Float32Array;
      const c = hRe[p] as Float32Array;
      const d = hIm[p] as Float32Array;
      for (let k = 0; k < BINS; k++) {
        const ak = a[k] as number;
        const bk = b[k] as number;
        const ck = c[k] as number;
        const dk = d[k] as number;
        re[k] = (re[k] as number) + ak * ck - bk * dk;
        im[k] = (im[k] as number) + ak * dk + bk * ck;
      }
    }
  };

  const adapt = (memory: number) => {
    step.fill(0);
    for (let p = 0; p < count; p++) {
      const s = slot(p);
      const a = xRe[s] as Float32Array;
      const b = xIm[s] as Float32Array;
      const v = uncertainty[p] as Float32Array;
      for (let k = 0; k < BINS; k++) {
        step[k] = (step[k] as number) + ((a[k] as number) ** 2 + (b[k] as number) ** 2) * (v[k] as number);
      }
    }
    // A hop of errors stands for a whole transform: its power counts by their ratio.
    const share = HOP_SAMPLES / FFT_SIZE;
    for (let k = 0; k < BINS; k++) {
      const power = (errorRe[k] as number) ** 2 + (errorIm[k] as number) ** 2;
      residual[k] = RESIDUAL_SMOOTHING * (residual[k] as number) + (1 - RESIDUAL_SMOOTHING) * power;
      step[k] = 1 / (share * (step[k] as number) + (residual[k] as number) + TINY);
    }
    for (let p = 0; p < count; p++) {
      const s = slot(p);
      const a = xRe[s] as Float32Array;
      const b = xIm[s] as Float32Array;
      const c = hRe[p] as Float32Array;
      const d = hIm[p] as Float32Array;
      const v = uncertainty[p] as Float32Array;
      for (let k = 0; k < BINS; k++) {
        const ak = a[k] as number;
        const bk = b[k] as number;
        const ek = errorRe[k] as number;
        const fk = errorIm[k] as number;
        const known = v[k] as number;
        const mu = known * (step[k] as number);
        const ck = memory * ((c[k] as number) + mu * (ak * ek + bk * fk));
        const dk = memory * ((d[k] as number) + mu * (ak * fk - bk * ek));
        c[k] = ck;
        d[k] = dk;
        const learned = 1 - share * mu * (ak * ak + bk * bk);
        v[k] =
          memory * memory * learned * known +
          (1 - memory * memory) * (ck * ck + dk * dk + PRIOR_POWER * 0.01);
      }
    }
    for (let n = 0; n < CONSTRAINED_PER_HOP; n++) {
      constrained = (constrained + 1) % count;
      constrain(constrained);
    }
  };

  return {
    process(mic, reference, into, estimate) {
      heard.copyWithin(0, HOP_SAMPLES);
      heard.set(reference, FFT_SIZE - HOP_SAMPLES);
      newest = (newest + 1) % depth;
      fft.forward(heard, xRe[newest] as Float32Array, xIm[newest] as Float32Array);
      filter();
      fft.inverse(re, im, block);
      for (let i = 0; i < HOP_SAMPLES; i++) {
        const echo = block[FFT_SIZE - HOP_SAMPLES + i] as number;
        estimate[i] = echo;
        into[i] = (mic[i] as number) - echo;
      }
      block.fill(0);
      block.set(into, FFT_SIZE - HOP_SAMPLES);
      fft.forward(block, errorRe, errorIm);
      // In a pause nothing can be learned, so nothing is forgotten either.
      adapt(peak(reference) > AUDIBLE ? MEMORY : 1);
    },
    resetSound() {
      heard.fill(0);
      for (const x of xRe) x.fill(0);
      for (const x of xIm) x.fill(0);
    },
  };
}

function peak(samples: Float32Array): number {
  let most = 0;
  for (const s of samples) most = Math.max(most, Math.abs(s));
  return most;
}
