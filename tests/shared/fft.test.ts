import { expect, it } from 'vitest';
import { createRealFft } from '../../src/shared/fft';

it.each([4, 16, 256, 512])('a transform of %i is that of the definition, and comes back', (size) => {
  const fft = createRealFft(size);
  const input = new Float32Array(size).map((_, i) => Math.sin(i * i) + 0.3);
  const re = new Float32Array(size / 2 + 1);
  const im = new Float32Array(size / 2 + 1);
  fft.forward(input, re, im);
  for (let k = 0; k <= size / 2; k++) {
    let a = 0;
    let b = 0;
    for (let n = 0; n < size; n++) {
      a += (input[n] as number) * Math.cos((2 * Math.PI * k * n) / size);
      b -= (input[n] as number) * Math.sin((2 * Math.PI * k * n) / size);
    }
    expect(re[k]).toBeCloseTo(a, 3);
    expect(im[k]).toBeCloseTo(b, 3);
  }
  const back = new Float32Array(size);
  fft.inverse(re, im, back);
  for (let i = 0; i < size; i++) expect(back[i]).toBeCloseTo(input[i] as number, 4);
});
