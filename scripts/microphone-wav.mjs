/** Makes the WAV that plays as the microphone of a program started with Chromium's fake capture device. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/** Hz; what the fake device takes without resampling of its own. */
const SAMPLE_RATE = 48_000;

/**
 * Writes `parts` in a row to `path`: milliseconds of silence, or the name of a WAV in tests/fixtures.
 *
 * @param {string} path
 * @param {(number | string)[]} parts
 * @returns {Promise<number[]>} where each part begins and, last, where the file ends, in milliseconds
 */
export async function writeMicrophone(path, parts) {
  // Loaded here, because the set-up may only just have installed it.
  const { default: wavefile } = await import('wavefile');
  const pieces = parts.map((part) => {
    if (typeof part === 'number') return new Int16Array((part * SAMPLE_RATE) / 1000);
    const wav = new wavefile.WaveFile(readFileSync(join(root, 'tests', 'fixtures', `${part}.wav`)));
    wav.toSampleRate(SAMPLE_RATE, { method: 'sinc' });
    return wav.getSamples(false, Int16Array);
  });
  const samples = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  const starts = [0];
  for (const piece of pieces) {
    const at = starts.at(-1) ?? 0;
    samples.set(piece, at);
    starts.push(at + piece.length);
  }
  const microphone = new wavefile.WaveFile();
  microphone.fromScratch(1, SAMPLE_RATE, '16', samples);
  writeFileSync(path, microphone.toBuffer());
  return starts.map((at) => (at * 1000) / SAMPLE_RATE);
}
