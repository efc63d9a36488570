/** What the session shows of the conversation: server events without sound, the client's own notes, and their fold. */
import {
  type Conversation,
  emptyConversation,
  NOTICE_PREFIX,
  reduceConversation,
} from '../shared/conversation';
import type { ConversationEvent } from '../shared/ipc';
import { createListeners } from './listeners';

export interface ConversationFeed {
  readonly conversation: Conversation;
  emit(event: ConversationEvent): void;
  /** The server will announce these items, which are shown already. */
  expectEcho(itemIds: string[]): void;
  /** Forgets everything, and keeps away what still comes for it. Gives the ids of the items the server knows. */
  clear(keep: { responseIds: string[]; except: string | null }): string[];
  onEvent(listener: (event: ConversationEvent) => void): () => void;
}

export function createConversationFeed(): ConversationFeed {
  const listeners = createListeners<ConversationEvent>();
  const echoes = new Set<string>();
  const cleared = new Set<string>();
  let conversation = emptyConversation;

  return {
    get conversation() {
      return conversation;
    },
    emit(event) {
      if (idsOf(event).some((id) => cleared.has(id))) return;
      if (isItemNews(event) && echoes.has(event.item?.id ?? '')) return;
      const silent = withoutSound(event);
      if (silent === null) return;
      conversation = reduceConversation(conversation, silent);
      listeners.emit(silent);
    },
    expectEcho(itemIds) {
      for (const id of itemIds) echoes.add(id);
    },
    clear({ responseIds, except }) {
      const ids = [...conversation.nodes.keys()].filter(
        (id) => id !== except && !id.startsWith(NOTICE_PREFIX),
      );
      for (const id of [...ids, ...responseIds]) cleared.add(id);
      conversation = emptyConversation;
      listeners.emit({ type: 'client.cleared' });
      return ids;
    },
    onEvent: listeners.add,
  };
}

type ItemNews = Extract<
  ConversationEvent,
  { type: 'conversation.item.added' | 'conversation.item.done' | 'conversation.item.created' }
>;

function isItemNews(event: ConversationEvent): event is ItemNews {
  return (
    event.type === 'conversation.item.added' ||
    event.type === 'conversation.item.done' ||
    event.type === 'conversation.item.created'
  );
}

/** Every item or response an event is about; fields of a foreign server may be of any type. */
function idsOf(event: ConversationEvent): string[] {
  const fields = event as {
    item_id?: unknown;
    itemId?: unknown;
    response_id?: unknown;
    responseId?: unknown;
    item?: { id?: unknown } | null;
    response?: { id?: unknown } | null;
  };
  const { item_id, itemId, response_id, responseId, item, response } = fields;
  return [item_id, itemId, response_id, responseId, item?.id, response?.id].filter(
    (id): id is string => typeof id === 'string',
  );
}

/** The event without audio bytes; null when it is nothing but audio. */
export function withoutSound(event: ConversationEvent): ConversationEvent | null {
  switch (event.type) {
    case 'response.output_audio.delta':
    case 'conversation.item.retrieved':
      return null;
    case 'conversation.item.added':
    case 'conversation.item.created':
    case 'conversation.item.done':
    case 'response.output_item.added':
    case 'response.output_item.done':
      return { ...event, item: silentItem(event.item) };
    case 'response.content_part.added':
    case 'response.content_part.done':
      return { ...event, part: silentPart(event.part) };
    default:
      return event;
  }
}

function silentItem<T>(item: T): T {
  const content = (item as { content?: unknown } | null | undefined)?.content;
  return Array.isArray(content) ? { ...item, content: content.map(silentPart) } : item;
}

function silentPart<T>(part: T): T {
  if (typeof part !== 'object' || part === null || !('audio' in part)) return part;
  const { audio: _, ...rest } = part;
  return rest as T;
}
