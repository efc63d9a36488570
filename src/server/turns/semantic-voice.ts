/** How a voice ends: its melody, its loudness and whether its last sound is held. Pure. */
import { type Pcm16, samplesToMs } from '../../shared/audio';
import { ENGINE_SAMPLE_RATE } from '../backends';

/** What the end of a stretch of speech sounds like. */
export interface VoiceEnd {
  /** Pitch at the end, in semitones above the median of the stretch: negative when it falls. */
  pitch: number;
  /** How long the last voiced sound keeps its pitch and its loudness, in milliseconds. */
  heldMs: number;
  /** How much softer the end is than the loud parts, in dB. */
  fadeDb: number;
}

/** As much sound as is looked at, in milliseconds: about one sentence. */
const HEARD_MS = 2500;

/** Voices lie below 400 Hz, so a quarter of the rate is enough and costs a sixteenth. */
const DECIMATION = 4;
const RATE = ENGINE_SAMPLE_RATE / DECIMATION;
const WINDOW = RATE * 0.04;
const HOP = RATE * 0.02;
const HOP_MS = samplesToMs(HOP, RATE);
/** Periods of 400 Hz to 70 Hz. */
const SHORTEST_LAG = Math.floor(RATE / 400);
const LONGEST_LAG = Math.ceil(RATE / 70);

/** How alike two periods of a voiced sound are at least. */
const VOICED = 0.7;
/** A shorter period nearly as good as the best one is the right one: twice a period is alike too. */
const NEARLY = 0.9;
/** Softer than this part of the loudest frame is no voice. */
const AUDIBLE = 0.04;

/** What is evenly held: within 0.8 semitones and 5 dB. */
const HELD = { semitones: 0.8, db: 5 };
const END_FRAMES = 4;
/** Less voice than this tells nothing. */
const LEAST_FRAMES = 8;

interface Frame {
  level: number;
  /** Hz; null where nothing is voiced. */
  pitch: number | null;
}

/** Looks at the last HEARD_MS of `pcm` (16 kHz), silence at its end included; null when too little of it is voiced. */
export function hearEnd(pcm: Pcm16): VoiceEnd | null {
  const frames = voicedFrames(decimate(pcm.subarray(-HEARD_MS * (ENGINE_SAMPLE_RATE / 1000))));
  const voiced = frames.flatMap(({ level, pitch }, index) =>
    pitch === null ? [] : [{ level, pitch, index }],
  );
  if (voiced.length < LEAST_FRAMES) return null;
  const end = voiced.slice(-END_FRAMES);
  const endPitch = median(end.map(({ pitch }) => pitch));
  const loud = quantile(
    voiced.map(({ level }) => level),
    0.9,
  );
  const endLevel = median(end.slice(-3).map(({ level }) => level));

  let held = 0;
  for (let at = voiced.length - 1; at >= 0; at--) {
    const frame = voiced[at] as (typeof voiced)[number];
    const later = voiced[at + 1];
    if (later !== undefined && later.index !== frame.index + 1) break;
    // The last frames of any sound die away.
    const even = Math.abs(decibels(frame.level / endLevel)) <= HELD.db || at >= voiced.length - 2;
    if (!even || Math.abs(semitones(frame.pitch / endPitch)) > HELD.semitones) break;
    held++;
  }
  return {
    pitch: semitones(endPitch / median(voiced.map(({ pitch }) => pitch))),
    heldMs: held * HOP_MS,
    fadeDb: decibels(loud / endLevel),
  };
}

function decimate(pcm: Pcm16): Float32Array {
  const slow = new Float32Array(Math.floor(pcm.length / DECIMATION));
  for (let i = 0; i < slow.length; i++) {
    let sum = 0;
    for (let j = 0; j < DECIMATION; j++) sum += pcm[i * DECIMATION + j] as number;
    slow[i] = sum / DECIMATION;
  }
  return slow;
}

function voicedFrames(sound: Float32Array): Frame[] {
  const starts: number[] = [];
  for (let at = 0; at + WINDOW + LONGEST_LAG <= sound.length; at += HOP) starts.push(at);
  const energy = windowEnergies(sound);
  const levels = starts.map((at) => Math.sqrt((energy[at] as number) / WINDOW));
  const audible = Math.max(1, ...levels) * AUDIBLE;
  return starts.map((at, index) => {
    const level = levels[index] as number;
    return { level, pitch: level < audible ? null : pitchAt(sound, energy, at) };
  });
}

/** Hz of the voice in the window at `at`; null when it has none. */
function pitchAt(sound: Float32Array, energy: Float64Array, at: number): number | null {
  const here = energy[at] as number;
  const likeness: number[] = [];
  for (let lag = SHORTEST_LAG; lag <= LONGEST_LAG; lag++) {
    let sum = 0;
    for (let i = at; i < at + WINDOW; i++) sum += (sound[i] as number) * (sound[i + lag] as number);
    likeness.push(sum / Math.sqrt(here * (energy[at + lag] as number) + 1));
  }
  const best = Math.max(...likeness);
  if (best < VOICED) return null;
  const peak = likeness.findIndex(
    (value, i) =>
      value >= best * NEARLY && value >= (likeness[i - 1] ?? 0) && value >= (likeness[i + 1] ?? 0),
  );
  return RATE / (SHORTEST_LAG + peak + summit(likeness, peak));
}

/** Where between the neighbours the peak lies, -0.5..0.5: a whole lag is half a semitone. */
function summit(values: readonly number[], peak: number): number {
  const [left, top, right] = [values[peak - 1], values[peak] as number, values[peak + 1]];
  if (left === undefined || right === undefined) return 0;
  const bend = left - 2 * top + right;
  return bend === 0 ? 0 : Math.max(-0.5, Math.min(0.5, (left - right) / (2 * bend)));
}

/** Sum of the squares of the window that begins at each sample. */
function windowEnergies(sound: Float32Array): Float64Array {
  const energies = new Float64Array(Math.max(0, sound.length - WINDOW + 1));
  let sum = 0;
  for (let i = 0; i < sound.length; i++) {
    sum += (sound[i] as number) ** 2;
    const at = i - WINDOW + 1;
    if (at < 0) continue;
    energies[at] = sum;
    sum -= (sound[at] as number) ** 2;
  }
  return energies;
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] as number;
}

function semitones(ratio: number): number {
  return 12 * Math.log2(ratio);
}

function decibels(ratio: number): number {
  return 20 * Math.log10(Math.max(ratio, 1e-6));
}
