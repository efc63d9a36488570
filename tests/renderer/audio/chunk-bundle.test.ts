// @vitest-environment node
/** Quiet chunks go by the bundle while nobody waits for them; whatever the ear may take for a sound is never late. */
import { expect, it } from 'vitest';
import { GATE } from '../../../src/ear/parameters';
import { BUNDLE_CHUNKS, ChunkBundle, QUIET_DB } from '../../../src/renderer/audio/chunk-bundle';
import { CHUNK_SAMPLES, type Pcm16 } from '../../../src/shared/audio';

const QUIET = 10;
const LOUD = 3000;

function scene() {
  const told: { frame: number; pcm: number[] }[] = [];
  const bundle = new ChunkBundle((pcm, frame) => told.push({ frame, pcm: [...pcm] }));
  let frame = 0;
  return {
    bundle,
    skip(samples: number) {
      frame += samples;
    },
    take(chunks: number, level: number, samples = CHUNK_SAMPLES) {
      for (let i = 0; i < chunks; i++) {
        bundle.take(new Int16Array(samples).fill(level), frame);
        frame += samples;
      }
    },
    told: () =>
      told.splice(0).map(({ frame: at, pcm }) => `${at / CHUNK_SAMPLES} +${pcm.length / CHUNK_SAMPLES}`),
  };
}

it('hands on every chunk at once as long as somebody waits', () => {
  const { take, told } = scene();
  take(3, QUIET);
  expect(told()).toEqual(['0 +1', '1 +1', '2 +1']);
});

it('at rest, quiet makes a fifth of the messages', () => {
  const { bundle, take, told } = scene();
  bundle.rest(true);
  take(50, QUIET);
  expect(told()).toHaveLength(50 / BUNDLE_CHUNKS);
});

it('a louder chunk comes at once, behind what waited', () => {
  const { bundle, take, told } = scene();
  bundle.rest(true);
  take(3, QUIET);
  expect(told()).toEqual([]);
  take(2, LOUD);
  expect(told()).toEqual(['0 +3', '3 +1', '4 +1']);
});

it('the end of rest brings what waits, and so does a gap', () => {
  const { bundle, take, skip, told } = scene();
  bundle.rest(true);
  take(2, QUIET);
  skip(CHUNK_SAMPLES);
  take(2, QUIET);
  expect(told()).toEqual(['0 +2']);
  bundle.rest(false);
  expect(told()).toEqual(['3 +2']);
});

it('a chunk that was cut short comes at once', () => {
  const { bundle, take, told } = scene();
  bundle.rest(true);
  take(1, QUIET);
  take(1, QUIET, CHUNK_SAMPLES / 2);
  expect(told()).toEqual(['0 +1', '1 +0.5']);
});

it('no sample is lost or doubled, whatever comes in whatever order', () => {
  const given: number[] = [];
  const told: number[] = [];
  let next = 0;
  const bundle = new ChunkBundle((pcm, frame) => {
    expect(frame).toBe(next);
    next += pcm.length;
    told.push(...pcm);
  });
  let seed = 1;
  const random = () => {
    seed = (seed * 48_271) % 0x7fffffff;
    return seed / 0x7fffffff;
  };
  for (let i = 0; i < 500; i++) {
    if (random() < 0.05) bundle.rest(random() < 0.7);
    const pcm = new Int16Array(random() < 0.05 ? 100 : CHUNK_SAMPLES);
    const top = random() < 0.1 ? LOUD : QUIET;
    for (let k = 0; k < pcm.length; k++) pcm[k] = Math.round((2 * random() - 1) * top);
    bundle.take(pcm, given.length);
    given.push(...pcm);
  }
  bundle.rest(false);
  expect(told).toEqual(given);
});

it('what waits holds no 10 ms that the ear takes for a sound, wherever they begin', () => {
  const waiting: number[] = [];
  const bundle = new ChunkBundle((pcm) => {
    if (pcm.length > CHUNK_SAMPLES) waiting.push(...pcm);
  });
  bundle.rest(true);
  const loudest = Math.floor(0x8000 * 10 ** (QUIET_DB / 20));
  // The worst there is: all the power at one end of a piece, next to that of its neighbour.
  const burst = Math.floor(loudest * Math.sqrt(120));
  for (let i = 0; i < 10 * BUNDLE_CHUNKS; i++) {
    const pcm: Pcm16 = new Int16Array(CHUNK_SAMPLES);
    pcm.fill(burst, 240 - 2, 240);
    pcm.fill(burst, 240, 240 + 2);
    bundle.take(pcm, i * CHUNK_SAMPLES);
  }
  expect(waiting).toHaveLength(10 * BUNDLE_CHUNKS * CHUNK_SAMPLES);
  const window = 240;
  for (let from = 0; from + window <= waiting.length; from++) {
    let squares = 0;
    for (let i = from; i < from + window; i++) squares += ((waiting[i] as number) / 0x8000) ** 2;
    if (10 * Math.log10(squares / window) > GATE.floorDb) throw new Error(`a sound at ${from}`);
  }
});
