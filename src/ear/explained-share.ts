/**
 * How much of a sound does the answer explain? The best short path from one to the other is fitted by least squares: an
 * echo is explained by it almost whole, a voice hardly more than by chance.
 */

/** Samples of the sound that are explained: 64 ms. */
const SOUND_SAMPLES = 1024;

/** Length of the path in samples: 4 ms, for the loudspeaker and the nearest reflections; and how much lies before the delay. */
const PATH_SAMPLES = 64;
const LEAD = 12;

/** Share of the mean power that is added to every direction: a narrow sound cannot tell all of the path. */
const RIDGE = 1e-3;

/** Samples of a piece, 10 ms; how many hold what is explained, and how many back the loudest sound may end. */
const PIECE = 160;
const PIECES = 7;
const LATEST_PIECES = 12;

/** Energy below which there is nothing to explain. */
const NOTHING = 1e-12;

/**
 * Share (0..1) of the end of `sound` that is explained by `reference`, which ends at the same moment, `delay` samples
 * later. 0 where the reference does not reach back that far. Of both only the changes from sample to sample are compared:
 * their strongest tones are low, and any two of them are alike.
 */
export type ExplainedShare = (sound: Float32Array, reference: Float32Array, delay: number) => number;

export function createExplainedShare(): ExplainedShare {
  const y = new Float64Array(SOUND_SAMPLES);
  const x = new Float64Array(SOUND_SAMPLES + PATH_SAMPLES - 1);
  const product = new Float64Array(PATH_SAMPLES);
  const rows = Array.from({ length: PATH_SAMPLES }, () => new Float64Array(PATH_SAMPLES));

  return (sound, reference, delay) => {
    const end = Math.min(reference.length, reference.length - delay + LEAD);
    if (end - x.length < 1) return 0;
    changes(sound, sound.length, y);
    changes(reference, end, x);
    const energy = dot(y, 0, y, 0);
    if (energy < NOTHING) return 0;
    for (let j = 0; j < PATH_SAMPLES; j++) product[j] = dot(y, 0, x, j);
    correlate(x, rows);
    return explained(rows, product) / energy;
  };
}

/** Samples between the end of the loudest part of `sound` that can be explained at once and its own end; 120 ms at most. */
export function sinceLoudest(sound: Float32Array): number {
  let most = 0;
  let later = 0;
  for (let back = 0; back <= LATEST_PIECES * PIECE; back += PIECE) {
    const end = sound.length - back;
    let energy = 0;
    for (let i = end - PIECES * PIECE; i < end; i++) energy += (sound[i] as number) ** 2;
    if (energy > most) {
      most = energy;
      later = back;
    }
  }
  return later;
}

/** Fills `into` with the changes of `sound` before `end`. */
function changes(sound: Float32Array, end: number, into: Float64Array): void {
  const start = end - into.length;
  for (let i = 0; i < into.length; i++) {
    into[i] = (sound[start + i] as number) - (sound[start + i - 1] as number);
  }
}

function dot(a: Float64Array, aAt: number, b: Float64Array, bAt: number): number {
  let sum = 0;
  for (let i = 0; i < SOUND_SAMPLES; i++) sum += (a[aAt + i] as number) * (b[bAt + i] as number);
  return sum;
}

/** Products of `x` with itself at every two places of the path, in the upper triangle; each follows from its neighbour. */
function correlate(x: Float64Array, rows: readonly Float64Array[]): void {
  let above = rows[0] as Float64Array;
  for (let j = 0; j < PATH_SAMPLES; j++) above[j] = dot(x, 0, x, j);
  for (let i = 1; i < PATH_SAMPLES; i++) {
    const row = rows[i] as Float64Array;
    for (let j = i; j < PATH_SAMPLES; j++) {
      const leaves = (x[i - 1] as number) * (x[j - 1] as number);
      const enters = (x[SOUND_SAMPLES + i - 1] as number) * (x[SOUND_SAMPLES + j - 1] as number);
      row[j] = (above[j - 1] as number) - leaves + enters;
    }
    above = row;
  }
}

/** Energy explained by the path that fits best, by Cholesky's decomposition in place. */
function explained(rows: readonly Float64Array[], product: Float64Array): number {
  let trace = 0;
  for (let i = 0; i < PATH_SAMPLES; i++) trace += (rows[i] as Float64Array)[i] as number;
  const ridge = (RIDGE * trace) / PATH_SAMPLES + NOTHING;
  let sum = 0;
  for (let i = 0; i < PATH_SAMPLES; i++) {
    const row = rows[i] as Float64Array;
    const root = Math.sqrt(Math.max((row[i] as number) + ridge, NOTHING));
    const part = (product[i] as number) / root;
    sum += part ** 2;
    for (let j = i + 1; j < PATH_SAMPLES; j++) row[j] = (row[j] as number) / root;
    for (let k = i + 1; k < PATH_SAMPLES; k++) {
      const factor = row[k] as number;
      const below = rows[k] as Float64Array;
      for (let j = k; j < PATH_SAMPLES; j++) below[j] = (below[j] as number) - factor * (row[j] as number);
      product[k] = (product[k] as number) - part * factor;
    }
  }
  return sum;
}
