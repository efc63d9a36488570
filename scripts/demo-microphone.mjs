/** The spoken side of the demonstration: one WAV that plays as the microphone while the program runs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/** Hz; what Chromium's fake capture device takes without resampling of its own. */
const SAMPLE_RATE = 48_000;

/**
 * What is said, after how much silence. The program first needs time to connect; an answer that is to be interrupted
 * must have begun when `stop` comes and must not have ended.
 */
const SCRIPT = [
  { silenceMs: 4000, file: 'what-time-is-it.wav' },
  { silenceMs: 6000, file: 'what-can-you-do.wav' },
  { silenceMs: 3500, file: 'stop.wav' },
  { silenceMs: 5000, file: 'what-can-you-do.wav' },
  { silenceMs: 3500, file: 'stop.wav' },
];
const CLOSING_SILENCE_MS = 20_000;

/** Writes the microphone's WAV to `path`; returns its length in milliseconds without the closing silence. */
export async function writeMicrophone(path) {
  const { WaveFile } = await import('wavefile');
  const parts = SCRIPT.flatMap(({ silenceMs, file }) => {
    const wav = new WaveFile(readFileSync(join(root, 'tests', 'fixtures', file)));
    wav.toSampleRate(SAMPLE_RATE, { method: 'sinc' });
    return [silence(silenceMs), wav.getSamples(false, Int16Array)];
  });
  const spokenMs = (parts.reduce((sum, part) => sum + part.length, 0) * 1000) / SAMPLE_RATE;
  parts.push(silence(CLOSING_SILENCE_MS));
  const samples = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  const microphone = new WaveFile();
  microphone.fromScratch(1, SAMPLE_RATE, '16', samples);
  writeFileSync(path, microphone.toBuffer());
  return spokenMs;
}

function silence(ms) {
  return new Int16Array((ms * SAMPLE_RATE) / 1000);
}
