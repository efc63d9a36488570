/** How periodic a sound is: what stands in for the network where its model is not there. Cannot tell music from a voice. */
import { createRealFft } from '../shared/fft';
import { EAR_RATE } from './parameters';
import type { SpeechProbability } from './speech-probability';

const SIZE = 1024;
const WINDOW = 512;

/** Periods of voices, in samples: 400 Hz to 75 Hz. */
const SHORTEST = EAR_RATE / 400;
const LONGEST = Math.round(EAR_RATE / 75);

/** Periodicity of a clear vowel and of breath; in between the probability rises evenly. */
const VOWEL = 0.75;
const BREATH = 0.45;

export function createVoicingProbability(): SpeechProbability {
  const fft = createRealFft(SIZE);
  const sound = new Float32Array(WINDOW);
  const block = new Float32Array(SIZE);
  const re = new Float32Array(SIZE / 2 + 1);
  const im = new Float32Array(SIZE / 2 + 1);
  const window = sound.map((_, i) => Math.sin((Math.PI * (i + 0.5)) / WINDOW) ** 2);
  const windowShape = autocorrelation(window).slice();
  let before = 0;

  function autocorrelation(samples: Float32Array): Float32Array {
    block.fill(0);
    block.set(samples);
    fft.forward(block, re, im);
    for (let k = 0; k < re.length; k++) {
      re[k] = (re[k] as number) ** 2 + (im[k] as number) ** 2;
      im[k] = 0;
    }
    fft.inverse(re, im, block);
    return block;
  }

  return {
    push(hop) {
      sound.copyWithin(0, hop.length);
      sound.set(hop, WINDOW - hop.length);
    },
    ask() {
      const shape = autocorrelation(sound.map((s, i) => s * (window[i] as number)));
      const power = (shape[0] as number) + 1e-9;
      let best = 0;
      for (let lag = SHORTEST; lag <= LONGEST; lag++) {
        // The window's own fading is taken out, so that low voices score as high ones do.
        const fading = (windowShape[lag] as number) / (windowShape[0] as number);
        best = Math.max(best, (shape[lag] as number) / power / fading);
      }
      const now = Math.max(0, Math.min(1, (best - BREATH) / (VOWEL - BREATH)));
      // A click can look periodic once; a voice does twice in a row.
      const probability = Math.min(now, before + 0.3);
      before = now;
      return probability;
    },
    sleep() {
      before = 0;
    },
    reset() {
      sound.fill(0);
      before = 0;
    },
  };
}
