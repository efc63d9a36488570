import { describe, expect, it } from 'vitest';
import { FADE_FRAMES } from '../../src/shared/playback-line';
import { createPlaybackRig, flat, heard, largestStep, QUANTUM, sine } from '../helpers/playback-rig';

describe('playing', () => {
  const cases: [name: string, lengths: number[], size: number][] = [
    ['one quantum', [128], 128],
    ['less than a quantum', [1], 128],
    ['a quantum and one', [129], 128],
    ['odd chunks', [7, 1, 333, 480, 2], 128],
    ['odd render sizes', [480, 480, 5], 37],
    ['a render call per frame', [60], 1],
    ['one call for all', [1000, 1000], 4000],
  ];
  it.each(cases)('gives every sample once and in order: %s', (_name, lengths, size) => {
    const rig = createPlaybackRig();
    const total = lengths.reduce((a, b) => a + b, 0);
    let value = 0;
    for (const length of lengths) {
      rig.play(
        'a',
        Int16Array.from({ length }, () => ++value),
      );
    }
    rig.end('a');
    const samples = rig.render(total + 256, size);
    const whole = samples.slice(FADE_FRAMES, total).map((s) => Math.round(s * 0x8000));
    expect(whole).toEqual(Array.from({ length: whole.length }, (_, i) => FADE_FRAMES + i + 1));
    expect(samples.slice(total + FADE_FRAMES).every((s) => s === 0)).toBe(true);
    expect(rig.events).toContainEqual({ type: 'finished', heard: heard('a', total, total), frame: total });
    expect(rig.told()).toEqual(['started a 0', `finished a ${total}`]);
    expect(rig.desk.idle).toBe(true);
  });

  it('is silent without anything queued, and says when it came up', () => {
    const rig = createPlaybackRig();
    expect(rig.render(300).every((s) => s === 0)).toBe(true);
    expect(rig.events[0]).toEqual({ type: 'ready', frame: 128 });
    expect(rig.desk.idle).toBe(true);
  });

  it('joins two items without a gap', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(200));
    rig.end('a');
    rig.play('b', flat(100, 0x2000));
    rig.end('b');
    const samples = rig.render(512);
    expect(rig.told()).toEqual(['started a 0', 'finished a 200', 'started b 200', 'finished b 300']);
    expect(samples[199]).toBe(0.5);
    expect(samples[200]).toBe(0.25);
  });

  it('keeps the order of arrival when items interleave, and counts each', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(50));
    rig.play('b', flat(60));
    rig.play('a', flat(70));
    rig.end('a');
    rig.end('b');
    rig.render(256);
    expect(rig.events).toContainEqual({ type: 'finished', heard: heard('a', 120, 120), frame: 180 });
    expect(rig.told()).toEqual(['started a 0', 'started b 50', 'finished b 110', 'finished a 180']);
  });

  it('ends an earlier content part of an item when a later one begins', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(100));
    rig.play('a', flat(100), 1);
    rig.render(128);
    expect(rig.events).toContainEqual({ type: 'finished', heard: heard('a', 100, 100), frame: 100 });
    rig.flush();
    rig.render(128);
    expect(rig.answer()).toEqual([heard('a', 28 + FADE_FRAMES, 100, 1)]);
  });

  it('tells the end of an item whose end is only told after its last sample', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(100));
    rig.render(256);
    rig.end('a');
    expect(rig.told()).toEqual(['started a 0', 'underrun a 100', 'finished a 100']);
  });

  it('ignores the end of an item it does not know', () => {
    const rig = createPlaybackRig();
    rig.end('nobody');
    rig.render(128);
    expect(rig.told()).toEqual([]);
  });

  it('plays an answer of two minutes that came at once, gap and all accounted for', () => {
    const rig = createPlaybackRig();
    const frames = 120 * 24_000;
    for (let at = 0; at < frames; at += 24_000) rig.play('long', sine(24_000, at));
    rig.end('long');
    let step = 0;
    for (let at = 0; at < frames; at += 24_000) step = Math.max(step, largestStep(rig.render(24_000)));
    rig.render(512);
    expect(step).toBeLessThan(0.04);
    expect(rig.events).toContainEqual({
      type: 'finished',
      heard: heard('long', frames, frames),
      frame: frames,
    });
    expect(rig.told()).toEqual(['started long 0', `finished long ${frames}`]);
  });
});

describe('the latency of the output', () => {
  it('is told when it came up, and when it changed by more than it wavers', () => {
    const rig = createPlaybackRig();
    rig.desk.setOutputLatency(40);
    rig.render(128);
    for (const outputMs of [45, 38, 31, 55, 50]) rig.desk.setOutputLatency(outputMs);
    expect(rig.events.slice(1)).toEqual([
      { type: 'latency', outputMs: 40 },
      { type: 'latency', outputMs: 55 },
    ]);
  });
});

describe('underrun', () => {
  it('is told once, at the first frame without sound', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(140));
    rig.render(1024);
    expect(rig.told()).toEqual(['started a 0', 'underrun a 140']);
  });

  it('is not told when sound arrives just in time', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(128));
    rig.render(128);
    rig.play('a', flat(128));
    rig.render(128);
    expect(rig.told()).toEqual(['started a 0']);
  });

  it('runs down to zero and comes back without a click, and no sample is lost', () => {
    const rig = createPlaybackRig();
    rig.play('a', sine(730));
    const dry = rig.render(1280);
    rig.play('a', sine(730, 730));
    rig.end('a');
    const back = rig.render(1280);
    expect(largestStep([...dry, ...back])).toBeLessThan(0.04);
    expect(rig.events.at(-1)).toMatchObject({ heard: heard('a', 1460, 1460), frame: 1280 + 730 });
  });

  it('comes back without a click even while it still runs down', () => {
    const rig = createPlaybackRig();
    rig.play('a', sine(30));
    const first = rig.render(32, 16);
    rig.play('a', sine(730, 30));
    expect(largestStep([...first, ...rig.render(512, 16)])).toBeLessThan(0.04);
  });
});

describe('flush', () => {
  const cases: [name: string, renderedBefore: number, expected: number][] = [
    ['before the first sample', 0, 0],
    ['after one quantum', 128, 128 + FADE_FRAMES],
    ['in the middle', 512, 512 + FADE_FRAMES],
    ['with less left than the fade takes', 990, 1000],
    ['after the last sample of an item that has not ended', 1024, 1000],
  ];
  it.each(cases)('counts what was heard: %s', (_name, before, expected) => {
    const rig = createPlaybackRig();
    rig.play('a', flat(1000));
    rig.render(before);
    rig.flush();
    rig.render(QUANTUM);
    expect(rig.answer()).toEqual([heard('a', expected, 1000)]);
  });

  it('falls from the sample being played to zero in 2 ms, steadily, and says since when it is silent', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(1000));
    rig.render(128);
    rig.flush();
    const samples = rig.render(256, 11);
    for (let i = 1; i < FADE_FRAMES; i++) expect(samples[i] as number).toBeLessThan(samples[i - 1] as number);
    expect(samples[0]).toBeCloseTo(0.5, 1);
    expect(samples.slice(FADE_FRAMES - 1).every((s) => s === 0)).toBe(true);
    expect(rig.told()).toEqual(['started a 0', `flushed a:176 ${128 + FADE_FRAMES}`]);
  });

  it.each([1, 20, 64, 129, 500, 999, 1001])('never clicks, after %i frames of a sine', (after) => {
    const rig = createPlaybackRig();
    rig.play('a', sine(400));
    rig.play('a', sine(600, 400));
    const before = rig.render(after, 1);
    rig.flush();
    expect(largestStep([...before, ...rig.render(256)])).toBeLessThan(0.04);
  });

  it('gives every queued item in playing order, and those not reached as unheard', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(100));
    rig.end('a');
    rig.play('b', flat(300));
    rig.end('b');
    rig.play('c', flat(300), 2);
    rig.render(128);
    rig.flush();
    rig.render(128);
    expect(rig.answer()).toEqual([heard('b', 28 + FADE_FRAMES, 300), heard('c', 0, 300, 2)]);
  });

  it('does not let the run-down count for an item that had not begun', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(140));
    rig.play('b', flat(300));
    rig.render(128);
    rig.flush();
    rig.render(128);
    expect(rig.answer()).toEqual([heard('a', 140, 140), heard('b', 0, 300)]);
    expect(rig.told()).toEqual(['started a 0', 'flushed a:140 b:0 176']);
  });

  it('of nothing is empty, and quiet', () => {
    const rig = createPlaybackRig();
    rig.flush();
    rig.render(128);
    rig.play('a', flat(100));
    rig.end('a');
    rig.render(512);
    rig.flush();
    expect(rig.render(128).every((s) => s === 0)).toBe(true);
    expect(rig.told()).toEqual(['flushed  0', 'started a 128', 'finished a 228', 'flushed  640']);
  });

  it('drops late audio of flushed items, and only of those', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(300));
    rig.play('b', flat(300));
    rig.render(128);
    rig.flush();
    rig.render(128);
    rig.told();
    rig.play('a', flat(100));
    rig.play('b', flat(100), 1);
    expect(rig.render(256).every((s) => s === 0)).toBe(true);
    rig.play('c', flat(100));
    rig.render(128);
    expect(rig.told()).toEqual(['started c 512', 'underrun c 612']);
  });

  it('plays what is queued during the run-down after it', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(1000));
    rig.render(128);
    rig.flush();
    rig.play('b', flat(200, 0x2000));
    rig.end('b');
    const samples = rig.render(512);
    expect(rig.told()).toEqual(['started a 0', 'flushed a:176 176', 'started b 176', 'finished b 376']);
    expect(samples[2 * FADE_FRAMES]).toBe(0.25);
  });

  it('during the run-down of another flush adds nothing to it', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(1000));
    rig.render(128);
    rig.flush();
    rig.render(10, 10);
    rig.play('b', flat(200));
    rig.flush();
    rig.render(128);
    expect(rig.told()).toEqual(['started a 0', 'flushed a:176 176', 'flushed b:0 176']);
  });

  it('twice before the audio thread obeys answers both', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(1000));
    rig.render(128);
    rig.flush();
    rig.play('b', flat(200));
    rig.flush();
    rig.play('c', flat(100));
    rig.render(128);
    expect(rig.told()).toEqual(['started a 0', 'flushed a:176 176', 'flushed b:0 176', 'started c 176']);
  });

  it('is answered at once while the context does not render, and what comes later plays when it does', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(1000));
    rig.render(128);
    rig.desk.setRendering(false);
    rig.flush();
    expect(rig.told()).toEqual(['started a 0', 'flushed a:128 128']);
    rig.play('b', flat(100));
    rig.end('b');
    rig.desk.setRendering(true);
    rig.render(512);
    expect(rig.told()).toEqual([`started b ${128 + FADE_FRAMES}`, `finished b ${228 + FADE_FRAMES}`]);
  });

  it('answered while the context did not render is not undone by what it still renders', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(48_000));
    rig.render(512);
    rig.desk.setRendering(false);
    rig.play('b', flat(100));
    rig.flush();
    rig.play('c', flat(100));
    rig.end('c');
    rig.desk.setRendering(true);
    rig.render(1024);
    expect(rig.told()).toEqual([
      'started a 0',
      'flushed a:512 b:0 512',
      `started c ${512 + FADE_FRAMES}`,
      `finished c ${612 + FADE_FRAMES}`,
    ]);
  });

  it('a hundred times while the context does not render loses no answer and no later sound', () => {
    const rig = createPlaybackRig();
    rig.desk.setRendering(false);
    for (let i = 0; i < 100; i++) {
      rig.play(`item-${i}`, flat(10));
      rig.flush();
    }
    expect(rig.told().length).toBe(100);
    rig.play('after', flat(1000));
    rig.end('after');
    rig.desk.setRendering(true);
    rig.render(4096);
    expect(rig.told().map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'started after',
      'finished after',
    ]);
  });

  it('of a page that was replaced answers nobody, and its sound is gone', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(1000));
    rig.render(128);
    rig.told();
    const later: string[] = [];
    rig.desk.attach((event) => later.push(event.type));
    const samples = rig.render(512);
    expect(samples.slice(FADE_FRAMES).every((s) => s === 0)).toBe(true);
    expect(later).toEqual(['ready', 'latency']);
  });
});
