/** Sound for tests of the real engines: fixtures, noise, and what an engine makes of them. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import wavefile from 'wavefile';
import type { Stt, SttPart } from '../../src/server/backends';
import { createResampler } from '../../src/server/wire/resampler';
import { type Pcm16, SAMPLE_RATE } from '../../src/shared/audio';

export const MODELS_DIR = fileURLToPath(new URL('../../models', import.meta.url));

/** A fixture at 16 kHz. */
export async function question(name: string): Promise<Pcm16> {
  const wav = new wavefile.WaveFile(await readFile(new URL(`../fixtures/${name}.wav`, import.meta.url)));
  return to16k(wav.getSamples(false, Int16Array) as unknown as Int16Array);
}

/** 24 kHz sound at 16 kHz, in the chunks a microphone gives. */
export async function to16k(pcm: Pcm16, from = SAMPLE_RATE): Promise<Pcm16> {
  const resampler = createResampler(from, 16_000);
  const parts: Pcm16[] = [];
  for (let at = 0; at < pcm.length; at += 480) parts.push(resampler.push(pcm.subarray(at, at + 480)));
  parts.push(resampler.flush());
  resampler.close();
  return concat(...parts);
}

export function concat(...parts: Pcm16[]): Pcm16 {
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export const silence = (ms: number): Pcm16 => new Int16Array(ms * 16);

export const gained = (pcm: Pcm16, db: number): Pcm16 =>
  pcm.map((s) => Math.max(-0x8000, Math.min(0x7fff, Math.round(s * 10 ** (db / 20)))));

/** White noise with the given RMS level (of 32768); the same every time. */
export function noise(ms: number, level: number): Pcm16 {
  let state = 42;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return silence(ms).map(() => Math.round((random() + random() + random() - 1.5) * 2 * level));
}

export const tone = (ms: number, hz: number, amplitude: number): Pcm16 =>
  silence(ms).map((_, i) => Math.round(amplitude * Math.sin((2 * Math.PI * hz * i) / 16_000)));

/** A slammed door: a burst that dies away within a quarter of a second. */
export const bang = (): Pcm16 => noise(250, 12_000).map((s, i) => Math.round(s * Math.exp(-i / 500)));

/** Everything `stt` makes of one utterance. */
export async function recognise(stt: Stt, pcm: Pcm16, chunk = 320): Promise<SttPart[]> {
  const stream = stt.open({});
  for (let at = 0; at < pcm.length; at += chunk) stream.write(pcm.subarray(at, at + chunk));
  stream.end();
  const parts: SttPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

export async function transcript(stt: Stt, pcm: Pcm16, chunk?: number): Promise<string | undefined> {
  return (await recognise(stt, pcm, chunk)).find((part) => part.type === 'final')?.text;
}
