/** Fourier transform of real blocks, made for one size and reused without allocating. */
export interface RealFft {
  readonly size: number;
  /** Spectrum of `input` (`size` samples) into `re` and `im`, `size / 2 + 1` bins each, unscaled. */
  forward(input: Float32Array, re: Float32Array, im: Float32Array): void;
  /** The block whose spectrum is `re`, `im`; undoes `forward`. */
  inverse(re: Float32Array, im: Float32Array, output: Float32Array): void;
}

/** `size` is a power of two from 4 up; else a RangeError. Packs the real block into a complex one of half the size. */
export function createRealFft(size: number): RealFft {
  if (size < 4 || (size & (size - 1)) !== 0) throw new RangeError(`${size} is no power of two from 4 up`);
  const half = size / 2;
  const cos = new Float64Array(half);
  const sin = new Float64Array(half);
  for (let k = 0; k < half; k++) {
    cos[k] = Math.cos((2 * Math.PI * k) / size);
    sin[k] = Math.sin((2 * Math.PI * k) / size);
  }
  const order = bitReversal(half);
  const a = new Float64Array(half);
  const b = new Float64Array(half);

  /** In place over `a` + i`b`, which are already in bit-reversed order. */
  const butterflies = () => {
    for (let width = 1, stride = half; width < half; width *= 2, stride /= 2) {
      for (let start = 0; start < half; start += 2 * width) {
        for (let k = 0, t = 0; k < width; k++, t += stride) {
          const c = cos[t] as number;
          const s = sin[t] as number;
          const i = start + k;
          const j = i + width;
          const aj = a[j] as number;
          const bj = b[j] as number;
          const x = aj * c + bj * s;
          const y = bj * c - aj * s;
          const ai = a[i] as number;
          const bi = b[i] as number;
          a[j] = ai - x;
          b[j] = bi - y;
          a[i] = ai + x;
          b[i] = bi + y;
        }
      }
    }
  };

  return {
    size,
    forward(input, re, im) {
      for (let i = 0; i < half; i++) {
        const from = 2 * (order[i] as number);
        a[i] = input[from] as number;
        b[i] = input[from + 1] as number;
      }
      butterflies();
      for (let k = 0; k <= half / 2; k++) {
        const m = (half - k) % half;
        const evenRe = 0.5 * ((a[k] as number) + (a[m] as number));
        const evenIm = 0.5 * ((b[k] as number) - (b[m] as number));
        const oddRe = 0.5 * ((b[k] as number) + (b[m] as number));
        const oddIm = 0.5 * ((a[m] as number) - (a[k] as number));
        const c = cos[k] as number;
        const s = sin[k] as number;
        const x = oddRe * c + oddIm * s;
        const y = oddIm * c - oddRe * s;
        re[k] = evenRe + x;
        im[k] = evenIm + y;
        re[half - k] = evenRe - x;
        im[half - k] = y - evenIm;
      }
    },
    inverse(re, im, output) {
      // The spectrum is folded back to that of the packed block; real and imaginary parts change places, which
      // makes the forward butterflies go backwards.
      for (let i = 0; i < half; i++) {
        const k = order[i] as number;
        const reK = re[k] as number;
        const imK = im[k] as number;
        const reM = re[half - k] as number;
        const imM = -(im[half - k] as number);
        const evenRe = 0.5 * (reK + reM);
        const evenIm = 0.5 * (imK + imM);
        const diffRe = 0.5 * (reK - reM);
        const diffIm = 0.5 * (imK - imM);
        const c = cos[k] as number;
        const s = sin[k] as number;
        const oddRe = diffRe * c - diffIm * s;
        const oddIm = diffIm * c + diffRe * s;
        b[i] = evenRe - oddIm;
        a[i] = evenIm + oddRe;
      }
      butterflies();
      const scale = 1 / half;
      for (let i = 0; i < half; i++) {
        output[2 * i] = (b[i] as number) * scale;
        output[2 * i + 1] = (a[i] as number) * scale;
      }
    },
  };
}

function bitReversal(size: number): Uint16Array {
  const order = new Uint16Array(size);
  const bits = Math.log2(size);
  for (let i = 0; i < size; i++) {
    let reversed = 0;
    for (let bit = 0; bit < bits; bit++) if (i & (1 << bit)) reversed |= 1 << (bits - 1 - bit);
    order[i] = reversed;
  }
  return order;
}
