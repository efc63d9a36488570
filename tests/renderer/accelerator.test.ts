import { describe, expect, it } from 'vitest';
import { readableKeys, recordAccelerator } from '../../src/renderer/components/accelerator';

const press = (code: string, held = '', key = '') => ({
  code,
  key: key || code,
  ctrlKey: held.includes('c'),
  altKey: held.includes('a'),
  shiftKey: held.includes('s'),
  metaKey: held.includes('m'),
});

describe('recordAccelerator', () => {
  it.each([
    ['Space', 'cs', 'Control+Shift+Space'],
    ['KeyK', 'ca', 'Control+Alt+K'],
    ['Digit1', 'a', 'Alt+1'],
    ['F8', '', 'F8'],
    ['ArrowUp', 'cs', 'Control+Shift+Up'],
    ['Slash', 'm', 'Super+/'],
  ])('%s with %j is %s', (code, held, accelerator) => {
    expect(recordAccelerator(press(code, held))).toEqual({ ok: true, accelerator });
  });

  it.each([
    ['KeyA', '', 'types-text'],
    ['KeyA', 's', 'types-text'],
    ['Space', '', 'types-text'],
    ['Enter', 's', 'types-text'],
    ['KeyC', 'c', 'reserved'],
    ['F4', 'a', 'reserved'],
    ['MediaPlay', 'c', 'unknown-key'],
    ['NumpadDivide', 'c', 'unknown-key'],
  ])('%s with %j is refused: %s', (code, held, reason) => {
    expect(recordAccelerator(press(code, held))).toEqual({ ok: false, reason });
  });

  it('waits while only modifiers are down', () => {
    expect(recordAccelerator(press('ControlLeft', 'c', 'Control'))).toEqual({
      ok: false,
      reason: 'incomplete',
    });
  });
});

describe('readableKeys', () => {
  it.each([
    ['Control+Shift+Space', 'Linux x86_64', ['Ctrl', 'Shift', 'Space']],
    ['Control+Shift+Space', 'MacIntel', ['⌃', '⇧', 'Space']],
    ['CommandOrControl+K', 'MacIntel', ['⌘', 'K']],
    ['Super+Up', 'Win32', ['Win', '↑']],
  ])('%s on %s', (accelerator, platform, keys) => {
    expect(readableKeys(accelerator, platform)).toEqual(keys);
  });
});
