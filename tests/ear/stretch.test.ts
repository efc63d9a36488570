import { describe, expect, it } from 'vitest';
import { NO_STRETCH, nextStretch } from '../../src/ear/stretch';

const SOUNDS = { '.': 'none', l: 'likely', v: 'voice' } as const;

/** Each letter is 20 ms. */
const after = (letters: string) =>
  [...letters].reduce(
    (stretch, letter) => nextStretch(stretch, SOUNDS[letter as keyof typeof SOUNDS], 20),
    NO_STRETCH,
  );

describe('a stretch', () => {
  it.each([
    ['begins with its first soft sound', 'llvv', { lengthMs: 80, voiceMs: 40 }],
    ['does not begin in silence', '....', { lengthMs: 0, voiceMs: 0 }],
    ['lasts over a pause that is not long', `vv${'.'.repeat(9)}`, { lengthMs: 220, voiceMs: 40 }],
    [
      'ends with 200 ms without voice and keeps what it was',
      `vv${'.'.repeat(10)}`,
      { lengthMs: 0, voiceMs: 40 },
    ],
    ['that held a voice is not kept alive by noise', `vv${'l'.repeat(10)}`, { lengthMs: 0, voiceMs: 40 }],
    ['without a voice is kept alive by likely sound', 'l'.repeat(15), { lengthMs: 300, voiceMs: 0 }],
    ['that begins anew forgets the last one', `vv${'.'.repeat(10)}l`, { lengthMs: 20, voiceMs: 0 }],
    ['goes on after a short pause', 'vv...vv', { lengthMs: 140, voiceMs: 80 }],
  ])('%s', (_name, letters, expected) => {
    expect(after(letters)).toMatchObject(expected);
  });
});
