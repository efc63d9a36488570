import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Conversation, emptyConversation, reduceConversation } from '../shared/conversation';
import type { AppState, Problem } from '../shared/ipc';
import type { ParleyApi } from './bridge';
import type { FieldId } from './components/settings/fields';

export interface AppStore {
  /** Null until the main process answered `ready`. */
  app: AppState | null;
  conversation: Conversation;
  /** A short-lived note; null when there is none or it was dismissed. */
  notice: Problem | null;
  /** The settings sheet; `field` is the one to show and focus. */
  settings: { open: boolean; field: FieldId | null };
  openSettings(field?: FieldId): void;
  closeSettings(): void;
  dismissNotice(): void;
}

export function createAppStore(): StoreApi<AppStore> {
  return createStore<AppStore>()((set) => ({
    app: null,
    conversation: emptyConversation,
    notice: null,
    settings: { open: false, field: null },
    openSettings: (field) => set({ settings: { open: true, field: field ?? null } }),
    closeSettings: () => set({ settings: { open: false, field: null } }),
    dismissNotice: () => set({ notice: null }),
  }));
}

/**
 * Feeds the store from the main process. Its messages arrive in the order it sent them, so what comes before the
 * answer to `ready` is part of that answer's history, and what comes after it is not.
 */
export async function connectStore(store: StoreApi<AppStore>, parley: ParleyApi): Promise<void> {
  let ready = false;
  parley.on('state', (app) => store.setState({ app }));
  parley.on('notice', (notice) => store.setState({ notice }));
  parley.on('conversation', (event) => {
    if (ready) store.setState((s) => ({ conversation: reduceConversation(s.conversation, event) }));
  });

  const { state, history } = await parley.command('ready');
  ready = true;
  store.setState({ app: state, conversation: history.reduce(reduceConversation, emptyConversation) });
}
