import { describe, expect, it } from 'vitest';
import {
  type Eagerness,
  type PauseFacts,
  scorePause,
  turnOverProbability,
  voiceScore,
  waitMs,
  worthPreparing,
} from '../../../src/server/turns/semantic-turn';
import { hearEnd } from '../../../src/server/turns/semantic-voice';
import type { Ending } from '../../../src/server/turns/semantic-words';
import { concat, noise, silence } from '../../helpers/sound';
import { voice } from '../../helpers/voice';

const EAGER: Eagerness[] = ['high', 'medium', 'low'];
const facts = (ending: Ending, more: Partial<PauseFacts> = {}): PauseFacts => ({
  ending,
  voice: null,
  wordsPerSecond: null,
  ...more,
});
const waits = (score: number | null) => EAGER.map((eagerness) => Math.round(waitMs(score, eagerness)));

describe('how long a pause is waited for', () => {
  /** Milliseconds for high, medium and low. */
  const table: Array<[Ending, [number, number, number]]> = [
    ['question', [250, 294, 589]],
    ['reply', [250, 325, 651]],
    ['command', [250, 359, 719]],
    ['sentence', [250, 485, 970]],
    ['fragment', [400, 800, 1600]],
    ['unknown', [400, 800, 1600]],
    ['slot', [729, 1458, 2915]],
    ['clause', [890, 1780, 3561]],
    ['number', [1087, 2175, 4349]],
    ['opener', [1468, 2935, 5871]],
    ['dangling', [2000, 4000, 8000]],
    ['filler', [2000, 4000, 8000]],
  ];
  it.each(table)('%s', (ending, expected) => {
    expect(waits(scorePause(facts(ending)))).toEqual(expected);
  });

  it('is the longest while nothing is judged', () => {
    expect(waits(null)).toEqual([2000, 4000, 8000]);
    expect(waitMs(null, 'auto')).toBe(4000);
  });

  it('is over when the turn is as likely to be as the eagerness wants', () => {
    const wanted = { high: 0.5, medium: 0.8, low: 16 / 17 };
    for (const eagerness of ['high', 'medium', 'low'] as const) {
      expect(turnOverProbability(0, waitMs(0, eagerness))).toBeCloseTo(wanted[eagerness], 10);
    }
  });

  it('gets shorter with the score, and the silence makes the end likelier', () => {
    const scores = [-4, -3, -2, -1, 0, 1, 2];
    for (const eagerness of EAGER) {
      const all = scores.map((score) => waitMs(score, eagerness));
      expect(all).toEqual([...all].sort((a, b) => b - a));
    }
    const over = [200, 400, 800, 1600].map((ms) => turnOverProbability(0, ms));
    expect(over).toEqual([...over].sort((a, b) => a - b));
    expect(over[1]).toBe(0.5);
  });

  it('no answer is prepared where more is likely to come', () => {
    const prepared = table
      .map(([ending]) => ending)
      .filter((ending) => worthPreparing(scorePause(facts(ending))));
    expect(prepared).toEqual(['question', 'reply', 'command', 'sentence', 'fragment', 'unknown']);
  });

  it('is longer for those who speak slowly', () => {
    expect(scorePause(facts('sentence', { wordsPerSecond: 1 }))).toBeLessThan(scorePause(facts('sentence')));
    expect(scorePause(facts('sentence', { wordsPerSecond: 3 }))).toBe(scorePause(facts('sentence')));
  });

  it('the voice moves it, but does not overrule clear words', () => {
    const falling = { pitch: -5, heldMs: 60, fadeDb: 15 };
    const held = { pitch: 0, heldMs: 500, fadeDb: 1 };
    expect(scorePause(facts('unknown', { voice: falling }))).toBeGreaterThan(0.5);
    expect(scorePause(facts('unknown', { voice: held }))).toBe(-1);
    expect(waitMs(scorePause(facts('question', { voice: held })), 'medium')).toBeLessThanOrEqual(500);
    expect(waitMs(scorePause(facts('dangling', { voice: falling })), 'medium')).toBeGreaterThan(2000);
  });
});

describe('the end of a voice', () => {
  const heard = (shape: Parameters<typeof voice>[0], after = silence(200)) =>
    hearEnd(concat(silence(300), voice(shape, 16_000), after));

  const shapes: Array<
    [string, Parameters<typeof voice>[0], { pitch: [number, number]; score: 'more' | 'less' }]
  > = [
    [
      'a low voice that falls and fades',
      { ms: 1500, from: 120, to: 85, end: 0.2 },
      { pitch: [-7, -3], score: 'more' },
    ],
    [
      'a high voice that falls and fades',
      { ms: 1500, from: 230, to: 160, end: 0.2 },
      { pitch: [-7, -3], score: 'more' },
    ],
    [
      'a voice that rises, as a question',
      { ms: 1500, from: 120, to: 180, end: 0.5 },
      { pitch: [3, 8], score: 'more' },
    ],
    [
      'a voice that stays where it is',
      { ms: 1500, from: 120, to: 121 },
      { pitch: [-0.5, 0.5], score: 'less' },
    ],
  ];
  it.each(shapes)('%s', (_name, shape, { pitch, score }) => {
    const end = heard(shape);
    expect(end?.pitch).toBeGreaterThan(pitch[0]);
    expect(end?.pitch).toBeLessThan(pitch[1]);
    const added = end === null ? 0 : voiceScore(end);
    expect(added > 0).toBe(score === 'more');
  });

  it('knows a vowel that is held: somebody thinks', () => {
    const um = voice({ ms: 600, from: 130, to: 130, syllables: false }, 16_000);
    const end = hearEnd(
      concat(voice({ ms: 900, from: 150, to: 130 }, 16_000), silence(80), um, silence(180)),
    );
    expect(end?.heldMs).toBeGreaterThan(450);
    expect(end && voiceScore(end)).toBe(-1);
  });

  it('is not made up where there is no voice', () => {
    expect(hearEnd(silence(1000))).toBeNull();
    expect(hearEnd(noise(1000, 3000))).toBeNull();
    expect(hearEnd(new Int16Array(0))).toBeNull();
  });

  it('is heard in a noise too', () => {
    const clean = voice({ ms: 1500, from: 120, to: 85, end: 0.5 }, 16_000);
    const rush = noise(1500, 300);
    const end = hearEnd(clean.map((sample, i) => sample + (rush[i] as number)));
    expect(end?.pitch).toBeLessThan(-2.5);
  });
});
