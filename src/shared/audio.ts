/** What audio is in Parley: mono PCM, signed 16-bit little-endian, 24 kHz, as on the wire. */

/** Hz; the only rate on the wire and between the rooms. */
export const SAMPLE_RATE = 24_000;

/** Length of one microphone chunk in milliseconds. */
export const CHUNK_MS = 20;

/** Samples in one microphone chunk. */
export const CHUNK_SAMPLES = (SAMPLE_RATE * CHUNK_MS) / 1000;

const BYTES_PER_SAMPLE = 2;

/** Mono samples, signed 16-bit. The rate is `SAMPLE_RATE` unless a name says otherwise. */
export type Pcm16 = Int16Array;

/** Milliseconds that `samples` last at `sampleRate` Hz; not rounded. */
export function samplesToMs(samples: number, sampleRate = SAMPLE_RATE): number {
  return (samples * 1000) / sampleRate;
}

/** Samples in `ms` milliseconds at `sampleRate` Hz, rounded down to whole samples. */
export function msToSamples(ms: number, sampleRate = SAMPLE_RATE): number {
  return Math.floor((ms * sampleRate) / 1000);
}

/** One float sample in -1..1 to 16 bit; what lies outside is clipped. */
export function sampleToPcm16(sample: number): number {
  if (sample >= 1) return 0x7fff;
  if (sample <= -1) return -0x8000;
  return Math.round(sample < 0 ? sample * 0x8000 : sample * 0x7fff);
}

/** Float samples in -1..1 to 16 bit; what lies outside is clipped. */
export function floatToPcm16(float: Float32Array): Pcm16 {
  const pcm = new Int16Array(float.length);
  for (let i = 0; i < float.length; i++) pcm[i] = sampleToPcm16(float[i] as number);
  return pcm;
}

/** 16-bit samples to float in -1..1. */
export function pcm16ToFloat(pcm: Pcm16): Float32Array {
  const float = new Float32Array(pcm.length);
  for (let i = 0; i < pcm.length; i++) float[i] = (pcm[i] as number) / 0x8000;
  return float;
}

/**
 * The samples in little-endian `bytes`; a trailing odd byte is ignored.
 * Copies, so the result is aligned and outlives the input.
 */
export function bytesToPcm16(bytes: Uint8Array): Pcm16 {
  const samples = bytes.byteLength >> 1;
  const pcm = new Int16Array(samples);
  new Uint8Array(pcm.buffer).set(bytes.subarray(0, samples * BYTES_PER_SAMPLE));
  return pcm;
}

/** A view of the samples as little-endian bytes; shares memory with `pcm`. */
export function pcm16ToBytes(pcm: Pcm16): Uint8Array {
  return new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}

/** Root mean square level of the samples, 0..1. Silence and an empty array are 0. */
export function rms(pcm: Pcm16): number {
  if (pcm.length === 0) return 0;
  let sum = 0;
  for (const s of pcm) sum += s * s;
  return Math.sqrt(sum / pcm.length) / 0x8000;
}
