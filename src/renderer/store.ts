import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Conversation, emptyConversation, reduceConversation } from '../shared/conversation';
import type { AppState, ConversationEvent, Problem } from '../shared/ipc';
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
 * Feeds the store from the main process: listens first, then asks for what was there before. Events that arrive
 * while the question is open are folded after the history, so none is lost and none is folded twice: the main
 * process answers with everything before its reply, and sends everything after it.
 */
export async function connectStore(store: StoreApi<AppStore>, parley: ParleyApi): Promise<void> {
  let early: ConversationEvent[] | null = [];
  const fold = (conversation: Conversation, events: readonly ConversationEvent[]): Conversation =>
    events.reduce(reduceConversation, conversation);

  parley.on('state', (app) => store.setState({ app }));
  parley.on('notice', (notice) => store.setState({ notice }));
  parley.on('conversation', (event) => {
    if (early) early.push(event);
    else store.setState((s) => ({ conversation: reduceConversation(s.conversation, event) }));
  });

  const { state, history } = await parley.command('ready');
  const pending = early;
  early = null;
  store.setState({ app: state, conversation: fold(emptyConversation, [...history, ...pending]) });
}
