/**
 * One hold from several places: the pointer on the talk button, the Space bar, a click from assistive technology.
 * Sends every press and release as it happens; whether a short one latches is decided by the main process, the same
 * way as for the global hotkey.
 */
export interface TalkCommands {
  press(): void;
  release(): void;
}

export type TalkSource = 'pointer' | 'space';

export class Hold {
  #source: TalkSource | null = null;
  readonly #commands: TalkCommands;

  constructor(commands: TalkCommands) {
    this.#commands = commands;
  }

  /** True while something holds. */
  get held(): boolean {
    return this.#source !== null;
  }

  /** A second source that joins a running hold changes nothing. */
  down(source: TalkSource): void {
    if (this.#source) return;
    this.#source = source;
    this.#commands.press();
  }

  up(source: TalkSource): void {
    if (this.#source !== source) return;
    this.#source = null;
    this.#commands.release();
  }

  /** The window lost the keyboard or the pointer: no key-up will come. */
  cancel(): void {
    if (this.#source) this.up(this.#source);
  }

  /** A click without a pointer (screen reader, Enter) has no length: it is a tap. */
  tap(): void {
    if (this.#source) return;
    this.#commands.press();
    this.#commands.release();
  }
}

const TEXT_INPUTS = new Set(['text', 'search', 'url', 'password', 'email', 'number', 'tel']);

/** Whether typing goes into `target`. */
export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.tagName === 'TEXTAREA') return true;
  return target.tagName === 'INPUT' && TEXT_INPUTS.has((target as HTMLInputElement).type);
}

/** Whether Space already means something on `target`: a control other than the talk button. */
export function ownsSpace(target: EventTarget | null): boolean {
  if (isTextField(target)) return true;
  if (!(target instanceof HTMLElement)) return false;
  const control = target.closest('button, a[href], input, select, summary, [role="button"], [role="radio"]');
  return control !== null && !control.hasAttribute('data-talk');
}
