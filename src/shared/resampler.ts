/** Samples from one rate to another, as they come and with little delay: a windowed sinc, one row of taps per phase. */

/** Zero crossings of the sinc on either side. More is steeper and later. */
const CROSSINGS = 16;

/** Share of the lower rate's half that passes: what lies above would fold back or be an image. */
const PASSED = 0.92;

export interface StreamResampler {
  /** Whole samples by which what comes out is late: without the first so many of them it is in step with the input. */
  readonly delaySamples: number;
  /** What `input` (any length, any scale) gives, in its scale; a view that the next call overwrites. */
  push(input: Float32Array | Int16Array): Float32Array;
  /** What is still on its way, as if silence followed; after it the resampler is as new. */
  flush(): Float32Array;
  reset(): void;
}

/** Rates in Hz, whole numbers. Memory grows with `to` over their common divisor: 80 rows for 44.1 kHz to 24 kHz. */
export function createStreamResampler(from: number, to: number): StreamResampler {
  const divisor = greatestCommonDivisor(from, to);
  const phases = to / divisor;
  const step = from / divisor;
  /** Input samples per zero crossing. */
  const spacing = Math.max(1, from / to) / PASSED;
  const half = Math.ceil(CROSSINGS * spacing);
  const taps = 2 * half;
  const rows = Array.from({ length: phases }, (_, phase) => row(phase / phases, half, spacing));

  /** The newest `taps` samples, twice over, so that every window of them is one piece. */
  const history = new Float32Array(2 * taps);
  let newest = 0;
  /** Where the first sample to come out stands, in phases: a whole number of steps before the input's beginning. */
  const start = (half * phases) % step;
  const delaySamples = Math.floor((half * phases) / step);
  /** Where the next sample to come out stands behind the newest one that came in, in phases. */
  let ahead = start;
  let output = new Float32Array(0);

  const room = (count: number) => {
    if (output.length < count) output = new Float32Array(count);
    return output;
  };
  const reset = () => {
    history.fill(0);
    newest = 0;
    ahead = start;
  };
  const push = (input: Float32Array | Int16Array): Float32Array => {
    const into = room(Math.ceil((input.length * phases) / step) + 1);
    let written = 0;
    for (let i = 0; i < input.length; i++) {
      const sample = input[i] as number;
      newest = newest === taps - 1 ? 0 : newest + 1;
      history[newest] = sample;
      history[newest + taps] = sample;
      for (; ahead < phases; ahead += step) {
        const weights = rows[ahead] as Float32Array;
        const oldest = newest + 1;
        // Two sums: neither addition waits for the other, which takes a third less time.
        let even = 0;
        let odd = 0;
        for (let tap = 0; tap < taps; tap += 2) {
          even += (weights[tap] as number) * (history[oldest + tap] as number);
          odd += (weights[tap + 1] as number) * (history[oldest + tap + 1] as number);
        }
        into[written++] = even + odd;
      }
      ahead -= phases;
    }
    return into.subarray(0, written);
  };

  return {
    delaySamples,
    push,
    flush() {
      const rest = push(new Float32Array(half)).slice();
      reset();
      return rest;
    },
    reset,
  };
}

/** Weights of `2 * half` samples, oldest first, for a moment `fraction` of a sample behind the one in their middle. */
function row(fraction: number, half: number, spacing: number): Float32Array {
  const weights = Float32Array.from({ length: 2 * half }, (_, i) => {
    const x = (i - half + 1 - fraction) / spacing;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    const window = Math.abs(x) >= CROSSINGS ? 0 : 0.5 + 0.5 * Math.cos((Math.PI * x) / CROSSINGS);
    return sinc * window;
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
