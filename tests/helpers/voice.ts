/** Sound like a voice, made of harmonics, whose melody and loudness a test draws. */
import type { Pcm16 } from '../../src/shared/audio';

export interface VoiceShape {
  ms: number;
  /** Hz at the beginning and at the end; in between it glides over the last half. */
  from: number;
  to: number;
  /** Loudness at the end, as a part of that before. */
  end?: number;
  /** Whether syllables break it up, as speech; a vowel that is held has none. */
  syllables?: boolean;
}

export function voice({ ms, from, to, end = 1, syllables = true }: VoiceShape, sampleRate = 24_000): Pcm16 {
  const length = Math.floor((ms * sampleRate) / 1000);
  let phase = 0;
  return Int16Array.from({ length }, (_, i) => {
    const late = Math.max(0, (i / length) * 2 - 1);
    phase += (2 * Math.PI * (from + (to - from) * late)) / sampleRate;
    let sum = 0;
    for (let n = 1; n <= 6; n++) sum += Math.sin(n * phase) / n;
    const syllable = syllables ? 0.35 + 0.65 * Math.abs(Math.sin((Math.PI * 4 * i) / sampleRate)) : 1;
    return Math.round(6000 * sum * syllable * (1 + (end - 1) * late));
  });
}
