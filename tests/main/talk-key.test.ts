import { describe, expect, it } from 'vitest';
import {
  freeMicKeyDown,
  idleTalkKey,
  keyDown,
  keyUp,
  TAP_MS,
  type TalkAction,
} from '../../src/main/talk-key';

type Step = ['down' | 'up', number];

function actions(steps: Step[]): TalkAction[] {
  let key = idleTalkKey;
  return steps.map(([move, atMs]) => {
    const next = move === 'down' ? keyDown(key, atMs) : keyUp(key, atMs);
    key = next.key;
    return next.action;
  });
}

describe('talk key', () => {
  it.each<[string, Step[], TalkAction[]]>([
    [
      'held talks until let go',
      [
        ['down', 0],
        ['up', 900],
      ],
      ['press', 'release'],
    ],
    [
      'a repeat while held changes nothing',
      [
        ['down', 0],
        ['down', 500],
        ['up', 900],
      ],
      ['press', null, 'release'],
    ],
    [
      'tapped stays on',
      [
        ['down', 0],
        ['up', TAP_MS - 1],
      ],
      ['press', null],
    ],
    [
      'the limit itself is a hold',
      [
        ['down', 0],
        ['up', TAP_MS],
      ],
      ['press', 'release'],
    ],
    [
      'the next press ends a tapped turn and its release starts nothing',
      [
        ['down', 0],
        ['up', 10],
        ['down', 2000],
        ['up', 2010],
        ['down', 3000],
        ['up', 4000],
      ],
      ['press', null, 'release', null, 'press', 'release'],
    ],
    ['a release without a press is nothing', [['up', 0]], [null]],
  ])('%s', (_name, steps, expected) => {
    expect(actions(steps)).toEqual(expected);
  });
});

describe('in free mic', () => {
  it.each([
    [{ playing: false, muted: false, when: 'by-key' }, 'mute'],
    [{ playing: true, muted: false, when: 'by-key' }, 'interrupt'],
    [{ playing: true, muted: true, when: 'by-key' }, 'interrupt'],
    [{ playing: true, muted: false, when: 'at-once' }, 'mute'],
    [{ playing: true, muted: true, when: 'after-words' }, 'unmute'],
  ] as const)('%o: %s', (session, action) => {
    expect(freeMicKeyDown(session)).toBe(action);
  });
});
