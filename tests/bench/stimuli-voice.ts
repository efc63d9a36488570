/** Voices that speak into the microphone, and where their speech begins and ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import wavefile from 'wavefile';
import {
  FLITE_SAMPLE_RATE,
  type Flite,
  type FliteVoice,
  loadFlite,
} from '../../src/server/backends/flite/program';
import { createResampler } from '../../src/server/wire/resampler';
import { CARD_RATE } from './sound-card';

export type Speaker =
  | { engine: 'flite'; voice: FliteVoice; pitchHz?: number }
  | { engine: 'espeak'; voice: string; pitch?: number }
  /** A person, recorded; `text` is the file. */
  | { engine: 'recording' };

export interface Voices {
  /** `text` at CARD_RATE, full scale 1, as loud as the engine makes it. Null where this machine lacks the engine or file. */
  speak(speaker: Speaker, text: string): Promise<Float32Array | null>;
}

/** Debian's pocketsphinx-testdata: short commands and sentences by several people, 16 kHz. */
const RECORDINGS = '/usr/share/pocketsphinx/test/data';
export const RECORDED = [
  'goforward.raw',
  'something.raw',
  'numbers.raw',
  'cards/001.wav',
  'cards/003.wav',
  'cards/004.wav',
  'tidigits/dhd.2934z.raw',
  'librivox/sense_and_sensibility_01_austen_64kb-0880.wav',
  'librivox/sense_and_sensibility_01_austen_64kb-0930.wav',
];
/** A recorded sentence is cut to its beginning. */
const RECORDED_SECONDS = 1.6;

export async function openVoices(): Promise<Voices> {
  const flite: Flite = await loadFlite();
  return {
    async speak(speaker, text) {
      switch (speaker.engine) {
        case 'flite': {
          const { voice, pitchHz } = speaker;
          const options = { voice, stretch: 1, ...(pitchHz === undefined ? {} : { pitchHz }) };
          return toCardRate(await flite.speak(text, options), FLITE_SAMPLE_RATE);
        }
        case 'espeak':
          return espeak(speaker.voice, speaker.pitch ?? 50, text);
        case 'recording':
          return recorded(text);
        default:
          return speaker satisfies never;
      }
    },
  };
}

async function espeak(voice: string, pitch: number, text: string): Promise<Float32Array | null> {
  const child = spawn('espeak-ng', ['-v', voice, '-p', String(pitch), '--stdout', text], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await once(child, 'close').then(
    ([status]) => status as number,
    () => null,
  );
  return code === 0 ? fromWav(Buffer.concat(chunks)) : null;
}

async function recorded(name: string): Promise<Float32Array | null> {
  const path = `${RECORDINGS}/${name}`;
  if (!existsSync(path)) return null;
  const bytes = readFileSync(path);
  const sound = name.endsWith('.wav')
    ? await fromWav(bytes)
    : await toCardRate(new Int16Array(new Uint8Array(bytes).buffer, 0, bytes.length >> 1), 16_000);
  const { onset } = speechIn(sound);
  const from = Math.max(0, onset - 0.1 * CARD_RATE);
  const cut = sound.slice(from, from + RECORDED_SECONDS * CARD_RATE);
  const fade = 0.05 * CARD_RATE;
  return cut.map((s, i) => s * Math.min(1, i / 240, (cut.length - i) / fade));
}

function fromWav(bytes: Uint8Array): Promise<Float32Array> {
  const wav = new wavefile.WaveFile();
  // What is written to a pipe has no length in its header; all there is belongs to it.
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (header.getUint32(40, true) > bytes.length - 44) header.setUint32(40, bytes.length - 44, true);
  wav.fromBuffer(bytes);
  const { sampleRate } = wav.fmt as { sampleRate: number };
  return toCardRate(wav.getSamples(false, Int16Array as never) as unknown as Int16Array, sampleRate);
}

async function toCardRate(pcm: Int16Array, rate: number): Promise<Float32Array> {
  const resampler = createResampler(rate, CARD_RATE);
  const parts = [resampler.push(pcm), resampler.flush()];
  resampler.close();
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(
      Float32Array.from(part, (s) => s / 0x8000),
      at,
    );
    at += part.length;
  }
  return out;
}

/** Windows in which speech is looked for. */
const WINDOW = CARD_RATE / 100;
/** A window belongs to the speech from 20 dB below the level of the speech on ... */
const SOFTEST = 0.1;
/** ... when it also is 8 dB above what is soft in the sound: a recording has a noise of its own. */
const ABOVE_NOISE = 10 ** (8 / 10);
const NOISE_SHARE = 0.1;

/**
 * Where the speech in `sound`, which holds nothing else, begins and ends, and its level: the RMS of the windows of 10 ms
 * that are within 20 dB of the speech's own level. Windows belong to the speech when they are within 20 dB of that level
 * and 8 dB above the softest tenth of the sound. The onset is the first sample that reaches 20 dB below the level in the
 * first two such windows in a row; the end is one after the last such sample in the last two.
 */
export function speechIn(sound: Float32Array): { onset: number; end: number; rms: number } {
  const windows = Array.from({ length: Math.floor(sound.length / WINDOW) }, (_, i) => {
    const part = sound.subarray(i * WINDOW, (i + 1) * WINDOW);
    return part.reduce((sum, s) => sum + s * s, 0) / WINDOW;
  });
  const mean = (list: number[]): number => list.reduce((sum, p) => sum + p, 0) / Math.max(1, list.length);
  let power = mean(windows);
  for (let i = 0; i < 3; i++) power = mean(windows.filter((p) => p > power * SOFTEST ** 2));
  const rms = Math.sqrt(power);
  const soft = [...windows].sort((a, b) => a - b)[Math.floor(windows.length * NOISE_SHARE)] ?? 0;
  const least = Math.max(power * SOFTEST ** 2, Math.min(soft * ABOVE_NOISE, power / 4));
  const loud = (i: number): boolean => (windows[i] ?? 0) > least;
  const indices = [...windows.keys()];
  const from = (indices.find((i) => loud(i) && loud(i + 1)) ?? 0) * WINDOW;
  let end = ((indices.filter((i) => loud(i) && loud(i - 1)).at(-1) ?? -1) + 1) * WINDOW;
  while (end > from && Math.abs(sound[end - 1] as number) < rms * SOFTEST) end--;
  const onset = sound.findIndex((s, i) => i >= from && Math.abs(s) >= rms * SOFTEST);
  return { onset: Math.max(0, onset), end, rms };
}
