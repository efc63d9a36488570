// @vitest-environment node
/** The capture processor and its desk, quantum by quantum. */
import { beforeAll, describe, expect, it } from 'vitest';
import { waitForBell } from '../../../src/renderer/audio/bell-wait';
import { CaptureDesk } from '../../../src/renderer/audio/capture-desk';
import { allocateCaptureMemory, CAPTURE_GAUGE } from '../../../src/renderer/audio/capture-line';
import type { CaptureEvent } from '../../../src/shared/audio-port';
import { Bell } from '../../../src/shared/bell';
import { type AudioThread, createAudioThread } from '../../helpers/audio-thread';

const QUANTUM = 128;
const WORKLET = 'src/renderer/audio/capture.worklet.ts';
let thread: AudioThread;
beforeAll(() => {
  thread = createAudioThread();
});

async function scene() {
  const memory = allocateCaptureMemory();
  const bell = Bell.allocate();
  const processor = await thread.create(WORKLET, { memory, bell });
  const desk = new CaptureDesk(memory);
  const events: CaptureEvent[] = [];
  desk.attach((event) => events.push(event));
  thread.currentFrame = 0;
  /** Runs quanta with sound or without an input. */
  const run = (quanta: number, sound = true): void => {
    for (let i = 0; i < quanta; i++) {
      processor.process(sound ? [[new Float32Array(QUANTUM).fill(0.5)]] : [[]], [], {});
      thread.currentFrame += QUANTUM;
    }
  };
  return {
    desk,
    run,
    bell: new Bell(bell),
    level: () => new Float64Array(memory.gauges)[CAPTURE_GAUGE.level],
    /** What was told since the last call. */
    told: () =>
      events
        .splice(0)
        .map((e) => `${e.type} ${e.frame}${e.type === 'chunk' ? ` ${e.audio.byteLength / 2}` : ''}`),
  };
}

describe('the microphone end', () => {
  it('is ready when the input delivers, and says so again when it comes back', async () => {
    const { desk, run, told } = await scene();
    run(10, false);
    desk.pump();
    expect(told()).toEqual([]);
    run(1);
    desk.pump();
    expect(told()).toEqual(['ready 1280']);
    run(3, false);
    desk.pump();
    run(1);
    desk.pump();
    expect(told()).toEqual(['ready 1792']);
  });

  it('tells a listener that comes later that it is ready', async () => {
    const { desk, run } = await scene();
    run(1);
    desk.pump();
    const later: string[] = [];
    desk.attach((event) => later.push(event.type));
    expect(later).toEqual(['ready']);
  });

  it('gives the pre-roll and 20 ms chunks, and the rest at the stop', async () => {
    const { desk, run, told } = await scene();
    run(30);
    desk.obey({ type: 'start', preRollMs: 20 });
    run(5);
    desk.obey({ type: 'stop' });
    run(5);
    desk.pump();
    expect(told()).toEqual([
      'ready 3712',
      'chunk 3360 480',
      'chunk 3840 480',
      'chunk 4320 160',
      'stopped 4480',
    ]);
  });

  it('cuts a chunk where the input had no channel', async () => {
    const { desk, run, told } = await scene();
    desk.obey({ type: 'start', preRollMs: 0 });
    run(2);
    run(2, false);
    run(4);
    desk.pump();
    expect(told().slice(1)).toEqual(['chunk 0 256', 'chunk 512 480']);
  });

  it('sends what was begun when the input ceases', async () => {
    const { desk, run, told } = await scene();
    desk.obey({ type: 'start', preRollMs: 0 });
    run(2);
    desk.pump();
    run(1, false);
    desk.pump();
    expect(told()).toEqual(['ready 128', 'chunk 0 256']);
  });

  it('rings when a chunk is whole, and seldom while it only keeps', async () => {
    const { desk, run, bell } = await scene();
    const rings = (quanta: number) => {
      const before = bell.count;
      for (let i = 0; i < quanta; i++) {
        const count = bell.count;
        run(1);
        if (bell.count !== count) desk.pump();
      }
      return bell.count - before;
    };
    expect(rings(750)).toBeLessThan(20);
    desk.obey({ type: 'start', preRollMs: 0 });
    expect(rings(750)).toBe(200);
  });

  it('loses the newest, marked by its frame, when nobody comes for seconds', async () => {
    const { desk, run, told } = await scene();
    desk.obey({ type: 'start', preRollMs: 0 });
    run(1024 + 50);
    desk.pump();
    run(4);
    desk.pump();
    const chunks = told().slice(1);
    expect(chunks[273]).toBe('chunk 131040 32');
    expect(chunks[274]).toBe(`chunk ${1074 * QUANTUM} 480`);
  });

  it('leaves the level of the sound for the picture', async () => {
    const { run, level } = await scene();
    run(6);
    expect(level()).toBeCloseTo(0.5, 6);
    run(6, false);
    expect(level()).toBe(0);
  });

  it('posts no message', () => {
    expect(thread.posted).toBe(0);
  });
});

describe.each([
  ['with waitAsync', Atomics],
  ['without it', null],
])('waiting for the bell %s', (_name, atomics) => {
  const wait = async (bell: Bell, count: number, timeoutMs: number) => {
    const own = Object.getOwnPropertyDescriptor(Atomics, 'waitAsync');
    if (!atomics) Object.defineProperty(Atomics, 'waitAsync', { configurable: true, value: undefined });
    // Node does not stay awake for `waitAsync` alone.
    const awake = setInterval(() => undefined, 5);
    try {
      await waitForBell(bell, count, timeoutMs);
    } finally {
      clearInterval(awake);
      if (own) Object.defineProperty(Atomics, 'waitAsync', own);
    }
  };

  it('ends at once when it rang already', async () => {
    const bell = new Bell(Bell.allocate());
    bell.ring();
    await wait(bell, 0, 60_000);
  });

  it('ends when it rings', async () => {
    const bell = new Bell(Bell.allocate());
    setTimeout(() => bell.ring(), 20);
    await wait(bell, 0, 60_000);
    expect(bell.count).toBe(1);
  });

  it('ends after its time', async () => {
    const bell = new Bell(Bell.allocate());
    await wait(bell, 0, 10);
    expect(bell.count).toBe(0);
  });
});
