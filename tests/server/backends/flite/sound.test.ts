import { describe, expect, it } from 'vitest';
import { finishSound } from '../../../../src/server/backends/flite/sound';
import { rms } from '../../../../src/shared/audio';
import { concat, silence, tone } from '../../../helpers/sound';

describe('finished sound', () => {
  it.each([
    ['sentence', 260],
    ['phrase', 120],
  ] as const)('of a %s has a natural beginning and pause', (end, pauseMs) => {
    const out = finishSound(concat(silence(400), tone(500, 200, 8000), silence(600)), end);
    const first = out.findIndex((s) => s !== 0);
    expect(first / 16).toBeGreaterThan(25);
    expect(first / 16).toBeLessThan(35);
    expect(out.length / 16).toBeGreaterThan(500 + pauseMs + 20);
    expect(out.length / 16).toBeLessThan(500 + pauseMs + 40);
  });

  it.each([1000, 8000, 30_000])('of amplitude %i comes out at one level', (amplitude) => {
    const level = rms(finishSound(tone(1000, 200, amplitude), 'phrase'));
    expect(level).toBeGreaterThan(0.07);
    expect(level).toBeLessThan(0.12);
  });

  it('does not clip what has high peaks', () => {
    const peaky = tone(1000, 200, 2000);
    peaky[8000] = 30_000;
    expect(Math.max(...finishSound(peaky, 'phrase'))).toBeLessThan(32_000);
  });

  it.each([silence(0), silence(500), tone(500, 200, 100)])(
    'is empty when there is nothing to hear',
    (pcm) => {
      expect(finishSound(pcm, 'sentence').length).toBe(0);
    },
  );
});
