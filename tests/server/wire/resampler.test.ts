import { describe, expect, it } from 'vitest';
import { createResampler } from '../../../src/server/wire/resampler';
import type { Pcm16 } from '../../../src/shared/audio';

const AMPLITUDE = 16_000;

function tone(hz: number, rate: number, samples = rate): Pcm16 {
  return Int16Array.from({ length: samples }, (_, i) =>
    Math.round(AMPLITUDE * Math.sin((2 * Math.PI * hz * i) / rate)),
  );
}

/** From 100 Hz to `toHz` with rising speed. */
function sweep(toHz: number, rate: number): Pcm16 {
  return Int16Array.from({ length: rate }, (_, i) => {
    const t = i / rate;
    return Math.round(AMPLITUDE * Math.sin(2 * Math.PI * (100 * t + ((toHz - 100) * t * t) / 2)));
  });
}

function convert(pcm: Pcm16, fromRate: number, toRate: number, chunk: number): Pcm16 {
  const resampler = createResampler(fromRate, toRate);
  const out: Pcm16[] = [];
  for (let at = 0; at < pcm.length; at += chunk) out.push(resampler.push(pcm.slice(at, at + chunk)));
  out.push(resampler.flush());
  resampler.close();
  return Int16Array.from(out.flatMap((part) => Array.from(part)));
}

/** Level of `actual - expected` below `expected`, in dB, without the first and last 20 ms. */
function errorDb(actual: Pcm16, expected: Pcm16, rate: number): number {
  const edge = rate / 50;
  let error = 0;
  let signal = 0;
  for (let i = edge; i < expected.length - edge; i++) {
    error += ((actual[i] ?? 0) - (expected[i] as number)) ** 2;
    signal += (expected[i] as number) ** 2;
  }
  return 10 * Math.log10(error / signal);
}

describe('resampler', () => {
  const rates: [number, number][] = [
    [24_000, 16_000],
    [16_000, 24_000],
    [48_000, 24_000],
    [44_100, 24_000],
    [8_000, 16_000],
  ];
  for (const [from, to] of rates) {
    it(`keeps a 1 kHz tone, in step and in length, from ${from} to ${to} Hz`, () => {
      const out = convert(tone(1000, from), from, to, from / 50);
      expect(out.length).toBe(to);
      expect(errorDb(out, tone(1000, to), to)).toBeLessThan(-80);
    });
  }

  it('brings a sweep to 6.5 kHz from 24 to 16 kHz and back unharmed', () => {
    const original = sweep(6500, 24_000);
    const there = convert(original, 24_000, 16_000, 480);
    const back = convert(there, 16_000, 24_000, 320);
    expect(errorDb(back, original, 24_000)).toBeLessThan(-55);
  });

  it.each([
    [8200, -43],
    [8300, -43],
    [9000, -75],
    [10_000, -75],
    [11_500, -75],
  ])('brings a tone of %i Hz to 16 kHz at %i dB or less', (hz, db) => {
    const out = convert(tone(hz, 24_000), 24_000, 16_000, 480);
    const energy = out.slice(400, -400).reduce((sum, sample) => sum + sample ** 2, 0);
    expect(10 * Math.log10(energy / (out.length - 800) / (AMPLITUDE ** 2 / 2))).toBeLessThan(db);
  });

  it.each([1, 7, 480, 1000, 24_000])('gives the same samples in chunks of %i', (chunk) => {
    const input = sweep(5000, 24_000).slice(0, 6000);
    expect(convert(input, 24_000, 16_000, chunk)).toEqual(convert(input, 24_000, 16_000, 6000));
  });

  it('gives output at once: the delay is under 1.2 ms', () => {
    const resampler = createResampler(24_000, 16_000);
    const out = resampler.push(tone(440, 24_000, 480));
    expect(320 - out.length).toBeLessThan(20);
    resampler.close();
  });

  it('is as new after a flush', () => {
    const resampler = createResampler(24_000, 16_000);
    const input = tone(700, 24_000, 2400);
    const first = [...resampler.push(input), ...resampler.flush()];
    const second = [...resampler.push(input), ...resampler.flush()];
    expect(second).toEqual(first);
    expect(resampler.flush().length).toBe(0);
    resampler.close();
  });

  it('takes a minute in one piece', () => {
    const out = convert(tone(300, 24_000, 24_000 * 60), 24_000, 16_000, 24_000 * 60);
    expect(out.length).toBe(16_000 * 60);
  });

  it('clips instead of wrapping around', () => {
    const square = (level: number) =>
      Int16Array.from({ length: 24_000 }, (_, i) => (i % 60 < 30 ? level : -level));
    const loud = convert(square(32_767), 24_000, 16_000, 480);
    const half = convert(square(16_384), 24_000, 16_000, 480);
    expect(Math.max(...half)).toBeGreaterThan(17_000);
    for (const [i, sample] of half.entries()) {
      const expected = Math.max(-32_768, Math.min(32_767, 2 * sample));
      expect(Math.abs((loud[i] as number) - expected)).toBeLessThan(5);
    }
  });

  it('copies at equal rates', () => {
    const resampler = createResampler(16_000, 16_000);
    const input = Int16Array.of(1, 2, 3);
    const out = resampler.push(input);
    input[0] = 9;
    expect(out).toEqual(Int16Array.of(1, 2, 3));
  });

  it.each([0, 999, 200_000, 24_000.5, Number.NaN])('refuses a rate of %f', (rate) => {
    expect(() => createResampler(rate, 16_000)).toThrow(RangeError);
  });
});
