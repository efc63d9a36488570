/** Holding, going on, and playing softly. */
import { describe, expect, it } from 'vitest';
import { msToSamples } from '../../src/shared/audio';
import { DUCK_FRAMES, DUCK_GAIN, FADE_FRAMES, SWELL_FRAMES } from '../../src/shared/playback-line';
import { rewindFrames } from '../../src/shared/resume-point';
import { createPlaybackRig, flat, heard, largestStep, QUANTUM, sine } from '../helpers/playback-rig';

const silence = (length: number) => new Int16Array(length);
const join = (...parts: Int16Array[]) => Int16Array.from(parts.flatMap((part) => [...part]));
/** Where in `of` the samples begin, as a level counted up from 1 tells. */
const counting = (length: number) => Int16Array.from({ length }, (_, i) => i + 1);
const at = (samples: number[], index: number) => Math.round((samples[index] as number) * 0x8000);

describe('the point to go on from', () => {
  const ms = msToSamples;
  const cases: [name: string, lookBack: Int16Array, expectedMs: number][] = [
    ['nothing was heard', silence(0), 0],
    ['less was heard than a window', flat(ms(15)), 15],
    ['no pause: a quarter of a second', flat(ms(1000)), 250],
    ['no pause, and less than that heard', flat(ms(100)), 100],
    ['a pause in the middle', join(flat(ms(500)), silence(ms(20)), flat(ms(480))), 490],
    ['a long pause: its last part', join(flat(ms(400)), silence(ms(200)), flat(ms(400))), 410],
    [
      'two pauses: the last one',
      join(flat(ms(300)), silence(ms(20)), flat(ms(300)), silence(ms(20)), flat(ms(360))),
      370,
    ],
    ['it was held in a pause', join(flat(ms(700)), silence(ms(300))), 10],
    ['a softer sound is no pause', join(flat(ms(500)), flat(ms(100), 0x800), flat(ms(400))), 250],
    ['a breath is one', join(flat(ms(500)), flat(ms(100), 0x200), flat(ms(400))), 410],
    ['a pause too short to be one', join(flat(ms(500)), silence(ms(6)), flat(ms(494))), 250],
    ['soft speech all along has none', flat(ms(1000), 0x100), 250],
  ];
  it.each(cases)('%s', (_name, lookBack, expectedMs) => {
    expect(rewindFrames(lookBack) / 24).toBeCloseTo(expectedMs, 3);
  });
});

describe('hold', () => {
  it('falls silent within 2 ms without a click and says what was heard', () => {
    const rig = createPlaybackRig();
    rig.play('a', sine(2000));
    const before = rig.render(512);
    rig.hold();
    const after = rig.render(512);
    expect(largestStep([...before, ...after])).toBeLessThan(0.04);
    expect(after.slice(FADE_FRAMES - 1).every((s) => s === 0)).toBe(true);
    expect(rig.answer()).toEqual([heard('a', 512 + FADE_FRAMES, 2000)]);
    expect(rig.told()).toEqual(['started a 0', 'held a:560 560']);
    expect(rig.desk.idle).toBe(false);
  });

  it('keeps what is queued and what still comes, and plays none of it', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(1000));
    rig.render(128);
    rig.hold();
    rig.render(128);
    rig.play('a', flat(1000));
    rig.end('a');
    rig.play('b', flat(500));
    expect(rig.render(4800).every((s) => s === 0)).toBe(true);
    rig.hold();
    rig.render(128);
    expect(rig.answer()).toEqual([heard('a', 128 + FADE_FRAMES, 2000), heard('b', 0, 500)]);
  });

  it('a flush after it tells the same as it', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(5000));
    rig.play('b', flat(100));
    rig.render(1024);
    rig.hold();
    rig.render(1024);
    const held = rig.answer();
    rig.flush();
    rig.render(1024);
    expect(rig.answer()).toEqual(held);
    rig.resume();
    expect(rig.render(512).every((s) => s === 0)).toBe(true);
    rig.play('c', flat(100));
    rig.end('c');
    rig.render(512);
    expect(
      rig
        .told()
        .slice(-2)
        .map((line) => line.split(' ')[0]),
    ).toEqual(['started', 'finished']);
  });

  it('a flush before the audio thread obeyed it answers both, and the hold is over', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(5000));
    rig.render(128);
    rig.hold();
    rig.flush();
    rig.play('b', flat(100));
    rig.render(512);
    expect(rig.told()).toEqual([
      'started a 0',
      'held b:0 176',
      'flushed a:176 176',
      'started b 176',
      'underrun b 276',
    ]);
  });

  it('of nothing is empty, and what comes then waits', () => {
    const rig = createPlaybackRig();
    rig.hold();
    rig.render(128);
    expect(rig.answer()).toEqual([]);
    rig.play('a', flat(100));
    rig.end('a');
    expect(rig.render(512).every((s) => s === 0)).toBe(true);
    rig.resume();
    rig.render(512);
    expect(rig.told()).toEqual(['held  0', 'started a 640', 'finished a 740']);
  });

  it('is answered while the context does not render', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(1000));
    rig.render(128);
    rig.desk.setRendering(false);
    rig.hold();
    expect(rig.told()).toEqual(['started a 0', 'held a:128 128']);
    rig.desk.setRendering(true);
    expect(
      rig
        .render(512)
        .slice(FADE_FRAMES)
        .every((s) => s === 0),
    ).toBe(true);
    rig.resume();
    rig.end('a');
    rig.render(2048);
    expect(rig.events.at(-1)).toMatchObject({ type: 'finished', heard: heard('a', 1000, 1000) });
  });
});

describe('resume', () => {
  it('goes on from the pause before the hold, fading in, and counts nothing twice', () => {
    const rig = createPlaybackRig();
    const spoken = counting(24_000);
    spoken.fill(0, 9000, 9000 + 1200);
    rig.play('a', spoken);
    rig.end('a');
    rig.render(96 * QUANTUM);
    rig.hold();
    rig.render(QUANTUM);
    const heldAt = 96 * QUANTUM + FADE_FRAMES;
    expect(rig.answer()).toEqual([heard('a', heldAt, 24_000)]);
    rig.resume();
    const samples = rig.render(3000);
    const from = heldAt - rewindFrames(spoken.subarray(0, heldAt));
    expect(from).toBeGreaterThan(9000);
    expect(from).toBeLessThan(9000 + 1200);
    for (const index of [1500, 2500]) expect(at(samples, index)).toBe(from + index + 1);
    // Held again before what was heard is reached: the furthest point counts.
    rig.hold();
    rig.render(QUANTUM);
    expect(rig.answer()).toEqual([heard('a', Math.max(heldAt, from + 3000 + FADE_FRAMES), 24_000)]);
    rig.resume();
    rig.render(30_000);
    expect(rig.events.at(-1)).toMatchObject({ type: 'finished', heard: heard('a', 24_000, 24_000) });
    expect(rig.told().filter((line) => line.startsWith('started'))).toEqual(['started a 0']);
  });

  it('held again at once keeps the furthest point heard', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(24_000));
    rig.render(9600);
    rig.hold();
    rig.render(QUANTUM);
    rig.resume();
    rig.render(QUANTUM);
    rig.hold();
    rig.render(QUANTUM);
    expect(rig.answer()).toEqual([heard('a', 9600 + FADE_FRAMES, 24_000)]);
    rig.flush();
    rig.render(QUANTUM);
    expect(rig.answer()).toEqual([heard('a', 9600 + FADE_FRAMES, 24_000)]);
  });

  const back = msToSamples(250);
  const starts: [name: string, heardFrames: number, expectedFrom: number][] = [
    ['a quarter of a second back where there is no pause', 9600, 9600 + FADE_FRAMES - back],
    ['never before the beginning of the item', 1280, 0],
    ['from the beginning when nothing was heard', 0, 0],
  ];
  it.each(starts)('%s', (_name, heardFrames, expectedFrom) => {
    const rig = createPlaybackRig();
    rig.play(
      'a',
      Int16Array.from({ length: 24_000 }, (_, i) => 8000 + i),
    );
    rig.render(heardFrames);
    rig.hold();
    rig.render(QUANTUM);
    rig.resume();
    expect(at(rig.render(480), 100)).toBe(8000 + expectedFrom + 100);
  });

  it('does not go back into an item that was heard to its end', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(QUANTUM * 40));
    rig.end('a');
    rig.play(
      'b',
      Int16Array.from({ length: 9600 }, (_, i) => 100 + i),
    );
    rig.render(QUANTUM * 42);
    rig.hold();
    rig.render(QUANTUM);
    rig.resume();
    expect(at(rig.render(480), 100)).toBe(100 + 100);
  });

  it('finishes an item held in its last sound, whose end came meanwhile', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(4800));
    rig.render(4700);
    rig.hold();
    rig.render(QUANTUM);
    rig.end('a');
    rig.resume();
    rig.render(9600);
    expect(rig.told().map((line) => line.split(' ')[0])).toEqual(['started', 'held', 'finished']);
  });

  it('asked for before the audio thread obeyed the hold goes on after it', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(9600));
    rig.end('a');
    rig.render(4800);
    rig.hold();
    rig.resume();
    const samples = rig.render(12_000);
    expect(samples[FADE_FRAMES - 1]).toBe(0);
    expect(largestStep(samples.slice(FADE_FRAMES))).toBeLessThan(0.04);
    expect(rig.told().map((line) => line.split(' ')[0])).toEqual(['started', 'held', 'finished']);
  });

  it('without a hold does nothing', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(1000));
    rig.end('a');
    rig.render(128);
    rig.resume();
    rig.render(1024);
    expect(rig.told()).toEqual(['started a 0', 'finished a 1000']);
  });

  it('never clicks, held and resumed all through a sine', () => {
    const rig = createPlaybackRig();
    rig.play('a', sine(48_000));
    const samples: number[] = [];
    for (let i = 0; i < 40; i++) {
      samples.push(...rig.render(100 + i * 37));
      rig.hold();
      samples.push(...rig.render(60 + i));
      rig.resume();
    }
    expect(largestStep(samples)).toBeLessThan(0.04);
  });
});

describe('duck', () => {
  const rms = (samples: number[]) => Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);

  it('plays 20 dB softer within 10 ms and swells back within 60 ms, without a click', () => {
    const rig = createPlaybackRig();
    rig.play('a', sine(48_000));
    const loud = rig.render(4800);
    rig.duck(true);
    const down = rig.render(DUCK_FRAMES);
    const soft = rig.render(4800);
    rig.duck(false);
    const up = rig.render(SWELL_FRAMES);
    const again = rig.render(4800);
    expect(rms(soft) / rms(loud.slice(480))).toBeCloseTo(DUCK_GAIN, 2);
    expect(rms(again) / rms(loud.slice(480))).toBeCloseTo(1, 2);
    expect(largestStep([...loud, ...down, ...soft, ...up, ...again])).toBeLessThan(0.04);
  });

  it('loses no frame', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(4800));
    rig.end('a');
    rig.duck(true);
    rig.render(9600);
    expect(rig.told()).toEqual(['started a 0', 'finished a 4800']);
  });

  it('is over after a flush, and not after a hold', () => {
    const rig = createPlaybackRig();
    rig.duck(true);
    rig.play('a', flat(24_000));
    expect(rig.render(1024)[1000]).toBeCloseTo(0.5 * DUCK_GAIN, 3);
    rig.hold();
    rig.render(QUANTUM);
    rig.resume();
    expect(rig.render(1024)[1000]).toBeCloseTo(0.5 * DUCK_GAIN, 3);
    rig.flush();
    rig.render(QUANTUM);
    rig.play('b', flat(2000));
    expect(rig.render(1024)[FADE_FRAMES]).toBe(0.5);
  });

  it('ducked and flushed at the same moment falls silent without a click', () => {
    const rig = createPlaybackRig();
    rig.play('a', sine(24_000));
    const before = rig.render(1000);
    rig.duck(true);
    const soft = rig.render(100);
    rig.flush();
    expect(largestStep([...before, ...soft, ...rig.render(512)])).toBeLessThan(0.04);
  });
});
