import { describe, expect, test } from 'vitest';
import { AUDIBLE, firstAudible, locate, missingFrom, silenceAfter } from './analysis';
import { createRandom, pinkNoise, rmsOf } from './stimuli-noise';
import { speechIn } from './stimuli-voice';

const RATE = 24_000;

/** Noise of which no two pieces are alike, with silences where `pattern` has a blank; a character is 100 ms. */
function sound(pattern: string, seed = 1): Int16Array {
  const random = createRandom(seed);
  const step = RATE / 10;
  return Int16Array.from({ length: pattern.length * step }, (_, i) => {
    const noise = Math.round((random() * 2 - 1) * 8000);
    return pattern[Math.floor(i / step)] === ' ' ? 0 : noise;
  });
}

function joined(...parts: Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

describe('silence', () => {
  const step = RATE / 10;
  test.each([
    ['ends the sound', '###     ', 0, 300, 3],
    ['is shorter than asked for', '# # #     ', 0, 300, 5],
    ['begins before', '   ', 0, 200, 0],
    ['does not come', '#######', 0, 200, null],
    ['before `from` does not count', '#   ###    ', 4, 300, 7],
  ])('%s', (_, pattern, from, ms, expected) => {
    const found = silenceAfter(sound(pattern), from * step, (ms * RATE) / 1000);
    if (expected === null) expect(found).toBeNull();
    else expect(Math.abs((found ?? 0) - expected * step)).toBeLessThan(20);
  });

  test('what is softer than -50 dBFS is none', () => {
    const soft = Int16Array.from({ length: RATE }, (_, i) => (i % 2 === 0 ? AUDIBLE - 1 : 1 - AUDIBLE));
    expect(firstAudible(soft)).toBeNull();
    expect(silenceAfter(soft, 0, RATE / 2)).toBe(0);
    expect(firstAudible(Int16Array.of(0, 0, -AUDIBLE))).toBe(2);
  });
});

test('a sound is located to the sample, softer and under another one too', () => {
  const part = sound('####', 5);
  const other = sound('##########', 6);
  const mixed = Int16Array.from(other, (s, i) => Math.round(s / 4 + (part[i - 7001] ?? 0) / 2));
  expect(locate(mixed, part).at).toBe(7001);
  expect(locate(mixed, part).likeness).toBeGreaterThan(0.8);
  expect(locate(other, part).likeness).toBeLessThan(0.2);
});

describe('what is missing of an answer', () => {
  const answer = sound('##########  ##########');
  const at = (from: number, to: number): Int16Array => answer.subarray(from * 2400, to * 2400);
  const pause = new Int16Array(RATE);

  test.each([
    ['nothing', answer, 0],
    ['nothing after a hold that goes on from before it', joined(at(0, 8), pause, at(5, 22)), 0],
    ['nothing where it was soft', Int16Array.from(answer, (s) => Math.round(s / 10)), 0],
    ['half a second', joined(at(0, 3), at(8, 22)), 500],
    ['half a second behind a pause', joined(at(0, 3), pause, at(8, 22)), 500],
    ['all after a cut', at(0, 10), 1000],
  ])('%s', (_, heard, expected) => {
    expect(Math.abs(missingFrom(heard, answer, RATE) - expected)).toBeLessThanOrEqual(160);
  });
});

test('a vowel that comes again later is not taken for the one that is missing', () => {
  const vowel = Int16Array.from(
    { length: (RATE * 3) / 10 },
    (_, i) => 8000 * Math.sin((2 * Math.PI * i) / 120),
  );
  const [first, second, third] = [sound('#####', 11), sound('##########', 12), sound('#####', 13)];
  const answer = joined(first, vowel, second, vowel, third);
  const heard = joined(first, new Int16Array(vowel.length), second, vowel, third);
  expect(Math.abs(missingFrom(heard, answer, RATE) - 300)).toBeLessThanOrEqual(160);
});

test('speech begins where it stands clear of the noise of its recording', () => {
  const rate = 48_000;
  const noise = pinkNoise(rate, createRandom(3));
  const gain = 0.02 / rmsOf(noise);
  const recorded = Float32Array.from({ length: rate }, (_, i) => {
    const voice = i >= 24_000 && i < 36_000 ? Math.sin(i / 40) * 0.5 : 0;
    return voice + (noise[i] as number) * gain;
  });
  const { onset, end } = speechIn(recorded);
  expect(Math.abs(onset - 24_000)).toBeLessThan(480);
  expect(Math.abs(end - 36_000)).toBeLessThan(480);
});
