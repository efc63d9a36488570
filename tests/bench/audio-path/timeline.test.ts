import { describe, expect, it } from 'vitest';
import type { Entry } from '../timeline';
import { sortFlushes } from './flush';
import { chunksOf, flushesOf } from './timeline';

const line = (atMs: number, kind: string, fields: Record<string, unknown> = {}): Entry => ({
  atMs,
  kind,
  ...fields,
});
const item = (itemId: string, renderedFrames: number, receivedFrames: number) => ({
  itemId,
  contentIndex: 0,
  renderedFrames,
  receivedFrames,
});

/** An answer whose first delta comes at 100 ms, of which 4,800 frames are rendered when it is flushed at 320 ms. */
const interrupted = (items = [item('a', 4800, 24_000)]): Entry[] => [
  line(0, 'begin', { epochMs: 7000 }),
  line(100, 'server', { type: 'response.output_audio.delta', item_id: 'a' }),
  line(110, 'server', { type: 'response.output_audio.delta', item_id: 'a' }),
  line(125, 'playback', { type: 'started', itemId: 'a', frame: 1000 }),
  line(320, 'flush', { flushId: 1 }),
  line(326, 'playback', { type: 'flushed', flushId: 1, frame: 5800, items }),
];
const rendered = (frame: number, level = 0.2) =>
  line(330, 'playback', { type: 'rendered', frame, samples: 480, level });

/** The output was silent, at frame 5800, 4 ms after the flush. */
const clock = (frame: number) => (frame === 5800 ? 7324 : null);

describe('flushesOf', () => {
  it('times a flush, and what a wall clock would have said of it', () => {
    expect(flushesOf(interrupted(), 7000, clock)).toEqual([
      { atMs: 320, tookMs: 6, silentMs: 4, sounding: true, soundAfterMs: 0, wallClockErrorMs: 20 },
    ]);
  });

  it.each([
    ['nothing was queued', []],
    ['nothing had begun', [item('a', 0, 24_000)]],
    ['all was rendered', [item('a', 24_000, 24_000)]],
  ])('nothing sounds when %s', (_name, items) => {
    expect(flushesOf(interrupted(items), 7000, clock)[0]).toMatchObject({
      sounding: false,
      wallClockErrorMs: null,
    });
  });

  it.each([
    ['before the flush', 7319, 0],
    ['after the answer', 7330, 6],
    ['at a time that is not known', null, null],
  ])('silence %s', (_name, silentAt, silentMs) => {
    expect(flushesOf(interrupted(), 7000, () => silentAt)[0]?.silentMs).toBe(silentMs);
  });

  it('tells a flush that was not answered', () => {
    expect(flushesOf(interrupted().slice(0, -1), 7000, clock)).toMatchObject([
      { tookMs: null, sounding: true },
    ]);
  });

  it.each([
    ['before the silence', [rendered(5320)], 0],
    ['across it', [rendered(5560)], 10],
    ['after it', [rendered(5800)], 20],
    ['after it, and silent', [rendered(5800, 0)], 0],
    [
      'of the next item',
      [line(400, 'playback', { type: 'started', itemId: 'b', frame: 9000 }), rendered(9000)],
      0,
    ],
  ])('sound rendered %s', (_name, lines, soundAfterMs) => {
    expect(flushesOf([...interrupted(), ...lines], 7000, clock)[0]?.soundAfterMs).toBe(soundAfterMs);
  });
});

describe('sortFlushes', () => {
  const flush = (atMs: number, sounding = true) => ({
    atMs,
    tookMs: 5,
    silentMs: 4,
    sounding,
    soundAfterMs: 0,
    wallClockErrorMs: 0,
  });
  const phases = { stallsFromMs: 1500, stallsToMs: 2000, blocks: [{ startMs: 3000, endMs: 5000 }] };

  it.each([
    ['while nothing else happens', 400, 'idle'],
    ['of an answer that stalled', 600, 'stalled'],
    ['in a block', 2500, 'blocked'],
    ['between the two', 1500, null],
    ['at the end of a block', 3970, null],
    ['after all', 5000, null],
  ] as const)('a flush %s', (_name, atMs, expected) => {
    const sorted = sortFlushes([flush(atMs)], 1000, phases);
    const found = (['idle', 'stalled', 'blocked'] as const).filter((name) => sorted[name].length > 0);
    expect(found).toEqual(expected === null ? [] : [expected]);
  });

  it('leaves out a flush of silence', () => {
    expect(sortFlushes([flush(400, false)], 1000, phases).idle).toEqual([]);
  });
});

it('chunks are found in a timeline', () => {
  const timeline = [
    line(5, 'capture', { type: 'ready', frame: 0 }),
    line(9, 'capture', { type: 'chunk', frame: 128, samples: 480, level: 0 }),
  ];
  expect(chunksOf(timeline)).toEqual([{ frame: 128, samples: 480, atMs: 9 }]);
});
