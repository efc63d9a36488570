import { expect, it } from 'vitest';
import { WaveFile } from 'wavefile';
import { createTrack } from '../../src/main/recorder';

it('a track lays pieces out by their frame, with silence between', () => {
  const track = createTrack();
  track.add(1000, Int16Array.of(1, 2));
  track.add(1004, Int16Array.of(3));
  const samples = new WaveFile(track.toWav()).getSamples(false, Int16Array as never);
  expect([...(samples as unknown as Int16Array)]).toEqual([1, 2, 0, 0, 3]);
});

it('an empty track is an empty WAV, not a crash', () => {
  expect(new WaveFile(createTrack().toWav()).getSamples().length).toBe(0);
});
