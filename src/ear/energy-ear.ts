import { rms, samplesToMs } from '../shared/audio';
import type { Ear } from './index';
import { NO_STRETCH, nextStretch } from './stretch';

/** dBFS RMS of a chunk from which it counts; voices at a headset are 15 to 25 dB louder, a quiet room 20 dB softer. */
const THRESHOLD_DB = -40;

/** A bare level trigger: every loud chunk is a voice. Nothing can be faster; the bench's floor, of no use in a room. */
export function createEnergyEar(): Ear {
  let stretch = NO_STRETCH;
  return {
    name: 'energy',
    hear(pcm) {
      const sound = 20 * Math.log10(rms(pcm) + 1e-9) >= THRESHOLD_DB ? 'voice' : 'none';
      stretch = nextStretch(stretch, sound, samplesToMs(pcm.length));
      return { sound, stretchMs: stretch.lengthMs, voiceMs: stretch.voiceMs, wordless: false, echo: false };
    },
    reference() {},
    forgetRoom() {},
    reset() {
      stretch = NO_STRETCH;
    },
  };
}
