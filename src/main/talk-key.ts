/**
 * What pressing and letting go of a talk key means, for the hotkey, the Space bar and the button alike:
 * held, it talks until let go; tapped, it talks until the next press (latched).
 */

import type { InterruptionPolicy } from '../shared/settings';

/** A press shorter than this is a tap. Shorter limits make people latch by accident or not at all. */
export const TAP_MS = 250;

export type TalkKeyState =
  | { state: 'idle' }
  | { state: 'holding'; sinceMs: number }
  | { state: 'latched' }
  /** The press that ends a latched turn: its release means nothing. */
  | { state: 'ending' };

export type TalkAction = 'press' | 'release' | null;

export const idleTalkKey: TalkKeyState = { state: 'idle' };

/** The key went down at `nowMs` (any clock that only goes forward). A repeated key-down changes nothing. */
export function keyDown(key: TalkKeyState, nowMs: number): { key: TalkKeyState; action: TalkAction } {
  switch (key.state) {
    case 'idle':
      return { key: { state: 'holding', sinceMs: nowMs }, action: 'press' };
    case 'latched':
      return { key: { state: 'ending' }, action: 'release' };
    case 'holding':
    case 'ending':
      return { key, action: null };
    default:
      return key satisfies never;
  }
}

/** What the key does in free mic: it mutes and unmutes, but where no voice interrupts it cuts an answer off first. */
export function freeMicKeyDown(session: {
  playing: boolean;
  muted: boolean;
  when: InterruptionPolicy;
}): 'interrupt' | 'mute' | 'unmute' {
  if (session.playing && session.when === 'by-key') return 'interrupt';
  return session.muted ? 'unmute' : 'mute';
}

/** The key came up at `nowMs`. */
export function keyUp(key: TalkKeyState, nowMs: number): { key: TalkKeyState; action: TalkAction } {
  switch (key.state) {
    case 'holding':
      return nowMs - key.sinceMs < TAP_MS
        ? { key: { state: 'latched' }, action: null }
        : { key: idleTalkKey, action: 'release' };
    case 'ending':
      return { key: idleTalkKey, action: null };
    case 'idle':
    case 'latched':
      return { key, action: null };
    default:
      return key satisfies never;
  }
}
