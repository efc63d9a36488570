/** Power of a sound's last 20 ms in bands of hearing, 100 Hz to 7 kHz. */
import { createRealFft } from '../shared/fft';
import { EAR_RATE } from './parameters';

const FFT_SIZE = 512;
const WINDOW = 320;

/** Hz; narrow where voices have their harmonics and formants, wide above. */
const EDGES = [
  100, 200, 300, 400, 510, 630, 770, 920, 1080, 1270, 1480, 1720, 2000, 2320, 2700, 3150, 3700, 4400, 5300,
  7000,
];

export const BANDS = EDGES.length - 1;

/** Hz of each band's middle. */
export const BAND_HZ: readonly number[] = EDGES.slice(1).map((edge, b) => (edge + (EDGES[b] as number)) / 2);

export interface BandMeter {
  /** Takes the next samples. */
  push(hop: Float32Array): void;
  /** Writes the mean power of the last 20 ms, of full scale squared, for each band. */
  measure(powers: Float64Array): void;
  reset(): void;
}

export function createBandMeter(): BandMeter {
  const fft = createRealFft(FFT_SIZE);
  const window = new Float32Array(WINDOW).map((_, i) => Math.sin((Math.PI * (i + 0.5)) / WINDOW));
  const recent = new Float32Array(WINDOW);
  const block = new Float32Array(FFT_SIZE);
  const re = new Float32Array(FFT_SIZE / 2 + 1);
  const im = new Float32Array(FFT_SIZE / 2 + 1);
  const edges = EDGES.map((hz) => Math.round((hz * FFT_SIZE) / EAR_RATE));
  // Both halves of the spectrum, and the window's loss of power (half).
  const scale = 2 / (0.5 * WINDOW * FFT_SIZE);
  return {
    push(hop) {
      recent.copyWithin(0, hop.length);
      recent.set(hop, WINDOW - hop.length);
    },
    measure(powers) {
      for (let i = 0; i < WINDOW; i++) block[i] = (recent[i] as number) * (window[i] as number);
      fft.forward(block, re, im);
      for (let b = 0; b < BANDS; b++) {
        let sum = 0;
        for (let k = edges[b] as number; k < (edges[b + 1] as number); k++) {
          sum += (re[k] as number) ** 2 + (im[k] as number) ** 2;
        }
        powers[b] = sum * scale;
      }
    },
    reset: () => void recent.fill(0),
  };
}

/** 10 log10, with silence at -120 dB. */
export function toDb(power: number): number {
  return 10 * Math.log10(power + 1e-12);
}
