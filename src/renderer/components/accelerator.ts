/** Electron accelerators ("Control+Shift+Space") from key presses, and as people read them. */

export type RecordedKey =
  | { ok: true; accelerator: string }
  /** Only modifiers so far. */
  | { ok: false; reason: 'incomplete' }
  /** Would fire while typing: it needs Ctrl, Alt or the system key. */
  | { ok: false; reason: 'types-text' }
  /** The system or nearly every program uses it. */
  | { ok: false; reason: 'reserved' }
  /** A key Electron has no name for. */
  | { ok: false; reason: 'unknown-key' };

type KeyPress = Pick<KeyboardEvent, 'code' | 'key' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>;

const NAMES: Record<string, string> = {
  Space: 'Space',
  Enter: 'Return',
  Escape: 'Escape',
  Tab: 'Tab',
  Backspace: 'Backspace',
  Delete: 'Delete',
  Insert: 'Insert',
  Home: 'Home',
  End: 'End',
  PageUp: 'PageUp',
  PageDown: 'PageDown',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Semicolon: ';',
  Equal: '=',
  Comma: ',',
  Minus: '-',
  Period: '.',
  Slash: '/',
  Backquote: '`',
  BracketLeft: '[',
  BracketRight: ']',
  Backslash: '\\',
  Quote: "'",
};

const RESERVED = new Set([
  ...['A', 'C', 'V', 'X', 'Z', 'S', 'Q', 'W', 'N', 'O', 'P', 'F', 'T'].flatMap((key) => [
    `Control+${key}`,
    `Super+${key}`,
  ]),
  'Alt+Tab',
  'Alt+Shift+Tab',
  'Alt+F4',
  'Control+Alt+Delete',
  'Control+Tab',
  'Super+L',
  'Super+Tab',
  'Super+Space',
]);

/** The accelerator that `press` stands for, or why it will not do. */
export function recordAccelerator(press: KeyPress): RecordedKey {
  if (['Control', 'Alt', 'Shift', 'Meta', 'AltGraph'].includes(press.key)) {
    return { ok: false, reason: 'incomplete' };
  }
  const key = keyName(press.code);
  if (!key) return { ok: false, reason: 'unknown-key' };
  const held = [
    press.ctrlKey && 'Control',
    press.altKey && 'Alt',
    press.shiftKey && 'Shift',
    press.metaKey && 'Super',
  ].filter((name) => name !== false);
  const functionKey = /^F\d+$/.test(key);
  const strong = press.ctrlKey || press.altKey || press.metaKey;
  if (!strong && !functionKey) return { ok: false, reason: 'types-text' };
  const accelerator = [...held, key].join('+');
  return RESERVED.has(accelerator) ? { ok: false, reason: 'reserved' } : { ok: true, accelerator };
}

function keyName(code: string): string | null {
  const plain = /^(?:Key([A-Z])|Digit(\d)|(F(?:[1-9]|1\d|2[0-4])))$/.exec(code);
  if (plain) return plain[1] ?? plain[2] ?? plain[3] ?? null;
  return NAMES[code] ?? null;
}

const READABLE: Record<string, string> = {
  Control: 'Ctrl',
  CommandOrControl: 'Ctrl',
  CmdOrCtrl: 'Ctrl',
  Super: 'Super',
  Meta: 'Super',
  Return: 'Enter',
  Escape: 'Esc',
  Up: '↑',
  Down: '↓',
  Left: '←',
  Right: '→',
};

const READABLE_MAC: Record<string, string> = {
  ...READABLE,
  Control: '⌃',
  CommandOrControl: '⌘',
  CmdOrCtrl: '⌘',
  Command: '⌘',
  Super: '⌘',
  Meta: '⌘',
  Alt: '⌥',
  Option: '⌥',
  Shift: '⇧',
};

/** The keys of an accelerator as they are printed on a keyboard. */
export function readableKeys(accelerator: string, platform: string): string[] {
  const names = platform.startsWith('Mac')
    ? READABLE_MAC
    : { ...READABLE, ...(platform.startsWith('Win') ? { Super: 'Win', Meta: 'Win' } : {}) };
  return accelerator.split('+').map((part) => names[part] ?? part);
}
