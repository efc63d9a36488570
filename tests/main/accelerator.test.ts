import { expect, it } from 'vitest';
import { type KeyCombination, parseAccelerator } from '../../src/main/accelerator';

const none: KeyCombination = { key: '', ctrl: false, alt: false, shift: false, meta: false };

it.each<[string, NodeJS.Platform, KeyCombination | null]>([
  ['Control+Shift+Space', 'linux', { ...none, key: 'Space', ctrl: true, shift: true }],
  ['CommandOrControl+k', 'linux', { ...none, key: 'K', ctrl: true }],
  ['CommandOrControl+k', 'darwin', { ...none, key: 'K', meta: true }],
  ['Alt+Super+Up', 'win32', { ...none, key: 'ArrowUp', alt: true, meta: true }],
  ['F8', 'linux', { ...none, key: 'F8' }],
  ['Control+;', 'linux', { ...none, key: 'Semicolon', ctrl: true }],
  ['Control+Shift', 'linux', null],
  ['A+B', 'linux', null],
  ['', 'linux', null],
  ['Control++', 'linux', null],
])('%s on %s', (accelerator, platform, expected) => {
  expect(parseAccelerator(accelerator, platform)).toEqual(expected);
});
