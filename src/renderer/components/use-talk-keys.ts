import { useEffect } from 'react';
import { isTextField, ownsSpace } from './talk';

export interface TalkKeys {
  /** Off while a sheet covers the view. */
  enabled: boolean;
  spaceDown(): void;
  spaceUp(): void;
  /** Key-up may never come. */
  lost(): void;
  interrupt(): void;
}

/**
 * Space talks and Escape interrupts from anywhere in the window. A control reached with the keyboard keeps its Space;
 * one that merely kept the focus after a click does not.
 */
export function useTalkKeys({ enabled, spaceDown, spaceUp, lost, interrupt }: TalkKeys): void {
  useEffect(() => {
    if (!enabled) return;
    let focusFromPointer = false;
    const onPointerDown = (): void => {
      focusFromPointer = true;
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Tab' || event.key.startsWith('Arrow')) focusFromPointer = false;
      if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === 'Escape') {
        interrupt();
        return;
      }
      if (event.code !== 'Space' || event.shiftKey) return;
      const keeps = focusFromPointer ? isTextField(event.target) : ownsSpace(event.target);
      if (keeps) return;
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) spaceDown();
    };
    const onKeyUp = (event: KeyboardEvent): void => {
      if (event.code !== 'Space') return;
      spaceUp();
    };
    window.addEventListener('pointerdown', onPointerDown, true);
    window.addEventListener('keydown', onKeyDown, true);
    window.addEventListener('keyup', onKeyUp, true);
    window.addEventListener('blur', lost);
    return () => {
      lost();
      window.removeEventListener('pointerdown', onPointerDown, true);
      window.removeEventListener('keydown', onKeyDown, true);
      window.removeEventListener('keyup', onKeyUp, true);
      window.removeEventListener('blur', lost);
    };
  }, [enabled, spaceDown, spaceUp, lost, interrupt]);
}
