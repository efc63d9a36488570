import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { AppState } from '../shared/ipc';
import type { ParleyApi, SoundControl } from './bridge';
import type { Levels } from './levels';
import type { AppStore } from './store';

/** Everything the components are built on; made once in `main.tsx` and passed down. */
export interface Page {
  parley: ParleyApi;
  store: StoreApi<AppStore>;
  levels: Levels;
  sound: SoundControl;
}

const PageContext = createContext<Page | null>(null);
export const PageProvider = PageContext.Provider;

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error('usePage outside PageProvider');
  return page;
}

/** A part of the store; the component renders again when that part changes. */
export function useAppStore<T>(select: (store: AppStore) => T): T {
  return useStore(usePage().store, select);
}

/** The main process's state; only below the point where it has arrived. */
export function useAppState(): AppState {
  const app = useAppStore((s) => s.app);
  if (!app) throw new Error('useAppState before the state arrived');
  return app;
}
