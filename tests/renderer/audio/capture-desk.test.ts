// @vitest-environment node
/** The microphone in the sound worker: its clock, its reader and its desk, piece by piece. */
import { describe, expect, it } from 'vitest';
import { CaptureClock } from '../../../src/renderer/audio/capture-clock';
import { CaptureDesk } from '../../../src/renderer/audio/capture-desk';
import { LevelMeter } from '../../../src/renderer/audio/level-meter';
import { type CapturedData, createMicrophoneReader } from '../../../src/renderer/audio/microphone-reader';
import type { CaptureEvent } from '../../../src/shared/audio-port';

/** 10 ms at 24 kHz. */
const PIECE = 240;

function scene(level = 0.5) {
  const desk = new CaptureDesk();
  const events: CaptureEvent[] = [];
  desk.attach((event) => events.push(event));
  let frame = 0;
  return {
    desk,
    take(pieces: number) {
      for (let i = 0; i < pieces; i++) {
        desk.take(new Float32Array(PIECE).fill(level), frame);
        frame += PIECE;
      }
    },
    skip(samples: number) {
      frame += samples;
    },
    told: () =>
      events
        .splice(0)
        .map((e) => `${e.type} ${e.frame}${e.type === 'chunk' ? ` ${e.audio.byteLength / 2}` : ''}`),
  };
}

describe('the desk', () => {
  it('is ready when the microphone delivers, and says so again when it comes back', () => {
    const { desk, take, skip, told } = scene();
    expect(told()).toEqual([]);
    take(2);
    expect(told()).toEqual(['ready 0']);
    desk.cease();
    skip(1000);
    take(1);
    expect(told()).toEqual(['ready 1480']);
  });

  it('tells a listener that comes later that it is ready', () => {
    const { desk, take } = scene();
    take(1);
    const later: string[] = [];
    desk.attach((event) => later.push(`${event.type} ${event.frame}`));
    expect(later).toEqual(['ready 240']);
  });

  it('gives the pre-roll and 20 ms chunks, and the rest at the stop', () => {
    const { desk, take, told } = scene();
    take(30);
    desk.obey({ type: 'start', preRollMs: 20 });
    take(3);
    desk.obey({ type: 'stop' });
    take(5);
    expect(told()).toEqual(['ready 0', 'chunk 6720 480', 'chunk 7200 480', 'chunk 7680 240', 'stopped 7920']);
  });

  it('at rest keeps quiet until there is a bundle, and gives what waits before it stops', () => {
    const { desk, take, told } = scene(0.0001);
    desk.obey({ type: 'start', preRollMs: 0 });
    desk.obey({ type: 'rest', on: true });
    take(14);
    expect(told()).toEqual(['ready 0', 'chunk 0 2400']);
    take(1);
    desk.obey({ type: 'stop' });
    expect(told()).toEqual(['chunk 2400 960', 'chunk 3360 240', 'stopped 3600']);
    desk.obey({ type: 'start', preRollMs: 0 });
    take(2);
    expect(told()).toEqual(['chunk 3600 480']);
  });

  it('at rest loses nothing when the microphone ceases or another listener comes', () => {
    const { desk, take, told } = scene(0.0001);
    desk.obey({ type: 'start', preRollMs: 0 });
    desk.obey({ type: 'rest', on: true });
    take(2);
    desk.cease();
    expect(told()).toEqual(['ready 0', 'chunk 0 480']);
    take(2);
    desk.attach(() => undefined);
    expect(told()).toEqual(['ready 480', 'chunk 480 480']);
  });

  it('cuts a chunk where sound is missing, and when the microphone ceases', () => {
    const { desk, take, skip, told } = scene();
    desk.obey({ type: 'start', preRollMs: 0 });
    take(1);
    skip(100);
    take(3);
    desk.cease();
    expect(told()).toEqual(['ready 0', 'chunk 0 240', 'chunk 340 480', 'chunk 820 240']);
  });
});

describe('the clock', () => {
  /** Places pieces of 10 ms while the output moves by `step` frames a piece. */
  const run = (steps: number[], start = 10_000) => {
    let now = start;
    const clock = new CaptureClock(() => now);
    return steps.map((step) => {
      now += step;
      return clock.place(PIECE, 0);
    });
  };
  const joined = (frames: number[]) =>
    frames.every((f, i) => i === 0 || f === (frames[i - 1] as number) + PIECE);

  it('ends the first piece at the frame that is rendered next', () => {
    expect(run([0])).toEqual([10_000 - PIECE]);
    expect(run([0], -1)).toEqual([-PIECE]);
  });

  it('joins pieces that come in bursts and late', () => {
    expect(joined(run(Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 4 * PIECE : 0))))).toBe(true);
  });

  it('does not follow an output that does not render', () => {
    expect(joined(run(Array.from({ length: 400 }, () => 0)))).toBe(true);
  });

  it('places the microphone anew, once, when the output stood still', () => {
    const steps = Array.from({ length: 200 }, (_, i) => (i >= 60 && i < 70 ? 0 : PIECE));
    const frames = run(steps);
    const jumps = frames
      .map((f, i) => (i === 0 ? 0 : f - (frames[i - 1] as number) - PIECE))
      .filter((j) => j !== 0);
    expect(jumps).toEqual([-10 * PIECE]);
  });

  it('leaves out what is missing, and begins anew after a reset', () => {
    let now = 1000;
    const clock = new CaptureClock(() => now);
    expect(clock.place(PIECE, 0)).toBe(760);
    expect(clock.place(PIECE, 480)).toBe(1480);
    clock.reset();
    now = 5000;
    expect(clock.place(PIECE, 0)).toBe(4760);
  });
});

describe('the reader', () => {
  const pieceOf = (index: number, value: number, lateMs = 0): CapturedData & { closed: boolean } => ({
    closed: false,
    sampleRate: 48_000,
    numberOfFrames: 480,
    timestamp: index * 10_000 + lateMs * 1000,
    copyTo: (destination) => void destination.fill(value),
    close() {
      this.closed = true;
    },
  });
  const open = () => {
    const desk = new CaptureDesk();
    const events: CaptureEvent[] = [];
    desk.attach((event) => events.push(event));
    desk.obey({ type: 'start', preRollMs: 0 });
    const gauges = new Float64Array(1);
    const errors: unknown[] = [];
    const meter = new LevelMeter(gauges, 0, 3);
    const reader = createMicrophoneReader(desk, new CaptureClock(() => 240), meter, (cause) =>
      errors.push(cause),
    );
    return { events, gauges, errors, reader };
  };
  const streamOf = (pieces: CapturedData[], end: boolean) =>
    new ReadableStream<CapturedData>({
      start(controller) {
        for (const piece of pieces) controller.enqueue(piece);
        if (end) controller.close();
      },
    });
  const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
  const chunksOf = (events: CaptureEvent[]) => events.filter((event) => event.type === 'chunk');

  it('gives on what the device gave at 24 kHz, lets every piece go, and ends with it', async () => {
    const { events, gauges, errors, reader } = open();
    const pieces = Array.from({ length: 9 }, (_, i) => pieceOf(i, 0.5));
    reader.read(streamOf(pieces, true));
    await settle();
    const chunks = chunksOf(events);
    expect(chunks.map(({ frame, audio }) => [frame, audio.byteLength / 2])).toEqual([
      [0, 480],
      [480, 480],
      [960, 480],
      [1440, 480],
      [1920, 240],
    ]);
    expect(new Int16Array(chunks[2]?.audio as ArrayBuffer)[0]).toBeCloseTo(0.5 * 0x7fff, -2);
    expect(pieces.every(({ closed }) => closed)).toBe(true);
    expect(gauges[0]).toBe(0);
    expect(errors).toEqual([]);
  });

  it('leaves a gap where the device left one, and none for mere lateness', async () => {
    const { events, reader } = open();
    reader.read(streamOf([pieceOf(0, 0.1), pieceOf(1, 0.1, 6), pieceOf(2, 0.1), pieceOf(5, 0.1)], true));
    await settle();
    expect(chunksOf(events).map(({ frame, audio }) => [frame, audio.byteLength / 2])).toEqual([
      [0, 480],
      [480, 240],
      [1200, 240],
    ]);
  });

  it('shows the level while it reads', async () => {
    const { gauges, reader } = open();
    reader.read(
      streamOf(
        [0, 1, 2, 3, 4, 5].map((i) => pieceOf(i, 0.25)),
        false,
      ),
    );
    await settle();
    expect(gauges[0]).toBeCloseTo(0.25, 2);
    reader.read(null);
    expect(gauges[0]).toBe(0);
  });

  it('lets the earlier microphone go when another comes', async () => {
    const { events, reader, errors } = open();
    let cancelled = false;
    const cancel = () => {
      cancelled = true;
    };
    reader.read(new ReadableStream<CapturedData>({ cancel }));
    reader.read(streamOf([pieceOf(0, 0.1), pieceOf(1, 0.1)], true));
    await settle();
    expect(cancelled).toBe(true);
    expect(events.map(({ type }) => type)).toEqual(['ready', 'chunk']);
    expect(errors).toEqual([]);
  });
});
