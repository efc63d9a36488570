/** WAV files in and out: whatever PCM comes is made 24 kHz mono. */
import { readFile } from 'node:fs/promises';
import { WaveFile } from 'wavefile';
import writeFileAtomic from 'write-file-atomic';
import { createResampler } from '../server/wire/resampler';
import { type Pcm16, SAMPLE_RATE } from '../shared/audio';
import { toError } from '../shared/log';

/** A file that cannot be read or written; the message is a whole sentence for the user. */
export class WavError extends Error {
  override readonly name = 'WavError';
}

export interface WavSound {
  /** 24 kHz mono. */
  pcm: Pcm16;
  /** What was converted, for people: for instance "stereo mixed to mono". Empty when nothing was. */
  notes: string[];
}

/** Hz; nothing outside is speech that anybody recorded. */
const MIN_RATE = 8000;
const MAX_RATE = 192_000;

interface Format {
  audioFormat: number;
  numChannels: number;
  sampleRate: number;
}

/** Reads a WAV file. Throws a WavError where that fails. */
export async function readWav(path: string): Promise<WavSound> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new WavError(`${path} cannot be read: ${reasonOf(cause)}.`, { cause });
  }
  return decodeWav(bytes, path);
}

/**
 * The sound in the bytes of a WAV file: PCM of 8, 16, 24 or 32 bit or float, any number of channels, 8 to 192 kHz.
 * Throws a WavError, which calls the file `name`, for anything else.
 */
export async function decodeWav(bytes: Uint8Array, name: string): Promise<WavSound> {
  checkContainer(bytes, name);
  const wav = new WaveFile();
  try {
    wav.fromBuffer(bytes);
  } catch (cause) {
    throw new WavError(`${name} is a damaged WAV file: ${toError(cause).message}.`, { cause });
  }
  const { numChannels, sampleRate } = wav.fmt as Format;
  const scale = scaleOf(wav.bitDepth, name);
  if (sampleRate < MIN_RATE || sampleRate > MAX_RATE) {
    throw new WavError(`${name} has ${sampleRate} samples a second; 8000 to 192000 can be read.`);
  }
  if (numChannels < 1) throw new WavError(`${name} is a damaged WAV file: it has no channel.`);
  const mono = mixToMono(wav.getSamples(true, Float64Array), numChannels, scale);
  if (mono.length === 0) throw new WavError(`${name} holds no sound.`);

  const notes: string[] = [];
  if (numChannels > 1)
    notes.push(numChannels === 2 ? 'stereo mixed to mono' : `${numChannels} channels mixed to mono`);
  if (wav.bitDepth !== '16') notes.push(`${nameOfDepth(wav.bitDepth)} samples converted to 16 bit`);
  if (sampleRate !== SAMPLE_RATE) notes.push(`${sampleRate} Hz resampled to ${SAMPLE_RATE} Hz`);
  return { pcm: resample(mono, sampleRate), notes };
}

/** Writes 24 kHz mono PCM16 as a WAV file, whole or not at all. Throws a WavError where that fails. */
export async function writeWav(path: string, pcm: Pcm16): Promise<void> {
  const wav = new WaveFile();
  wav.fromScratch(1, SAMPLE_RATE, '16', pcm);
  try {
    await writeFileAtomic(path, Buffer.from(wav.toBuffer()));
  } catch (cause) {
    throw new WavError(`${path} cannot be written: ${reasonOf(cause)}.`, { cause });
  }
}

/** RIFF, WAVE, and a data chunk that is there to its last byte. */
function checkContainer(bytes: Uint8Array, name: string): void {
  if (bytes.byteLength === 0) throw new WavError(`${name} is empty.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tagAt = (offset: number) =>
    offset + 4 <= bytes.byteLength ? String.fromCharCode(...bytes.subarray(offset, offset + 4)) : '';
  if (tagAt(0) !== 'RIFF' || tagAt(8) !== 'WAVE') throw new WavError(`${name} is not a WAV file.`);
  for (let offset = 12; offset + 8 <= bytes.byteLength; ) {
    const size = view.getUint32(offset + 4, true);
    const end = offset + 8 + size;
    if (tagAt(offset) === 'data') {
      if (end <= bytes.byteLength) return;
      throw new WavError(`${name} is cut short: ${end - bytes.byteLength} bytes of its sound are missing.`);
    }
    // Chunks are padded to an even length.
    offset = end + (size % 2);
  }
  throw new WavError(`${name} is cut short: it holds no sound data.`);
}

/** Full scale and zero of the samples `wavefile` gives for a bit depth. */
function scaleOf(bitDepth: string, name: string): { zero: number; full: number } {
  switch (bitDepth) {
    case '8':
      return { zero: 128, full: 0x80 };
    case '16':
      return { zero: 0, full: 0x8000 };
    case '24':
      return { zero: 0, full: 0x800000 };
    case '32':
      return { zero: 0, full: 0x80000000 };
    case '32f':
    case '64':
      return { zero: 0, full: 1 };
    default:
      throw new WavError(`${name} is compressed; only PCM can be read.`);
  }
}

function nameOfDepth(bitDepth: string): string {
  return bitDepth === '32f' || bitDepth === '64' ? 'float' : `${bitDepth}-bit`;
}

/** Channels averaged, in 16 bit; 16-bit mono stays as it is to the bit. */
function mixToMono(
  interleaved: Float64Array,
  channels: number,
  { zero, full }: { zero: number; full: number },
): Pcm16 {
  const mono = new Int16Array(Math.floor(interleaved.length / channels));
  const scale = 0x8000 / (channels * full);
  for (let frame = 0; frame < mono.length; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) {
      sum += (interleaved[frame * channels + channel] as number) - zero;
    }
    mono[frame] = Math.max(-0x8000, Math.min(0x7fff, Math.round(sum * scale)));
  }
  return mono;
}

function resample(pcm: Pcm16, sampleRate: number): Pcm16 {
  if (sampleRate === SAMPLE_RATE) return pcm;
  const resampler = createResampler(sampleRate, SAMPLE_RATE);
  try {
    const head = resampler.push(pcm);
    const tail = resampler.flush();
    const all = new Int16Array(head.length + tail.length);
    all.set(head);
    all.set(tail, head.length);
    return all;
  } finally {
    resampler.close();
  }
}

/** What the system says about a file, without its stack or its path. */
function reasonOf(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a folder';
    case 'EACCES':
    case 'EPERM':
      return 'access is not allowed';
    case 'ENOSPC':
      return 'the disk is full';
    default:
      return code ?? toError(cause).message;
  }
}
