import { describe, expect, it } from 'vitest';
import { createExplainedShare } from '../../src/ear/explained-share';
import { noise, type Sound } from './sounds';

const RATE = 16_000;
const MIC = 4096;
const REFERENCE = 10_240;
const share = createExplainedShare();

/** So many samples of noise; whoever makes it counts in milliseconds at 24 kHz. */
const hiss = (count: number, seed: number): Sound => noise(count / 24 + 1, 0, seed).subarray(0, count);

/** What the end of `reference` sounds like `delay` samples later, with a second, softer path 1.5 ms behind the first. */
function echo(reference: Sound, delay: number, gain: number): Sound {
  const at = (i: number) => reference[i] ?? 0;
  return Float32Array.from({ length: MIC }, (_, i) => {
    const from = REFERENCE - MIC + i - delay;
    return gain * (at(from) - 0.5 * at(from - 24));
  });
}

const add = (a: Sound, b: Sound): Sound => a.map((s, i) => s + (b[i] as number));

describe('the share that the answer explains', () => {
  const answer = hiss(REFERENCE, 1);
  const other = hiss(MIC, 2);

  it.each([16, 400, 3000, 6000])('is almost all of an echo after %i samples', (delay) => {
    expect(share(echo(answer, delay, 0.1), answer, delay)).toBeGreaterThan(0.98);
  });

  it('is the same however loud the echo is', () => {
    const [loud, soft] = [0.5, 0.005].map((gain) => share(echo(answer, 400, gain), answer, 400)) as [
      number,
      number,
    ];
    expect(loud - soft).toBeCloseTo(0, 2);
  });

  it('is what chance explains of another sound: as much as the path has samples', () => {
    expect(share(other, answer, 400)).toBeLessThan(0.12);
  });

  it('is what chance explains where the delay is wrong by more than the path', () => {
    expect(share(echo(answer, 400, 0.1), answer, 400 + RATE / 100)).toBeLessThan(0.12);
  });

  it('falls by what somebody else adds', () => {
    const own = echo(answer, 400, 1);
    const power = (s: Sound) => s.reduce((sum, x) => sum + x * x, 0);
    const equal = other.map((s) => s * Math.sqrt(power(own) / power(other)));
    const both = share(add(own, equal), answer, 400);
    expect(both).toBeGreaterThan(0.4);
    expect(both).toBeLessThan(0.65);
  });

  it.each([
    { what: 'of silence', sound: new Float32Array(MIC), delay: 400 },
    { what: 'beyond what is known of the answer', sound: other, delay: REFERENCE - 1000 },
    {
      what: 'of an answer that was silent',
      sound: other,
      delay: 400,
      reference: new Float32Array(REFERENCE),
    },
  ])('is nothing $what', ({ sound, delay, reference = answer }) => {
    expect(share(sound, reference, delay)).toBe(0);
  });
});
