/** The line from the audio thread's microphone end to the sound worker: shared memory, no messages. */
import { QuantumRing } from '../../shared/quantum-ring';

/** Indices of the 32-bit words. */
export const CAPTURE_WORD = {
  /** 1 while the input delivers sound. */
  delivering: 0,
} as const;

/** Indices of the gauges. */
export const CAPTURE_GAUGE = {
  /** First frame of the last quantum. */
  frame: 0,
  /** RMS level, 0..1. */
  level: 1,
} as const;

export interface CaptureMemory {
  words: SharedArrayBuffer;
  gauges: SharedArrayBuffer;
  sound: SharedArrayBuffer;
}

/** 5.5 s of sound, so that a worker which is late by less than that loses nothing. */
const SLOTS = 1024;

export function allocateCaptureMemory(): CaptureMemory {
  return {
    words: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
    gauges: new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT),
    sound: QuantumRing.allocate(SLOTS),
  };
}
