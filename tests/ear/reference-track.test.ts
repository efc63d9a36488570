import { expect, it } from 'vitest';
import { createReferenceTrack, positionOf } from '../../src/ear/reference-track';
import { floatToPcm16 } from '../../src/shared/audio';
import { tone } from './sounds';

const CHUNK = 480;
const power = (samples: Float32Array) => samples.reduce((sum, s) => sum + s * s, 0) / samples.length;

function read(track: ReturnType<typeof createReferenceTrack>, position: number, length = 320): Float32Array {
  const into = new Float32Array(length);
  track.read(position, into);
  return into;
}

it('keeps what was rendered at its place, resampled without a seam', () => {
  const track = createReferenceTrack();
  const sound = floatToPcm16(tone(400, 400));
  for (let at = 0; at < sound.length; at += CHUNK) track.write(sound.subarray(at, at + CHUNK), 24_000 + at);
  expect(track.end()).toBe(positionOf(24_000 + sound.length));
  const middle = read(track, 16_000 + 1600, 3200);
  // A tone of 0.3 has a power of 0.045, and any two samples a period apart are equal.
  expect(power(middle)).toBeCloseTo(0.045, 3);
  for (let i = 0; i + 40 < middle.length; i++) {
    expect(Math.abs((middle[i] as number) - (middle[i + 40] as number))).toBeLessThan(0.002);
  }
});

it('is silent where nothing was rendered: before, after, and in a gap', () => {
  const track = createReferenceTrack();
  const loud = new Int16Array(CHUNK).fill(8000);
  expect(power(read(track, 0))).toBe(0);
  expect(track.end()).toBe(Number.NEGATIVE_INFINITY);
  track.write(loud, 24_000);
  track.write(loud, 24_000 + 10 * CHUNK);
  expect(power(read(track, 16_000))).toBeGreaterThan(0.01);
  expect(power(read(track, 16_000 + 640))).toBe(0);
  expect(power(read(track, 16_000 + 3200))).toBeGreaterThan(0.01);
  expect(power(read(track, 16_000 + 3600))).toBe(0);
  track.reset();
  expect(power(read(track, 16_000))).toBe(0);
});

it('starts anew when the clock does', () => {
  const track = createReferenceTrack();
  const loud = new Int16Array(CHUNK).fill(8000);
  track.write(loud, 2_400_000);
  track.write(loud, 0);
  expect(track.end()).toBe(320);
  expect(power(read(track, 1_600_000))).toBe(0);
});
