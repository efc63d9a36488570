import { describe, expect, it } from 'vitest';
import { CaptureBuffer } from '../../../src/renderer/audio/capture-buffer';

const PRE_ROLL_SAMPLES = 7200;

/** A source whose every sample tells its own position, and a buffer that collects what is sent. */
function scene(firstFrame = 0) {
  const chunks: { frame: number; samples: number[] }[] = [];
  const buffer = new CaptureBuffer((pcm, frame) => chunks.push({ frame, samples: [...pcm] }));
  let frame = firstFrame;
  return {
    buffer,
    chunks,
    feed(frames: number, quantum = 128) {
      for (let left = frames; left > 0; left -= quantum) {
        const length = Math.min(quantum, left);
        buffer.write(
          Float32Array.from({ length }, (_, i) => -(frame + i) / 0x8000),
          frame,
        );
        frame += length;
      }
    },
    skip(frames: number) {
      frame += frames;
    },
    /** Positions of the samples sent, as the samples themselves tell. */
    sent: () => chunks.flatMap(({ samples }) => samples.map((s) => 0 - s)),
  };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('chunks', () => {
  it.each([128, 1, 480, 999])('are 20 ms long and in step with the clock, from quanta of %i', (quantum) => {
    const { buffer, chunks, feed, sent } = scene();
    buffer.start(0);
    feed(4800, quantum);
    expect(chunks.map((c) => c.samples.length)).toEqual(Array(10).fill(480));
    expect(chunks.map((c) => c.frame)).toEqual(range(0, 10).map((i) => i * 480));
    expect(sent()).toEqual(range(0, 4800));
  });

  it('end with what is left of the last one', () => {
    const { buffer, chunks, feed } = scene();
    buffer.start(0);
    feed(1000);
    expect(buffer.stop()).toBe(1000);
    expect(chunks.map((c) => [c.frame, c.samples.length])).toEqual([
      [0, 480],
      [480, 480],
      [960, 40],
    ]);
  });

  it('are not sent before start nor after stop', () => {
    const { buffer, chunks, feed } = scene();
    feed(1000);
    expect(chunks).toEqual([]);
    buffer.start(0);
    feed(480);
    buffer.stop();
    feed(5000);
    expect(chunks.length).toBe(1);
  });

  it('never join sound from both sides of a gap', () => {
    const { buffer, chunks, feed, skip } = scene();
    buffer.start(0);
    feed(500);
    skip(300);
    feed(480);
    expect(chunks.map((c) => [c.frame, c.samples.length])).toEqual([
      [0, 480],
      [480, 20],
      [800, 480],
    ]);
  });

  it('clip what is too loud and take what is no number as silence', () => {
    const { buffer, chunks } = scene();
    buffer.start(0);
    buffer.write(Float32Array.from([2, -2, 1, -1, Number.NaN, 0]), 0);
    buffer.stop();
    expect(chunks[0]?.samples).toEqual([32767, -32768, 32767, -32768, 0, 0]);
  });
});

describe('pre-roll', () => {
  const cases: [name: string, heard: number, preRollMs: number, expectedFrom: number][] = [
    ['none asked for', 9600, 0, 9600],
    ['all of it', 9600, 300, 9600 - PRE_ROLL_SAMPLES],
    ['part of it', 9600, 100, 9600 - 2400],
    ['less was heard than asked for', 1000, 300, 0],
    ['more asked for than is kept', 20_000, 5000, 20_000 - PRE_ROLL_SAMPLES],
    ['a negative wish is none', 9600, -50, 9600],
    ['no whole number of chunks', 9600, 33, 9600 - 792],
  ];
  it.each(cases)('%s', (_name, heard, preRollMs, expectedFrom) => {
    const { buffer, chunks, feed, sent } = scene();
    feed(heard);
    buffer.start(preRollMs);
    feed(960);
    buffer.stop();
    expect(sent()).toEqual(range(expectedFrom, heard + 960));
    expect(chunks[0]?.frame).toBe(expectedFrom);
  });

  it('is not sent twice when talking starts again at once', () => {
    const { buffer, feed, sent } = scene();
    feed(9600);
    buffer.start(300);
    feed(480);
    buffer.stop();
    feed(240);
    buffer.start(300);
    feed(480);
    buffer.stop();
    expect(sent()).toEqual(range(2400, 9600 + 480 + 240 + 480));
  });

  it('is forgotten across a gap', () => {
    const { buffer, feed, skip, sent } = scene();
    feed(9600);
    skip(4800);
    feed(480);
    expect(buffer.keptMs).toBe(20);
    buffer.start(300);
    feed(480);
    expect(sent()).toEqual(range(14_400, 15_360));
  });

  it('is forgotten when the input ceases, and what was begun is sent', () => {
    const { buffer, feed, sent } = scene();
    feed(9600);
    buffer.interrupt();
    buffer.start(300);
    feed(100);
    buffer.interrupt();
    expect(sent()).toEqual(range(9600, 9700));
  });

  it('a second start changes nothing', () => {
    const { buffer, feed, sent } = scene();
    feed(480);
    buffer.start(0);
    buffer.start(300);
    feed(480);
    expect(sent()).toEqual(range(480, 960));
  });
});
