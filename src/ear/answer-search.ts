/**
 * Where in our own answer is this sound, however loud and however late it comes back? Nothing learned goes into it: both
 * are made equally strong at every frequency and compared at every delay; an echo stands out as one sharp peak.
 */
import { createRealFft } from '../shared/fft';
import { EAR_RATE } from './parameters';

/** Samples of a sound that are given: 256 ms. */
export const LIKENESS_SAMPLES = 4096;

/** Longest delay that is looked for, in samples: 384 ms. */
const LONGEST = 6144;

/** Samples of the answer before and within them. */
export const LIKENESS_REFERENCE = LIKENESS_SAMPLES + LONGEST;

/** The next power of two that holds the answer and leaves room for every delay. */
const FFT_SIZE = 16_384;
const BINS = FFT_SIZE / 2 + 1;

/** Hz between which voices differ; below, every room hums, and above, little is left of an echo. */
const LOW = Math.round((200 * FFT_SIZE) / EAR_RATE);
const HIGH = Math.round((5000 * FFT_SIZE) / EAR_RATE);

/** Samples over which both sounds fade in and out: 8 ms. */
const EDGE = 128;

/** Samples that are looked at one by one for whether the answer was loud enough: 10 ms, with a tail of 50 ms. */
const PIECE = 160;
const TAIL_PIECES = 5;

/** Power of the answer over that of a sound from which it may be its echo: an echo is no more than 6 dB louder. */
const LEAST_SHARE = 0.25;

/** Share of a sound's power that the answer must have been loud enough for. */
const EXPLAINED = 0.9;

/** How far both sounds are made equally strong, 0..1: wholly for a height that tells, less to find the delay of a loud echo. */
const WHOLLY = 1;
export const PARTLY = 0.6;

export interface Peak {
  /** The delay, in samples. */
  at: number;
  /** Peak over mean of all delays; 0 where the answer was too soft for the sound. */
  height: number;
}

export interface AnswerSearch {
  /** The answer that is searched from now on; `LIKENESS_REFERENCE` long. */
  take(answer: Float32Array): void;
  /** Looks for `sound`, which ends when the answer ends and has at most `LIKENESS_SAMPLES`, at delays `from` to `to`. */
  find(sound: Float32Array, options?: { from?: number; to?: number; evenness?: number }): Peak;
}

export function createAnswerSearch(): AnswerSearch {
  const fft = createRealFft(FFT_SIZE);
  const block = new Float32Array(FFT_SIZE);
  const aRe = new Float32Array(BINS);
  const aIm = new Float32Array(BINS);
  const bRe = new Float32Array(BINS);
  const bIm = new Float32Array(BINS);
  let answer: Float32Array = new Float32Array(LIKENESS_REFERENCE);

  /** Leaves in `block` how alike both are at every delay. */
  const compare = (sound: Float32Array, evenness: number) => {
    place(sound, block);
    fft.forward(block, aRe, aIm);
    for (let k = 0; k < BINS; k++) {
      if (k < LOW || k > HIGH) {
        aRe[k] = 0;
        aIm[k] = 0;
        continue;
      }
      const re = (aRe[k] as number) * (bRe[k] as number) + (aIm[k] as number) * (bIm[k] as number);
      const im = (aIm[k] as number) * (bRe[k] as number) - (aRe[k] as number) * (bIm[k] as number);
      const size = Math.sqrt(re * re + im * im) ** evenness + 1e-12;
      aRe[k] = re / size;
      aIm[k] = im / size;
    }
    fft.inverse(aRe, aIm, block);
  };

  return {
    take(next) {
      answer = next;
      place(answer, block);
      fft.forward(block, bRe, bIm);
    },
    find(sound, { from = 0, to = LONGEST, evenness = WHOLLY } = {}) {
      compare(sound, evenness);
      let sum = 0;
      for (let lag = 0; lag <= LONGEST; lag++) sum += (block[lag] as number) ** 2;
      let most = 0;
      let at = 0;
      // At the first and the last delays the ends of both meet and are alike.
      for (let lag = Math.max(EDGE, from); lag <= Math.min(LONGEST - EDGE, to); lag++) {
        const value = Math.abs(block[lag] as number);
        if (value > most) {
          most = value;
          at = lag;
        }
      }
      const possible = mayBeEcho(sound, answer.subarray(0, answer.length - at));
      return { at, height: possible ? most / (Math.sqrt(sum / (LONGEST + 1)) + 1e-12) : 0 };
    },
  };
}

/** Puts `sound` at the end of `into`, its ends faded: hard edges are alike in any two sounds. */
function place(sound: Float32Array, into: Float32Array) {
  const start = into.length - sound.length;
  into.fill(0, 0, start);
  into.set(sound, start);
  for (let i = 0; i < EDGE; i++) {
    const gain = 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / EDGE);
    into[start + i] = (into[start + i] as number) * gain;
    into[into.length - 1 - i] = (into[into.length - 1 - i] as number) * gain;
  }
}

/** Whether the end of `played` was loud enough, all along, to leave an echo like `sound`. */
function mayBeEcho(sound: Float32Array, played: Float32Array): boolean {
  let all = 0;
  let explained = 0;
  for (let end = 0; end < sound.length; end += PIECE) {
    const power = energy(sound, sound.length - end);
    let most = 0;
    for (let tail = 0; tail <= TAIL_PIECES; tail++) {
      most = Math.max(most, energy(played, played.length - end - tail * PIECE));
    }
    all += power;
    if (LEAST_SHARE * power <= most) explained += power;
  }
  return explained >= EXPLAINED * all;
}

/** Of the piece before `end`. */
function energy(sound: Float32Array, end: number): number {
  let sum = 0;
  for (let i = Math.max(0, end - PIECE); i < end; i++) sum += (sound[i] as number) ** 2;
  return sum;
}
