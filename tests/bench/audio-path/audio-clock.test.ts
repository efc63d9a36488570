import { expect, it } from 'vitest';
import { audioClock } from './audio-clock';

/** Three quanta, a hole of one, and another. */
const clock = audioClock([1280, 500, 1408, 500, 1536, 511, 1792, 521]);

it.each([
  ['before the first', 1279, null],
  ['the first of the first', 1280, 500],
  ['the last of the first', 1407, 500],
  ['in the middle', 1600, 511],
  ['in the hole', 1700, null],
  ['the last of the last', 1919, 521],
  ['after the last', 1920, null],
])('a frame %s', (_name, frame, atMs) => {
  expect(clock(frame)).toBe(atMs);
});

it('knows nothing when it never ran', () => {
  expect(audioClock([])(0)).toBeNull();
});
