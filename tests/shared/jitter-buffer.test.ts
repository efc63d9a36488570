import { describe, expect, it } from 'vitest';
import { JitterBuffer, PREBUFFER_CALM_MS, PREBUFFER_MAX_MS } from '../../src/shared/jitter-buffer';
import { createPlaybackRig, flat } from '../helpers/playback-rig';

describe('the prebuffer', () => {
  type Step = ['start' | 'underrun' | 'wait', number];
  const cases: [name: string, steps: Step[], expectedMs: number][] = [
    ['is none at first', [], 0],
    [
      'is none while nothing runs dry',
      [
        ['start', 0],
        ['wait', 90_000],
      ],
      0,
    ],
    [
      'is the gap that was measured',
      [
        ['start', 0],
        ['underrun', 70],
      ],
      70,
    ],
    [
      'grows by the gap that is left',
      [
        ['start', 0],
        ['underrun', 70],
        ['start', 0],
        ['underrun', 30],
      ],
      100,
    ],
    [
      'does not shrink for a small gap',
      [
        ['start', 0],
        ['underrun', 200],
        ['start', 0],
        ['underrun', 1],
      ],
      201,
    ],
    [
      'reaches its limit',
      [
        ['start', 0],
        ['underrun', PREBUFFER_MAX_MS],
      ],
      PREBUFFER_MAX_MS,
    ],
    [
      'leaves a gap beyond its limit alone',
      [
        ['start', 0],
        ['underrun', PREBUFFER_MAX_MS + 1],
      ],
      0,
    ],
    [
      'keeps what it has when one gap is too long',
      [
        ['start', 0],
        ['underrun', 80],
        ['start', 0],
        ['underrun', 3000],
      ],
      80,
    ],
    [
      'stays for a while',
      [
        ['start', 0],
        ['underrun', 80],
        ['wait', PREBUFFER_CALM_MS - 1],
      ],
      80,
    ],
    [
      'is halved after that',
      [
        ['start', 0],
        ['underrun', 80],
        ['wait', PREBUFFER_CALM_MS],
      ],
      40,
    ],
    [
      'and halved again',
      [
        ['start', 0],
        ['underrun', 80],
        ['wait', 2 * PREBUFFER_CALM_MS],
      ],
      20,
    ],
    [
      'is none in the end',
      [
        ['start', 0],
        ['underrun', 80],
        ['wait', 10 * PREBUFFER_CALM_MS],
      ],
      0,
    ],
    [
      'counts the calm from the last underrun',
      [
        ['start', 0],
        ['underrun', 80],
        ['wait', PREBUFFER_CALM_MS - 1],
        ['start', 0],
        ['underrun', 8],
        ['wait', 5],
      ],
      88,
    ],
  ];
  it.each(cases)('%s', (_name, steps, expectedMs) => {
    const jitter = new JitterBuffer();
    let nowMs = 1000;
    for (const [what, ms] of steps) {
      if (what === 'start') jitter.started(nowMs);
      else if (what === 'underrun') jitter.underrun(nowMs, ms);
      else nowMs += ms;
    }
    expect(jitter.targetMs(nowMs)).toBe(expectedMs);
  });

  const starts: [
    name: string,
    targetMs: number,
    bufferedMs: number,
    waitedMs: number,
    ended: boolean,
    may: boolean,
  ][] = [
    ['at once without one', 0, 0, 0, false, true],
    ['not before it is filled', 100, 99, 0, false, false],
    ['when it is filled', 100, 100, 0, false, true],
    ['when the wait was as long', 100, 20, 100, false, true],
    ['an item that has ended at once', 100, 20, 0, true, true],
  ];
  it.each(starts)('lets start %s', (_name, targetMs, bufferedMs, waitedMs, ended, may) => {
    const jitter = new JitterBuffer();
    jitter.underrun(0, targetMs);
    expect(jitter.mayStart(0, bufferedMs, waitedMs, ended)).toBe(may);
  });
});

describe('starting to play', () => {
  /** Runs dry for about 100 ms once. */
  const shaken = () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(2400));
    rig.render(4800);
    rig.play('a', flat(2400));
    rig.end('a');
    rig.render(4800);
    rig.told();
    return rig;
  };

  it('is at once before anything ran dry', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(10));
    rig.render(128);
    expect(rig.told()).toEqual(['started a 0', 'underrun a 10']);
  });

  it('waits after an underrun until as much is there as would have held', () => {
    const rig = shaken();
    const begin = rig.frame;
    rig.play('b', flat(480));
    rig.render(960);
    expect(rig.told()).toEqual([]);
    rig.play('b', flat(2400));
    rig.render(128);
    expect(rig.told()).toEqual([`started b ${begin + 960}`]);
  });

  it('waits no longer than that', () => {
    const rig = shaken();
    rig.play('b', flat(480));
    rig.wait(99);
    rig.render(128);
    expect(rig.told().length).toBe(1);
  });

  it('says when it wants to be called again', () => {
    const rig = shaken();
    rig.play('b', flat(480));
    const waitMs = rig.desk.pump();
    expect(waitMs).toBeGreaterThan(80);
    expect(waitMs).toBeLessThanOrEqual(105);
  });

  it('is at once for an item that has ended', () => {
    const rig = shaken();
    rig.play('b', flat(480));
    rig.end('b');
    rig.render(128);
    expect(rig.told().length).toBe(1);
  });

  it('measures no gap where no more sound came', () => {
    const rig = createPlaybackRig();
    rig.play('a', flat(2400));
    rig.render(4800);
    rig.end('a');
    rig.told();
    rig.play('b', flat(480));
    rig.render(128);
    expect(rig.told().length).toBe(1);
  });
});
