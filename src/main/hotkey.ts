/**
 * The global push-to-talk key. `globalShortcut` owns the combination but has no key-up, so where a keyboard hook is
 * to be had it tells press from release; elsewhere every press toggles.
 */
import { globalShortcut } from 'electron';
import type { uIOhook as UiohookInstance, UiohookKeyboardEvent } from 'uiohook-napi';
import type { HotkeyStatus } from '../shared/ipc';
import { type Logger, toError } from '../shared/log';
import { type KeyCombination, parseAccelerator } from './accelerator';

export interface HotkeyListener {
  down(): void;
  up(): void;
}

export interface Hotkey {
  /** Takes `accelerator` instead of the one held now. When it is taken or not valid, nothing is held: 'unavailable'. */
  bind(accelerator: string): HotkeyStatus;
  close(): void;
}

/** globalShortcut repeats while a key is held; repeats closer than the longest usual delay are one press. */
const REPEAT_MS = 700;

interface Hook {
  uIOhook: typeof UiohookInstance;
  keyCode(name: string): number | undefined;
}

export function createHotkey(listener: HotkeyListener, platform: NodeJS.Platform, log: Logger): Hotkey {
  const hook = loadHook(platform, log);
  let release = (): void => undefined;

  return {
    bind(accelerator) {
      release();
      release = () => undefined;
      const combination = parseAccelerator(accelerator, platform);
      const keyCode = combination && hook?.keyCode(combination.key);
      const holds = Boolean(hook && combination && keyCode !== undefined);
      let lastMs = Number.NEGATIVE_INFINITY;
      const onShortcut = (): void => {
        const now = performance.now();
        const repeated = now - lastMs < REPEAT_MS;
        lastMs = now;
        if (holds || repeated) return;
        // Without key-up a press is a tap: down and up at once latch, and the next one ends it.
        listener.down();
        listener.up();
      };
      if (!combination || !register(accelerator, onShortcut, log)) {
        return { accelerator, kind: 'unavailable' };
      }
      const unhook = holds && hook ? listen(hook, combination, keyCode as number, listener) : () => undefined;
      release = () => {
        globalShortcut.unregister(accelerator);
        unhook();
      };
      return { accelerator, kind: holds ? 'hold' : 'toggle' };
    },
    close() {
      release();
      hook?.uIOhook.stop();
    },
  };
}

function register(accelerator: string, onShortcut: () => void, log: Logger): boolean {
  try {
    return globalShortcut.register(accelerator, onShortcut);
  } catch (cause) {
    log.warn('hotkey not valid', { accelerator, error: toError(cause) });
    return false;
  }
}

/** Only the one combination is looked at; every other key passes unseen. */
function listen(
  { uIOhook }: Hook,
  combination: KeyCombination,
  keyCode: number,
  listener: HotkeyListener,
): () => void {
  let isDown = false;
  const modifiersHeld = (event: UiohookKeyboardEvent): boolean =>
    event.ctrlKey === combination.ctrl &&
    event.altKey === combination.alt &&
    event.shiftKey === combination.shift &&
    event.metaKey === combination.meta;
  const onDown = (event: UiohookKeyboardEvent): void => {
    if (isDown || event.keycode !== keyCode || !modifiersHeld(event)) return;
    isDown = true;
    listener.down();
  };
  // Letting go of a modifier first is letting go as well.
  const onUp = (event: UiohookKeyboardEvent): void => {
    if (!isDown || (event.keycode !== keyCode && modifiersHeld(event))) return;
    isDown = false;
    listener.up();
  };
  uIOhook.on('keydown', onDown);
  uIOhook.on('keyup', onUp);
  return () => {
    uIOhook.off('keydown', onDown);
    uIOhook.off('keyup', onUp);
  };
}

/** The keyboard hook, or null where it cannot work: Wayland hides other programs' keys. */
function loadHook(platform: NodeJS.Platform, log: Logger): Hook | null {
  if (platform === 'linux' && (process.env.WAYLAND_DISPLAY || !process.env.DISPLAY)) return null;
  try {
    // Loaded here and not at the top: a machine without its native part still gets the toggle.
    const { uIOhook, UiohookKey } = require('uiohook-napi') as typeof import('uiohook-napi');
    uIOhook.start();
    return { uIOhook, keyCode: (name) => (UiohookKey as Record<string, number>)[name] };
  } catch (cause) {
    log.warn('no keyboard hook, the hotkey toggles', { error: toError(cause) });
    return null;
  }
}
