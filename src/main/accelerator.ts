/** Electron accelerators ("Control+Shift+Space") as the key and modifiers a keyboard hook reports. */

export interface KeyCombination {
  /** Name of the main key as uiohook spells it, for instance "Space", "A", "F8". */
  key: string;
  ctrl: boolean;
  alt: boolean;
  shift: boolean;
  meta: boolean;
}

const MODIFIERS: Record<string, 'ctrl' | 'alt' | 'shift' | 'meta'> = {
  control: 'ctrl',
  ctrl: 'ctrl',
  alt: 'alt',
  option: 'alt',
  shift: 'shift',
  meta: 'meta',
  super: 'meta',
  command: 'meta',
  cmd: 'meta',
};

/** Accelerator names that a keyboard hook spells otherwise, lower case. */
const KEY_NAMES: Record<string, string> = {
  return: 'Enter',
  esc: 'Escape',
  up: 'ArrowUp',
  down: 'ArrowDown',
  left: 'ArrowLeft',
  right: 'ArrowRight',
  ';': 'Semicolon',
  '=': 'Equal',
  ',': 'Comma',
  '-': 'Minus',
  '.': 'Period',
  '/': 'Slash',
  '`': 'Backquote',
  '[': 'BracketLeft',
  ']': 'BracketRight',
  '\\': 'Backslash',
  "'": 'Quote',
};

/** The combination that `accelerator` names, or null when it has no or several main keys. */
export function parseAccelerator(accelerator: string, platform: NodeJS.Platform): KeyCombination | null {
  const combination: KeyCombination = { key: '', ctrl: false, alt: false, shift: false, meta: false };
  for (const part of accelerator.split('+').map((text) => text.trim())) {
    const name = part.toLowerCase();
    const modifier =
      name === 'commandorcontrol' || name === 'cmdorctrl'
        ? platform === 'darwin'
          ? 'meta'
          : 'ctrl'
        : MODIFIERS[name];
    if (modifier) combination[modifier] = true;
    else if (part === '' || combination.key !== '') return null;
    else combination.key = KEY_NAMES[name] ?? part.charAt(0).toUpperCase() + part.slice(1);
  }
  return combination.key === '' ? null : combination;
}
