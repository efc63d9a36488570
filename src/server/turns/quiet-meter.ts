import type { Pcm16 } from '../../shared/audio';
import { samplesToMs } from '../../shared/audio';
import { ENGINE_SAMPLE_RATE } from '../backends';

/** The level is looked at in windows of 8 ms. */
const WINDOW_SAMPLES = 128;
const WINDOW_MS = samplesToMs(WINDOW_SAMPLES, ENGINE_SAMPLE_RATE);

const perWindow = (dbPerSecond: number) => 10 ** ((dbPerSecond * WINDOW_MS) / 1000 / 20);
/** The floor follows the softest sound down at once and up this slowly, so that speech does not lift it. */
const FLOOR_RISE = perWindow(2);
/** The peak follows the voice up at once and down this slowly. */
const PEAK_FALL = perWindow(-4);

/** Sound this much above the room's floor is no quiet: 10 dB. */
const ABOVE_FLOOR = 3.2;
/** Nor is what is less than 34 dB below the voice; what is more than 20 dB below it is, in a loud room. */
const BELOW_PEAK = { least: 0.02, most: 0.1 };
/** RMS of 32768 below which everything is quiet: -72 dBFS. */
const SILENCE = 8;

/** Tells where sound ended by its level alone, compared with the room's floor and the voice's peak. */
export class QuietMeter {
  private floor = Number.POSITIVE_INFINITY;
  private peak = 0;

  /** How many milliseconds at the end of `pcm` (16 kHz) are quiet. A rest shorter than a window counts with the last one. */
  push(pcm: Pcm16): number {
    const windows = Math.max(1, Math.floor(pcm.length / WINDOW_SAMPLES));
    let quietFrom = 0;
    for (let i = 0; i < windows; i++) {
      const from = i * WINDOW_SAMPLES;
      const to = i === windows - 1 ? pcm.length : from + WINDOW_SAMPLES;
      if (!this.isQuiet(rmsBetween(pcm, from, to))) quietFrom = to;
    }
    return samplesToMs(pcm.length - quietFrom, ENGINE_SAMPLE_RATE);
  }

  /** Whether all of `pcm` is quiet; remembers nothing. */
  quiet(pcm: Pcm16): boolean {
    const threshold = this.threshold();
    for (let from = 0; from < pcm.length; from += WINDOW_SAMPLES) {
      if (rmsBetween(pcm, from, Math.min(pcm.length, from + WINDOW_SAMPLES)) > threshold) return false;
    }
    return true;
  }

  reset(): void {
    this.floor = Number.POSITIVE_INFINITY;
    this.peak = 0;
  }

  private isQuiet(level: number): boolean {
    // A floor of nothing could never rise.
    this.floor = Math.max(1, Math.min(level, this.floor * FLOOR_RISE));
    this.peak = Math.max(level, this.peak * PEAK_FALL);
    return level <= this.threshold();
  }

  private threshold(): number {
    const aboveFloor = Math.max(SILENCE, this.floor * ABOVE_FLOOR, this.peak * BELOW_PEAK.least);
    return Math.min(aboveFloor, Math.max(SILENCE, this.peak * BELOW_PEAK.most));
  }
}

function rmsBetween(pcm: Pcm16, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += (pcm[i] as number) ** 2;
  return Math.sqrt(sum / Math.max(1, to - from));
}
