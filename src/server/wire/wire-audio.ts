/** How sound is written on the wire (REALTIME: the session object). G.711 is 8 bits at 8 kHz, in one of two laws. */
import { setImmediate } from 'node:timers/promises';
import { alaw, mulaw } from 'x-law';
import { bytesToPcm16, msToSamples, type Pcm16, pcm16ToBytes, SAMPLE_RATE } from '../../shared/audio';
import { createResampler } from './resampler';

export type WireFormat = 'pcm' | 'pcmu' | 'pcma';

/** A format as the session object names it. */
export type WireFormatObject =
  | { type: 'audio/pcm'; rate: 24_000 }
  | { type: 'audio/pcmu' }
  | { type: 'audio/pcma' };

export function toWireFormat(format: WireFormat): WireFormatObject {
  switch (format) {
    case 'pcm':
      return { type: 'audio/pcm', rate: 24_000 };
    case 'pcmu':
      return { type: 'audio/pcmu' };
    case 'pcma':
      return { type: 'audio/pcma' };
    default:
      return format satisfies never;
  }
}

export function fromWireFormat({ type }: { type: WireFormatObject['type'] }): WireFormat {
  switch (type) {
    case 'audio/pcm':
      return 'pcm';
    case 'audio/pcmu':
      return 'pcmu';
    case 'audio/pcma':
      return 'pcma';
    default:
      return type satisfies never;
  }
}

const G711_RATE = 8000;
/** Longer sound is worked on in blocks of this length, between which others are served. */
const BLOCK_MS = 500;

/** Samples per second, in Hz. */
export function wireRate(format: WireFormat): number {
  return format === 'pcm' ? SAMPLE_RATE : G711_RATE;
}

/** Bytes that `ms` milliseconds take, rounded down to whole samples. */
export function wireBytes(ms: number, format: WireFormat): number {
  return msToSamples(ms, wireRate(format)) * (format === 'pcm' ? 2 : 1);
}

/** Samples at the format's own rate as they go on the wire; in `pcm` they share memory with it. */
export function toWireBytes(pcm: Pcm16, format: WireFormat): Buffer {
  const bytes = encode(pcm, format);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function encode(pcm: Pcm16, format: WireFormat): Uint8Array {
  switch (format) {
    case 'pcm':
      return pcm16ToBytes(pcm);
    case 'pcmu':
      return mulaw.encode(pcm);
    case 'pcma':
      return alaw.encode(pcm);
    default:
      return format satisfies never;
  }
}

/** Samples at the format's own rate; half a sample at the end is ignored. */
export function fromWireBytes(bytes: Uint8Array, format: WireFormat): Pcm16 {
  switch (format) {
    case 'pcm':
      return bytesToPcm16(bytes);
    case 'pcmu':
      return mulaw.decode(bytes);
    case 'pcma':
      return alaw.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    default:
      return format satisfies never;
  }
}

/** From 24 kHz samples, as they come, to the wire. */
export interface WireEncoder {
  /** The next of the sound; what it gives lags by about 2 ms where the rate changes. */
  encode(pcm: Pcm16): Buffer;
  /** The rest: all together is as long as the sound was, to the nearest sample. */
  flush(): Buffer;
}

export function createWireEncoder(format: WireFormat): WireEncoder {
  const resampler = createResampler(SAMPLE_RATE, wireRate(format));
  return {
    encode: (pcm) => toWireBytes(resampler.push(pcm), format),
    flush: () => toWireBytes(resampler.flush(), format),
  };
}

/** `pcm`, which is of `sampleRate` Hz, as one piece on the wire, as long as it was to the nearest sample. */
export async function toWire(pcm: Pcm16, sampleRate: number, format: WireFormat): Promise<Buffer> {
  const rate = wireRate(format);
  if (rate === sampleRate) return toWireBytes(pcm, format);
  const pieces: Buffer[] = [];
  for await (const piece of resampleBlocks(pcm, sampleRate, rate)) pieces.push(toWireBytes(piece, format));
  return Buffer.concat(pieces);
}

/** `pcm` at another rate, block by block; others are served between two of them. Rates are in Hz. */
export async function* resampleBlocks(
  pcm: Pcm16,
  fromRate: number,
  toRate: number,
): AsyncGenerator<Pcm16, void, undefined> {
  const resampler = createResampler(fromRate, toRate);
  const block = msToSamples(BLOCK_MS, fromRate);
  for (let at = 0; at < pcm.length; at += block) {
    yield resampler.push(pcm.subarray(at, at + block));
    await setImmediate();
  }
  yield resampler.flush();
}
