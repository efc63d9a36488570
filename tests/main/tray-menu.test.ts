import { describe, expect, it } from 'vitest';
import { type TrayPicture, trayPicture } from '../../src/main/tray-menu';
import type { Activity, TalkModeState } from '../../src/shared/ipc';

const listening: TalkModeState = { mode: 'free-mic', talking: 'listening' };
const muted: TalkModeState = { mode: 'free-mic', talking: 'muted' };

describe('tray picture', () => {
  it.each<[Activity, TalkModeState, TrayPicture]>([
    ['idle', listening, 'idle'],
    ['idle', muted, 'muted'],
    ['thinking', muted, 'muted'],
    ['listening', listening, 'listening'],
    ['speaking', muted, 'speaking'],
    ['trouble', muted, 'trouble'],
  ])('%s, %j', (activity, talkMode, expected) => {
    expect(trayPicture({ activity, talkMode })).toBe(expected);
  });
});
