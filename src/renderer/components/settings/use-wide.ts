import { useSyncExternalStore } from 'react';

/** Where the styles put the sections down the side (settings.css). */
const WIDE = '(min-width: 720px)';

/** Whether the sections stand one below the other, so that the up and down keys belong to them. */
export function useWide(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(WIDE).matches);
}

function subscribe(onChange: () => void): () => void {
  const query = matchMedia(WIDE);
  query.addEventListener('change', onChange);
  return () => query.removeEventListener('change', onChange);
}
