/**
 * Is this sound our own answer, however loud and however late it comes back? Nothing learned goes into it: both sounds
 * are made equally strong at every frequency and compared at every delay; an echo stands out as one sharp peak.
 */
import { createRealFft } from './fft';
import { EAR_RATE, ECHO } from './parameters';

/** Samples of the sound that are compared: 128 ms. */
export const LIKENESS_SAMPLES = 2048;

/** Samples of the answer before and within them: delays up to 384 ms. */
export const LIKENESS_REFERENCE = 8192;

/** Hz between which voices differ; below, every room hums, and above, little is left of an echo. */
const LOW = 200;
const HIGH = 5000;

/** Samples by which the delay of an echo may differ from itself: 2 ms, for reflections and rounding. */
const SAME_DELAY = 32;

/** Samples over which both sounds fade in and out: 8 ms. */
const EDGE = 128;

/** Comparisons that are remembered, and how many of them must agree on a delay. */
const VOTES = 8;
const AGREEING = 2;

/** Peak over mean from which a comparison has a vote. */
const CLEAR = 12;

export interface EchoLikeness {
  /**
   * Whether `sound` is an echo of `reference`, as far as can be told. Both end at the same moment, `sound` being
   * `LIKENESS_SAMPLES` and `reference` `LIKENESS_REFERENCE` long. `young`: the room is new, and doubt counts as an echo.
   */
  isEcho(sound: Float32Array, reference: Float32Array, young: boolean): boolean;
  /** Learns the echo's delay from a sound that may hold one. */
  learn(sound: Float32Array, reference: Float32Array): void;
  /** The microphone was opened anew: the delay may be another. */
  forget(): void;
}

export function createEchoLikeness(): EchoLikeness {
  const size = LIKENESS_REFERENCE;
  const fft = createRealFft(size);
  const bins = size / 2 + 1;
  const block = new Float32Array(size);
  const answer = new Float32Array(size);
  const aRe = new Float32Array(bins);
  const aIm = new Float32Array(bins);
  const bRe = new Float32Array(bins);
  const bIm = new Float32Array(bins);
  const low = Math.round((LOW * size) / EAR_RATE);
  const high = Math.round((HIGH * size) / EAR_RATE);
  const lags = size - LIKENESS_SAMPLES;

  const votes: number[] = [];

  const vote = ({ at, height }: { at: number; height: number }) => {
    if (height < CLEAR) return;
    votes.push(at);
    if (votes.length > VOTES) votes.shift();
  };

  /** The delay that comparisons agreed on last; null when they do not. */
  const known = (): number | null => {
    for (let i = votes.length - 1; i >= 0; i--) {
      const vote = votes[i] as number;
      if (votes.filter((other) => Math.abs(other - vote) <= SAME_DELAY).length >= AGREEING) return vote;
    }
    return null;
  };

  /** Peak over mean of all delays, looked for at the delays from `from` to `to`. */
  const peak = (from: number, to: number) => {
    let sum = 0;
    for (let lag = 0; lag <= lags; lag++) sum += (block[lag] as number) ** 2;
    let most = 0;
    let at = 0;
    for (let lag = Math.max(0, from); lag <= Math.min(lags, to); lag++) {
      const value = Math.abs(block[lag] as number);
      if (value > most) {
        most = value;
        at = lag;
      }
    }
    return { at, height: most / (Math.sqrt(sum / (lags + 1)) + 1e-12) };
  };

  /** Correlates the last `samples` of the sound. */
  const compare = (sound: Float32Array, reference: Float32Array, samples = LIKENESS_SAMPLES) => {
    block.fill(0);
    block.set(sound.subarray(LIKENESS_SAMPLES - samples), size - samples);
    taper(block, size - samples);
    fft.forward(block, aRe, aIm);
    answer.set(reference);
    taper(answer, 0);
    fft.forward(answer, bRe, bIm);
    for (let k = 0; k < bins; k++) {
      if (k < low || k > high) {
        aRe[k] = 0;
        aIm[k] = 0;
        continue;
      }
      const re = (aRe[k] as number) * (bRe[k] as number) + (aIm[k] as number) * (bIm[k] as number);
      const im = (aIm[k] as number) * (bRe[k] as number) - (aRe[k] as number) * (bIm[k] as number);
      const size = Math.sqrt(re * re + im * im) + 1e-12;
      aRe[k] = re / size;
      aIm[k] = im / size;
    }
    fft.inverse(aRe, aIm, block);
  };

  return {
    isEcho(sound, reference, young) {
      const delay = known();
      // Where the delay is known less sound will do, and what an echo left before the voice began does not count.
      compare(sound, reference, delay === null || young ? LIKENESS_SAMPLES : LIKENESS_SAMPLES / 2);
      if (delay === null) {
        const found = peak(0, lags);
        vote(found);
        return found.height >= (young ? ECHO.likenessYoung : ECHO.likeness);
      }
      return peak(delay - SAME_DELAY, delay + SAME_DELAY).height >= ECHO.likenessAtDelay;
    },
    learn(sound, reference) {
      compare(sound, reference);
      vote(peak(0, lags));
    },
    forget() {
      votes.length = 0;
    },
  };
}

/** Fades the ends of what lies from `start` on: hard edges are alike in any two sounds. */
function taper(sound: Float32Array, start: number) {
  for (let i = 0; i < EDGE; i++) {
    const gain = 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / EDGE);
    sound[start + i] = (sound[start + i] as number) * gain;
    sound[sound.length - 1 - i] = (sound[sound.length - 1 - i] as number) * gain;
  }
}
