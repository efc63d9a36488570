/** Reads recordings: where a sound lies, where silence begins. Pure. Positions are samples. */

/** -50 dBFS: what a listener in a quiet room still notices of an answer. */
export const AUDIBLE = Math.round(0x8000 * 10 ** (-50 / 20));

/** Position of the first sample at or after `from` that is audible, before `to`; null when there is none. */
export function firstAudible(sound: Int16Array, from = 0, to = sound.length): number | null {
  for (let i = Math.max(0, from); i < Math.min(to, sound.length); i++) {
    if (Math.abs(sound[i] as number) >= AUDIBLE) return i;
  }
  return null;
}

/**
 * One after the last audible sample before the first silence at or after `from` that lasts `silence` samples. `from`
 * itself when it is silent there already; null when there is no such silence. Samples before `from` are not read.
 */
export function silenceAfter(sound: Int16Array, from: number, silence: number): number | null {
  let begin = from;
  for (let i = from; i < sound.length; i++) {
    if (Math.abs(sound[i] as number) >= AUDIBLE) begin = i + 1;
    else if (i - begin + 1 >= silence) return begin;
  }
  return null;
}

/** Samples averaged into one for the coarse search: 6 kHz of 48 kHz. */
const COARSE = 8;

export interface Match {
  at: number;
  /** Normalised correlation, 0..1; 1 when `part` is in `sound` as it is, however loud. */
  likeness: number;
}

/** Where `part` is found best in `sound`, wholly inside it. */
export function locate(sound: Int16Array, part: Int16Array): Match {
  const coarse = best(decimate(sound), decimate(part), 0, Number.POSITIVE_INFINITY);
  const near = coarse.at * COARSE;
  return best(sound, part, near - 2 * COARSE, near + 2 * COARSE);
}

function best(sound: ArrayLike<number>, part: ArrayLike<number>, from: number, to: number): Match {
  const length = part.length;
  const last = Math.min(to, sound.length - length);
  let partPower = 0;
  for (let i = 0; i < length; i++) partPower += (part[i] as number) ** 2;
  let power = 0;
  const first = Math.max(0, from);
  for (let i = 0; i < length; i++) power += ((sound[first + i] as number) ?? 0) ** 2;
  const found: Match = { at: first, likeness: 0 };
  for (let at = first; at <= last; at++) {
    let dot = 0;
    for (let i = 0; i < length; i++) dot += (part[i] as number) * (sound[at + i] as number);
    const likeness = dot / Math.sqrt(Math.max(1, power) * Math.max(1, partPower));
    if (likeness > found.likeness) {
      found.at = at;
      found.likeness = likeness;
    }
    power += ((sound[at + length] as number) ?? 0) ** 2 - (sound[at] as number) ** 2;
  }
  return found;
}

function decimate(sound: Int16Array): Float32Array {
  const out = new Float32Array(Math.floor(sound.length / COARSE));
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let k = 0; k < COARSE; k++) sum += sound[i * COARSE + k] as number;
    out[i] = sum / COARSE;
  }
  return out;
}

/** Length of the pieces in which `missingFrom` looks for a sound. */
const PIECE_MS = 80;
/** A piece is found where it is at least this alike; ducking changes only its loudness. */
const ALIKE = 0.8;
/**
 * How much later than expected a piece is looked for, one after the other: the nearest is taken, since an answer may say
 * the same again. The longest is more than an answer is ever held.
 */
const NEAR_MS = 20;
const LATER_MS = [NEAR_MS, 500, 2000, 8000];
const EARLIER_MS = 20;
/** Vowels are alike: a piece that is found elsewhere than expected counts when most of those behind it follow it there. */
const FOLLOWING = 6;
const FOLLOW = 4;

/**
 * Milliseconds of `expected` (its audible pieces of 80 ms) that cannot be found in `heard` in the same order. Silences in
 * between and pieces that are played again are allowed.
 */
export function missingFrom(heard: Int16Array, expected: Int16Array, rate: number): number {
  const samples = (ms: number): number => Math.round((ms * rate) / 1000);
  const piece = samples(PIECE_MS);
  const slack = samples(EARLIER_MS);
  let missing = 0;
  /** Where the next piece is when nothing happens, and where the last one that was found ends: none comes before it. */
  let next = 0;
  let done = 0;
  const isFollowed = (here: number, at: number): boolean => {
    let known = 0;
    let alike = 0;
    for (let k = 1; k <= FOLLOWING; k++) {
      const wanted = expected.subarray(at + k * piece, at + (k + 1) * piece);
      const start = Math.max(0, here + k * piece - slack);
      const there = heard.subarray(start, here + (k + 1) * piece + slack);
      if (wanted.length < piece || there.length < piece || !isLoud(wanted)) continue;
      known += 1;
      if (locate(there, wanted).likeness >= ALIKE) alike += 1;
    }
    return alike >= Math.min(FOLLOW, known);
  };
  for (let at = 0; at + piece <= expected.length; at += piece, next += piece) {
    const wanted = expected.subarray(at, at + piece);
    if (!isLoud(wanted)) continue;
    const from = Math.max(0, done - samples(EARLIER_MS));
    let found: Match | null = null;
    for (const later of LATER_MS) {
      const match = locate(heard.subarray(from, next + piece + samples(later)), wanted);
      if (match.likeness < ALIKE) continue;
      if (later > NEAR_MS && !isFollowed(from + match.at, at)) continue;
      found = match;
      break;
    }
    if (found) {
      next = from + found.at;
      done = next + piece;
    } else missing += PIECE_MS;
  }
  return missing;
}

function isLoud(sound: Int16Array): boolean {
  let power = 0;
  for (const s of sound) power += s * s;
  return Math.sqrt(power / sound.length) > AUDIBLE * 4;
}
