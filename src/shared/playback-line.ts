/**
 * The line between the desk that keeps the answers (`PlaybackDesk`) and the audio thread that renders them
 * (`PlaybackRenderer`): shared memory, no messages.
 *
 * Samples stand in a stream without items; a position in it counts the samples ever written, modulo 2^32. The desk
 * writes ahead of what is rendered. Silencing is one command, `cut`: run down to zero and go on from a later position.
 * The renderer marks where on the audio clock a stretch of sound began, ran dry or was cut, so that the desk knows the
 * frame of every sample and what was heard without asking a clock.
 */
import { SAMPLE_RATE } from './audio';
import { QuantumRing } from './quantum-ring';
import { RecordRing } from './record-ring';

/** Fades last 2 ms: too short to be heard as a fade, long enough not to be heard as a click. */
export const FADE_FRAMES = (SAMPLE_RATE * 2) / 1000;

/** The gain of a ducked answer: -20 dB. */
export const DUCK_GAIN = 0.1;
/** Frames until it is reached, and until it is left again: 10 ms and 60 ms. */
export const DUCK_FRAMES = (SAMPLE_RATE * 10) / 1000;
export const SWELL_FRAMES = (SAMPLE_RATE * 60) / 1000;

/** Samples in the stream's memory, a power of two: 5.5 s. */
export const STREAM_FRAMES = 0x20000;

/** Indices of the 32-bit words. */
export const WORD = {
  /** Position behind the last sample written; set by the desk. */
  written: 0,
  /** Position behind the last sample rendered; set by the renderer. */
  rendered: 1,
  /** 1 while ducked; set by the desk. */
  duck: 2,
  /** 1 while what is rendered goes into `tap`; set by the desk. */
  tap: 3,
  /** The position at which the desk wants to be woken; set by the desk. */
  wakeAt: 4,
} as const;

/** Indices of the gauges. */
export const GAUGE = {
  /** The frame that is rendered next; -1 before the first. */
  frame: 0,
  /** RMS level of the sound, 0..1. */
  level: 1,
} as const;

/** The one command: [id, position to go on from]. */
export const CUT_ID = 0;
export const CUT_TARGET = 1;

/** Marks: [kind, position, frame, ...]. */
export const MARK = {
  /** [kind, position, frame]: the sample at the position was rendered at the frame; all behind it follow. */
  sounds: 0,
  /** [kind, position, frame]: the stream was empty at the position. */
  dry: 1,
  /** [kind, position the run-down began at, frame since which there is silence, position it ended at, command id]. */
  cut: 2,
} as const;

export interface PlaybackMemory {
  words: SharedArrayBuffer;
  gauges: SharedArrayBuffer;
  stream: SharedArrayBuffer;
  commands: SharedArrayBuffer;
  marks: SharedArrayBuffer;
  tap: SharedArrayBuffer;
}

/** The memory as either side works with it. */
export interface PlaybackLine {
  words: Int32Array;
  gauges: Float64Array;
  stream: Int16Array;
  commands: RecordRing;
  marks: RecordRing;
  tap: QuantumRing;
}

export function openPlaybackLine(memory: PlaybackMemory): PlaybackLine {
  return {
    words: new Int32Array(memory.words),
    gauges: new Float64Array(memory.gauges),
    stream: new Int16Array(memory.stream),
    commands: new RecordRing(memory.commands),
    marks: new RecordRing(memory.marks),
    tap: new QuantumRing(memory.tap),
  };
}

const WORDS = 8;
const GAUGES = 2;
const COMMANDS = 64;
const MARKS = 512;
/** 1.4 s of rendered sound on its way to a recording. */
const TAP_SLOTS = 256;

export function allocatePlaybackMemory(): PlaybackMemory {
  const gauges = new SharedArrayBuffer(GAUGES * Float64Array.BYTES_PER_ELEMENT);
  new Float64Array(gauges)[GAUGE.frame] = -1;
  return {
    words: new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT),
    gauges,
    stream: new SharedArrayBuffer(STREAM_FRAMES * Int16Array.BYTES_PER_ELEMENT),
    commands: RecordRing.allocate(COMMANDS),
    marks: RecordRing.allocate(MARKS),
    tap: QuantumRing.allocate(TAP_SLOTS),
  };
}
