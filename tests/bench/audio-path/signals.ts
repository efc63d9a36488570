/** The sounds of these measurements. */
import { writeFileSync } from 'node:fs';
import wavefile from 'wavefile';
import { SAMPLE_RATE } from '../../../src/shared/audio';

const TONE_HZ = 440;
const TONE_LEVEL = 0.3;

/** A steady tone as PCM16 at 24 kHz: it sounds at every moment, so silence is the flush and no pause in it. */
export function tone(ms: number): Buffer {
  const bytes = Buffer.alloc(Math.floor((ms * SAMPLE_RATE) / 1000) * 2);
  for (let i = 0; i < bytes.length / 2; i++) {
    const sample = TONE_LEVEL * Math.sin((2 * Math.PI * TONE_HZ * i) / SAMPLE_RATE);
    bytes.writeInt16LE(Math.round(sample * 0x7fff), i * 2);
  }
  return bytes;
}

/** Hz; what Chromium's fake microphone takes as it is. */
const MICROPHONE_RATE = 48_000;
/** The noise swells once a second: one that is always the same is a background to the program, which sends no silence. */
const NOISE_LEVEL = { soft: 0.004, loud: 0.06 };
const LOUD_SHARE = 0.25;

/** Writes `seconds` of noise as a microphone: no two chunks of it are the same, so each is known again by its bytes. */
export function writeNoise(path: string, seconds: number): void {
  let state = 1;
  const samples = Int16Array.from({ length: seconds * MICROPHONE_RATE }, (_, i) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const loud = i % MICROPHONE_RATE < LOUD_SHARE * MICROPHONE_RATE;
    return Math.round((state / 0x8000_0000 - 1) * (loud ? NOISE_LEVEL.loud : NOISE_LEVEL.soft) * 0x7fff);
  });
  const wav = new wavefile.WaveFile();
  wav.fromScratch(1, MICROPHONE_RATE, '16', samples);
  writeFileSync(path, wav.toBuffer());
}
