import { describe, expect, it } from 'vitest';
import { viewOf } from '../../src/renderer/components/activity';
import { loudness, stepsFor } from '../../src/renderer/components/picture';
import { hintOf } from '../../src/renderer/components/StateLine';
import type { AppState } from '../../src/shared/ipc';
import { stateWith } from './helpers/page';

const pushToTalk = (talking: 'idle' | 'holding' | 'latched') => ({ mode: 'push-to-talk', talking }) as const;
const freeMic = (talking: 'muted' | 'listening') => ({ mode: 'free-mic', talking }) as const;
const opening = { status: 'opening', wanted: true } as const;

describe('what the picture shows', () => {
  it.each<[string, Partial<AppState>, string, string]>([
    ['at rest', {}, 'idle', 'hint.hold'],
    ['hotkey without key-up', { hotkey: { accelerator: 'F8', kind: 'toggle' } }, 'idle', 'hint.toggle'],
    ['no hotkey', { hotkey: { accelerator: 'F8', kind: 'unavailable' } }, 'idle', 'hint.holdUnavailable'],
    ['held', { activity: 'listening', talkMode: pushToTalk('holding') }, 'listening', 'hint.holding'],
    ['latched', { activity: 'listening', talkMode: pushToTalk('latched') }, 'listening', 'hint.latched'],
    [
      'held, device not there yet',
      { activity: 'listening', talkMode: pushToTalk('holding'), microphone: opening },
      'opening',
      'hint.opening',
    ],
    ['free mic', { activity: 'listening', talkMode: freeMic('listening') }, 'listening', 'hint.freeMic'],
    ['muted', { talkMode: freeMic('muted') }, 'muted', 'hint.muted'],
    [
      'answering while muted',
      { activity: 'speaking', talkMode: freeMic('muted') },
      'speaking',
      'hint.freeMic',
    ],
    ['no connection', { connection: 'disconnected' }, 'connecting', 'hint.connecting'],
    ['trouble', { activity: 'trouble', connection: 'disconnected' }, 'trouble', 'hint.trouble'],
  ])('%s', (_name, change, view, hint) => {
    const app = stateWith(change);
    expect(viewOf(app)).toBe(view);
    expect(hintOf(app, viewOf(app))).toBe(hint);
  });
});

describe('loudness', () => {
  it.each([
    [0, 0],
    [0.0001, 0],
    [10 ** (-31 / 20), 0.5],
    [10 ** (-10 / 20), 1],
    [1, 1],
  ])('RMS %d is %d', (rms, seen) => {
    expect(loudness(rms)).toBeCloseTo(seen, 5);
  });

  it('fills the width beside the ring', () => {
    expect(stepsFor(900, 134)).toBeGreaterThan(stepsFor(340, 134));
    expect(stepsFor(0, 134)).toBeGreaterThan(0);
  });
});
