import { msToSamples, type Pcm16, rms } from '../../../shared/audio';
import { FLITE_SAMPLE_RATE } from './program';

/** Louder than this (of 32768) is speech; flite's own silence is a few units of noise. */
const SILENCE = 180;

/** Kept before the first sound, so that a soft onset is not cut. */
const LEAD_MS = 30;

/** Silence after the last sound: what a speaker leaves. */
const PAUSE_MS = { sentence: 260, phrase: 120 } as const;

/** RMS level that every voice is brought to. */
const LEVEL = 0.1;

/** Gain is limited so that a whisper is not blown up and nothing is clipped. */
const MAX_GAIN = 4;
const PEAK = 0.95;

/** Trims flite's silences to natural ones and brings the voice to a common level; empty when there is no sound in it. */
export function finishSound(pcm: Pcm16, end: keyof typeof PAUSE_MS): Pcm16 {
  const first = pcm.findIndex((s) => Math.abs(s) > SILENCE);
  if (first < 0) return new Int16Array(0);
  let last = pcm.length - 1;
  while (Math.abs(pcm[last] as number) <= SILENCE) last--;

  const from = Math.max(0, first - msToSamples(LEAD_MS, FLITE_SAMPLE_RATE));
  // A final consonant fades below the threshold; a little of what follows belongs to it.
  const fade = msToSamples(60, FLITE_SAMPLE_RATE);
  const sound = pcm.subarray(from, Math.min(pcm.length, last + 1 + fade));
  const out = new Int16Array(last + 1 - from + msToSamples(PAUSE_MS[end], FLITE_SAMPLE_RATE));

  const peak = sound.reduce((max, s) => Math.max(max, Math.abs(s)), 1) / 0x8000;
  const gain = Math.min(MAX_GAIN, LEVEL / rms(sound), PEAK / peak);
  for (const [i, s] of sound.entries()) out[i] = Math.round(s * gain);
  return out;
}
