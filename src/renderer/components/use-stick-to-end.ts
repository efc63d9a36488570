import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';

/** This close to the end, in CSS pixels, the reader counts as being there. */
const SLACK_PX = 32;

/**
 * Keeps a growing list at its end while the reader is there, and leaves it alone when they scrolled away.
 * `growth` is anything that changes when the content does; with `enabled` false the list starts at its top.
 */
export function useStickToEnd(
  growth: unknown,
  enabled: boolean,
): { scroller: RefObject<HTMLDivElement | null>; away: boolean; onScroll(): void; toEnd(): void } {
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [away, setAway] = useState(false);

  const toEnd = useCallback(() => {
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
    atEnd.current = true;
    setAway(false);
  }, []);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight <= SLACK_PX;
    setAway(!atEnd.current);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after each growth
  useLayoutEffect(() => {
    if (enabled && atEnd.current) toEnd();
  }, [growth, enabled, toEnd]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !enabled) return;
    const observer = new ResizeObserver(() => {
      if (atEnd.current) toEnd();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [enabled, toEnd]);

  return { scroller, away, onScroll, toEnd };
}
