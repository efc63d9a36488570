import { describe, expect, it } from 'vitest';
import { createStreamResampler } from '../../src/shared/resampler';

const sine = (rate: number, hz: number, seconds: number) =>
  Float32Array.from({ length: rate * seconds }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / rate));

function resample(from: number, to: number, input: Float32Array, piece = 480): Float32Array {
  const resampler = createStreamResampler(from, to);
  const out: number[] = [];
  for (let at = 0; at < input.length; at += piece) {
    for (const sample of resampler.push(input.subarray(at, at + piece))) out.push(sample);
  }
  out.push(...resampler.flush());
  return Float32Array.from(out);
}

const rms = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
const toDb = (ratio: number) => 20 * Math.log10(ratio);

describe.each([
  [48_000, 24_000],
  [44_100, 24_000],
  [16_000, 24_000],
  [24_000, 16_000],
  [22_050, 24_000],
  [8000, 24_000],
])('%i Hz to %i Hz', (from, to) => {
  const low = Math.min(from, to);

  it('passes what both rates can hold, late by what it says', () => {
    const hz = low / 8;
    const out = resample(from, to, sine(from, hz, 0.5));
    const { delaySamples } = createStreamResampler(from, to);
    let worst = 0;
    for (let i = delaySamples + 200; i < to * 0.4; i++) {
      const expected = 0.5 * Math.sin((2 * Math.PI * hz * (i - delaySamples)) / to);
      worst = Math.max(worst, Math.abs((out[i] as number) - expected));
    }
    expect(worst).toBeLessThan(0.005);
  });

  it('gives as many samples as the time holds', () => {
    const { delaySamples } = createStreamResampler(from, to);
    const out = resample(from, to, sine(from, 300, 1));
    expect(Math.abs(out.length - to - delaySamples)).toBeLessThan(2);
  });

  it('is the same however the input is cut', () => {
    const input = sine(from, 440, 0.2);
    expect(resample(from, to, input, 77)).toEqual(resample(from, to, input, 480));
  });
});

it.each([
  [48_000, 24_000, 14_000],
  [24_000, 16_000, 9500],
])('%i Hz to %i Hz: %i Hz does not fold back', (from, to, hz) => {
  const out = resample(from, to, sine(from, hz, 0.5)).subarray(400, to * 0.4);
  expect(toDb(rms(out) / (0.5 / Math.SQRT2))).toBeLessThan(-50);
});
