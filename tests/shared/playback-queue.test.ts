import { describe, expect, it } from 'vitest';
import { FADE_FRAMES, PlaybackQueue, type QueueEvent } from '../../src/shared/playback-queue';

const QUANTUM = 128;
const LEVEL = 0x4000;

/** `length` samples of a constant level (0.5), so that every fade and every silence is visible. */
const flat = (length: number, level = LEVEL) => new Int16Array(length).fill(level);
const item = (itemId: string, renderedFrames: number, receivedFrames: number, contentIndex = 0) => ({
  itemId,
  contentIndex,
  renderedFrames,
  receivedFrames,
});

/** Renders `frames` in calls of `size` and returns all samples and every event with its position in them. */
function render(queue: PlaybackQueue, frames: number, size = QUANTUM) {
  const samples: number[] = [];
  const events: (QueueEvent & { at: number })[] = [];
  while (samples.length < frames) {
    const output = new Float32Array(Math.min(size, frames - samples.length)).fill(9);
    for (const event of queue.render(output)) events.push({ ...event, at: samples.length + event.offset });
    samples.push(...output);
  }
  return { samples, events };
}

const brief = (events: (QueueEvent & { at: number })[]) =>
  events.map((e) => `${e.type} ${e.type === 'finished' ? e.heard.itemId : e.itemId} ${e.at}`);

/** The largest step between neighbouring samples, the first against silence. */
function largestStep(samples: number[]): number {
  let before = 0;
  let step = 0;
  for (const sample of samples) {
    step = Math.max(step, Math.abs(sample - before));
    before = sample;
  }
  return step;
}

/** A 200 Hz sine at half level: its own steps are below 0.03, a click would be above. */
const sine = (length: number, phase = 0) =>
  Int16Array.from({ length }, (_, i) =>
    Math.round(LEVEL * Math.sin((2 * Math.PI * 200 * (i + phase)) / 24_000)),
  );

describe('rendering', () => {
  const cases: [name: string, lengths: number[], size: number][] = [
    ['one quantum', [128], 128],
    ['less than a quantum', [1], 128],
    ['a quantum and one', [129], 128],
    ['odd chunks', [7, 1, 333, 480, 2], 128],
    ['odd render sizes', [480, 480, 5], 37],
    ['a render call per frame', [60], 1],
    ['one call for all', [1000, 1000], 4000],
  ];
  it.each(cases)('plays every sample once and in order: %s', (_name, lengths, size) => {
    const queue = new PlaybackQueue();
    const total = lengths.reduce((a, b) => a + b, 0);
    let value = 0;
    for (const length of lengths) {
      queue.enqueue(
        'a',
        0,
        Int16Array.from({ length }, () => ++value),
      );
    }
    queue.end('a');
    const { samples, events } = render(queue, total + 256, size);
    expect(samples.slice(0, total).map((s) => Math.round(s * 0x8000))).toEqual(
      Array.from({ length: total }, (_, i) => i + 1),
    );
    expect(samples.slice(total + FADE_FRAMES).every((s) => s === 0)).toBe(true);
    expect(brief(events)).toEqual(['started a 0', `finished a ${total}`]);
    expect(events[1]).toMatchObject({ heard: item('a', total, total) });
    expect(queue.idle).toBe(true);
  });

  it('is silent without anything queued, and says so', () => {
    const queue = new PlaybackQueue();
    expect(render(queue, 300).samples.every((s) => s === 0)).toBe(true);
    expect(queue.soundFrames).toBe(0);
    expect(queue.idle).toBe(true);
  });

  it('counts the leading frames that held sound', () => {
    const queue = new PlaybackQueue();
    queue.enqueue('a', 0, flat(130));
    queue.end('a');
    const output = new Float32Array(QUANTUM);
    const counts = [0, 1, 2].map(() => {
      queue.render(output);
      return queue.soundFrames;
    });
    expect(counts).toEqual([128, 2 + FADE_FRAMES, 0]);
  });

  it('plays two items one after the other without a gap', () => {
    const queue = new PlaybackQueue();
    queue.enqueue('a', 0, flat(200));
    queue.end('a');
    queue.enqueue('b', 0, flat(100, 0x2000));
    queue.end('b');
    const { samples, events } = render(queue, 512);
    expect(brief(events)).toEqual(['started a 0', 'finished a 200', 'started b 200', 'finished b 300']);
    expect(samples[199]).toBe(0.5);
    expect(samples[200]).toBe(0.25);
  });

  it('keeps the order of arrival when items interleave, and counts each', () => {
    const queue = new PlaybackQueue();
    queue.enqueue('a', 0, flat(50));
    queue.enqueue('b', 0, flat(60));
    queue.enqueue('a', 0, flat(70));
    queue.end('a');
    queue.end('b');
    const { events } = render(queue, 256);
    expect(brief(events)).toEqual(['started a 0', 'started b 50', 'finished b 110', 'finished a 180']);
    expect(events[3]).toMatchObject({ heard: item('a', 120, 120) });
  });

  it('ends an earlier content part of an item when a later one begins', () => {
    const queue = new PlaybackQueue();
    queue.enqueue('a', 0, flat(100));
    queue.enqueue('a', 1, flat(100));
    const { events } = render(queue, 128);
    expect(events[1]).toMatchObject({ type: 'finished', heard: item('a', 100, 100, 0), at: 100 });
    expect(queue.flush()).toEqual([item('a', 28 + FADE_FRAMES, 100, 1)]);
  });

  it('reports the end of an item whose end is only told after its last sample', () => {
    const queue = new PlaybackQueue();
    queue.enqueue('a', 0, flat(100));
    render(queue, 256);
    queue.end('a');
    expect(brief(render(queue, 128).events)).toEqual(['finished a 0']);
    expect(queue.idle).toBe(true);
  });

  it('ignores the end of an item it does not know', () => {
    const queue = new PlaybackQueue();
    queue.end('nobody');
    expect(render(queue, 128).events).toEqual([]);
  });
});

describe('underrun', () => {
  it('is told once, at the first frame without sound', () => {
    const queue = new PlaybackQueue();
    queue.enqueue('a', 0, flat(140));
    expect(brief(render(queue, 1024).events)).toEqual(['started a 0', 'underrun a 140']);
  });

  it('is not told when sound arrives just in time', () => {
    const queue = new PlaybackQueue();
    queue.enqueue('a', 0, flat(128));
    render(queue, 128);
    queue.enqueue('a', 0, flat(128));
    expect(render(queue, 128).events).toEqual([]);
  });

  it('runs down to zero and comes back without a click, and no sample is lost', () => {
    const queue = new PlaybackQueue();
    queue.enqueue('a', 0, sine(730));
    const dry = render(queue, 1280);
    queue.enqueue('a', 0, sine(730, 730));
    queue.end('a');
    const back = render(queue, 1280);
    expect(largestStep([...dry.samples, ...back.samples])).toBeLessThan(0.04);
    expect(back.events[0]).toMatchObject({ type: 'finished', heard: item('a', 1460, 1460), at: 730 });
  });

  it('comes back without a click even while it still runs down', () => {
    const queue = new PlaybackQueue();
    queue.enqueue('a', 0, sine(30));
    const first = render(queue, 32, 16);
    queue.enqueue('a', 0, sine(730, 30));
    const second = render(queue, 512, 16);
    expect(largestStep([...first.samples, ...second.samples])).toBeLessThan(0.04);
  });
});

describe('flush', () => {
  const cases: [name: string, renderedBefore: number, expected: number][] = [
    ['before the first sample', 0, 0],
    ['after one quantum', 128, 128 + FADE_FRAMES],
    ['in the middle', 512, 512 + FADE_FRAMES],
    ['with less left than the fade takes', 990, 1000],
    ['after the last sample of an item that has not ended', 1000, 1000],
  ];
  it.each(cases)('counts what was heard: %s', (_name, before, expected) => {
    const queue = new PlaybackQueue();
    queue.enqueue('a', 0, flat(1000));
    render(queue, before);
    expect(queue.flush()).toEqual([item('a', expected, 1000)]);
  });

  it('falls from the sample being played to zero in 2 ms, steadily, then stays silent', () => {
    const queue = new PlaybackQueue();
    queue.enqueue('a', 0, flat(1000));
    render(queue, 128);
    queue.flush();
    expect(queue.fadeFrames).toBe(FADE_FRAMES);
    const { samples, events } = render(queue, 256, 11);
    expect(events).toEqual([]);
    for (let i = 1; i < FADE_FRAMES; i++) expect(samples[i] as number).toBeLessThan(samples[i - 1] as number);
    expect(samples[0]).toBeCloseTo(0.5, 1);
    expect(samples.slice(FADE_FRAMES - 1).every((s) => s === 0)).toBe(true);
  });

  it.each([1, 64, 129, 500, 999, 1001])('never clicks, flushed after %i frames of a sine', (after) => {
    const queue = new PlaybackQueue();
    queue.enqueue('a', 0, sine(400));
    queue.enqueue('a', 0, sine(600, 400));
    const before = render(queue, after, 1).samples;
    queue.flush();
    expect(largestStep([...before, ...render(queue, 256).samples])).toBeLessThan(0.04);
  });

  it('gives every queued item in playing order, and those not reached as unheard', () => {
    const queue = new PlaybackQueue();
    queue.enqueue('a', 0, flat(100));
    queue.end('a');
    queue.enqueue('b', 0, flat(300));
    queue.end('b');
    queue.enqueue('c', 2, flat(300));
    render(queue, 128);
    expect(queue.flush()).toEqual([item('b', 28 + FADE_FRAMES, 300), item('c', 0, 300, 2)]);
  });

  it('does not let the run-down reach into an item that had not begun', () => {
    const queue = new PlaybackQueue();
    queue.enqueue('a', 0, flat(140));
    queue.enqueue('b', 0, flat(300));
    render(queue, 128);
    expect(queue.flush()).toEqual([item('a', 140, 140), item('b', 0, 300)]);
  });

  it('of nothing is empty, and quiet', () => {
    const queue = new PlaybackQueue();
    expect(queue.flush()).toEqual([]);
    queue.enqueue('a', 0, flat(100));
    queue.end('a');
    render(queue, 512);
    expect(queue.flush()).toEqual([]);
    expect(queue.fadeFrames).toBe(0);
  });

  it('drops late audio of flushed items, and only of those', () => {
    const queue = new PlaybackQueue();
    queue.enqueue('a', 0, flat(300));
    queue.enqueue('b', 0, flat(300));
    render(queue, 128);
    queue.flush();
    render(queue, 128);
    expect(queue.enqueue('a', 0, flat(100))).toBe(false);
    expect(queue.enqueue('b', 1, flat(100))).toBe(false);
    expect(render(queue, 256).samples.every((s) => s === 0)).toBe(true);
    expect(queue.enqueue('c', 0, flat(100))).toBe(true);
    expect(brief(render(queue, 128).events)).toEqual(['started c 0', 'underrun c 100']);
  });

  it('keeps dropping an item while hundreds of others are flushed, and forgets in the end', () => {
    const queue = new PlaybackQueue();
    const flushOne = (itemId: string) => {
      queue.enqueue(itemId, 0, flat(1));
      queue.flush();
    };
    flushOne('old');
    for (let i = 0; i < 255; i++) flushOne(`item-${i}`);
    expect(queue.enqueue('old', 0, flat(1))).toBe(false);
    flushOne('one-more');
    expect(queue.enqueue('old', 0, flat(1))).toBe(true);
  });

  it('plays what is queued during the run-down after it', () => {
    const queue = new PlaybackQueue();
    queue.enqueue('a', 0, flat(1000));
    render(queue, 128);
    queue.flush();
    queue.enqueue('b', 0, flat(200, 0x2000));
    queue.end('b');
    const { samples, events } = render(queue, 512);
    expect(brief(events)).toEqual([`started b ${FADE_FRAMES}`, `finished b ${FADE_FRAMES + 200}`]);
    expect(samples[FADE_FRAMES]).toBe(0.25);
  });

  it('during the run-down of another flush adds nothing to it', () => {
    const queue = new PlaybackQueue();
    queue.enqueue('a', 0, flat(1000));
    render(queue, 128);
    queue.flush();
    render(queue, 10, 10);
    queue.enqueue('b', 0, flat(200));
    expect(queue.flush()).toEqual([item('b', 0, 200)]);
    expect(queue.fadeFrames).toBe(FADE_FRAMES - 10);
  });
});
