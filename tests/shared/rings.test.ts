import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { Bell } from '../../src/shared/bell';
import { PlaybackFeed } from '../../src/shared/playback-feed';
import { allocatePlaybackMemory, STREAM_FRAMES, WORD } from '../../src/shared/playback-line';
import { PlaybackRenderer } from '../../src/shared/playback-renderer';
import { QUANTUM_FRAMES, QuantumRing } from '../../src/shared/quantum-ring';
import { RecordRing } from '../../src/shared/record-ring';
import { RenderRecorder } from '../../src/shared/render-recorder';
import { bundle } from '../helpers/bundle';
import { flat } from '../helpers/playback-rig';

const counted = (length: number, from = 0) => Float32Array.from({ length }, (_, i) => from + i);

function drain(ring: QuantumRing) {
  const slots: { frame: number; samples: number[] }[] = [];
  ring.drain((samples, frame) => slots.push({ frame, samples: [...samples] }));
  return slots;
}

describe('QuantumRing', () => {
  it.each([0, -1, 3, 12])('refuses %i slots', (slots) => {
    expect(() => QuantumRing.allocate(slots)).toThrow('power of two');
  });

  const writes: [name: string, lengths: number[], slots: number[]][] = [
    ['a quantum', [128], [128]],
    ['less', [5], [5]],
    ['nothing', [0], [0]],
    ['more than a slot holds', [300], [128, 128, 44]],
    ['one after the other', [128, 7, 256], [128, 7, 128, 128]],
  ];
  it.each(writes)('keeps %s with its frames', (_name, lengths, expected) => {
    const ring = new QuantumRing(QuantumRing.allocate(8));
    let frame = 1000;
    for (const length of lengths) {
      ring.write(counted(512, frame), length, frame);
      frame += length;
    }
    const slots = drain(ring);
    expect(slots.map((s) => s.samples.length)).toEqual(expected);
    for (const slot of slots) expect(slot.samples).toEqual([...counted(slot.samples.length, slot.frame)]);
    expect(drain(ring)).toEqual([]);
  });

  it('when full says so and keeps what it has', () => {
    const ring = new QuantumRing(QuantumRing.allocate(4));
    for (let i = 0; i < 4; i++) expect(ring.write(counted(128), 128, i)).toBe(true);
    expect(ring.write(counted(128), 128, 4)).toBe(false);
    expect(drain(ring).map((s) => s.frame)).toEqual([0, 1, 2, 3]);
    expect(ring.write(counted(128), 128, 5)).toBe(true);
  });

  it('is the same ring from both ends, around its end and around 32 bits', () => {
    const buffer = QuantumRing.allocate(4);
    new Int32Array(buffer, 0, 2).fill(0x7fff_fffe);
    const writer = new QuantumRing(buffer);
    const reader = new QuantumRing(buffer);
    for (let i = 0; i < 50; i++) {
      for (let k = 0; k < 3; k++) expect(writer.write(counted(2, i), 2, 10 * i + k)).toBe(true);
      expect(drain(reader).map((s) => s.frame)).toEqual([10 * i, 10 * i + 1, 10 * i + 2]);
    }
  });

  it('tells when the reader wants to be woken', () => {
    const ring = new QuantumRing(QuantumRing.allocate(8));
    ring.wakeAfter(2);
    const due = [1, 2, 3].map((frame) => {
      ring.write(counted(1), 1, frame);
      return ring.due;
    });
    expect(due).toEqual([false, true, true]);
  });

  it('gives everything once and in order between two threads', async () => {
    const buffer = QuantumRing.allocate(8);
    const total = 5000;
    const worker = new Worker(
      `const { workerData: { code, buffer, total } } = require('node:worker_threads');
       const built = {};
       new Function('exports', code)(built);
       const ring = new built.QuantumRing(buffer);
       const samples = new Float32Array(128);
       for (let n = 0; n < total; ) {
         samples.fill(n % 1000);
         if (ring.write(samples, 128, n * 128)) n++;
       }`,
      { eval: true, workerData: { code: await bundle('tests/helpers/audio-lines.ts'), buffer, total } },
    );
    const ring = new QuantumRing(buffer);
    let next = 0;
    let wrong = 0;
    while (next < total) {
      ring.drain((samples, frame) => {
        const value = next % 1000;
        if (frame !== next * QUANTUM_FRAMES || samples[0] !== value || samples[127] !== value) wrong++;
        next++;
      });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await once(worker, 'exit');
    expect([next, wrong]).toEqual([total, 0]);
  });
});

describe('RecordRing', () => {
  it('gives records in order, and says when it is full', () => {
    const buffer = RecordRing.allocate(4);
    new Int32Array(buffer, 0, 2).fill(0x7fff_ffff);
    const writer = new RecordRing(buffer);
    const reader = new RecordRing(buffer);
    for (let i = 0; i < 4; i++) expect(writer.write(i, 2 ** 40, -1, 0.5, 4)).toBe(true);
    expect([writer.room, writer.write(9, 0, 0, 0, 0)]).toEqual([0, false]);
    const seen: number[][] = [];
    while (reader.pending) {
      seen.push([0, 1, 2, 3, 4].map((field) => reader.field(field)));
      reader.shift();
    }
    expect(seen).toEqual([0, 1, 2, 3].map((i) => [i, 2 ** 40, -1, 0.5, 4]));
    expect(writer.room).toBe(4);
  });

  it('refuses a number of records that is no power of two', () => {
    expect(() => RecordRing.allocate(5)).toThrow('power of two');
  });
});

describe('the stream of samples', () => {
  const open = (words: Partial<Record<keyof typeof WORD, number>> = {}) => {
    const memory = allocatePlaybackMemory();
    const view = new Int32Array(memory.words);
    for (const [name, value] of Object.entries(words)) view[WORD[name as keyof typeof WORD]] = value;
    const renderer = new PlaybackRenderer(memory, new Bell(Bell.allocate()));
    return { feed: new PlaybackFeed(memory), renderer };
  };

  it('takes what has room and refuses more', () => {
    const { feed } = open();
    feed.write(flat(STREAM_FRAMES));
    expect(feed.room).toBe(0);
    expect(() => feed.write(flat(1))).toThrow('no room');
  });

  it('goes around its end without losing a sample', () => {
    const { feed, renderer } = open();
    let value = 0;
    let expected = 0;
    let wrong = 0;
    const output = new Float32Array(1000);
    for (let round = 0; round < 400; round++) {
      feed.write(Int16Array.from({ length: 1000 }, () => value++ % 30_000));
      renderer.render(output, round * 1000);
      // The first fades in.
      for (const sample of output)
        if (Math.round(sample * 0x8000) !== expected++ % 30_000 && round > 0) wrong++;
    }
    expect([feed.rendered, feed.room, wrong]).toEqual([400_000, STREAM_FRAMES, 0]);
  });
});

describe('Bell', () => {
  it('counts, and wakes a thread that waits', async () => {
    const buffer = Bell.allocate();
    const bell = new Bell(buffer);
    const worker = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       const words = new Int32Array(workerData);
       parentPort.postMessage('waiting');
       parentPort.postMessage(Atomics.wait(words, 0, 0, 20000) + ' ' + Atomics.load(words, 0));`,
      { eval: true, workerData: buffer },
    );
    await once(worker, 'message');
    bell.ring();
    expect((await once(worker, 'message'))[0]).toMatch(/^(ok|not-equal) 1$/);
    expect(bell.count).toBe(1);
    await worker.terminate();
  });
});

describe('RenderRecorder', () => {
  const scene = () => {
    const stretches: { frame: number; samples: number[] }[] = [];
    const recorder = new RenderRecorder((audio, frame) =>
      stretches.push({ frame, samples: [...new Int16Array(audio)] }),
    );
    return { stretches, recorder };
  };
  const quantum = new Float32Array(128).fill(-0.5);

  it('hands out stretches of 20 ms placed on the clock', () => {
    const { stretches, recorder } = scene();
    for (let i = 0; i < 15; i++) recorder.add(quantum, 1000 + i * 128);
    expect(stretches.map((s) => [s.frame, s.samples.length])).toEqual([
      [1000, 480],
      [1480, 480],
      [1960, 480],
      [2440, 480],
    ]);
    expect(new Set(stretches.flatMap((s) => s.samples))).toEqual(new Set([-0x4000]));
  });

  it('begins a new stretch after silence, told of or not', () => {
    const { stretches, recorder } = scene();
    recorder.add(quantum.subarray(0, 100), 0);
    recorder.add(quantum.subarray(0, 0), 128);
    recorder.add(quantum, 256);
    recorder.add(quantum, 512);
    recorder.finish();
    recorder.finish();
    expect(stretches.map((s) => [s.frame, s.samples.length])).toEqual([
      [0, 100],
      [256, 128],
      [512, 128],
    ]);
  });
});
