import type { Conversation, ConversationEntry } from '../shared/conversation';
import type { ClientEvent } from '../shared/realtime';

/** Turns given to a fresh session; older ones would fill its context. */
const MAX_TURNS = 100;

/**
 * The conversation so far, for a server that does not know it: the user's turns and the answers as far as they were
 * heard, as text, under the ids they had. What was not understood or never came to a word is left out.
 */
export function replayEvents(conversation: Conversation): ClientEvent[] {
  return conversation.entries
    .flatMap((entry) => {
      const text = replayText(entry);
      if (text === '') return [];
      const { id, role } = entry;
      return role === 'user'
        ? item({ id, type: 'message', role, content: [{ type: 'input_text', text }] })
        : item({ id, type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] });
    })
    .slice(-MAX_TURNS);
}

function replayText({ role, status, text, heardText }: ConversationEntry): string {
  switch (role) {
    case 'user':
      return status === 'completed' ? text.trim() : '';
    case 'assistant':
      return (heardText ?? text).trim();
    case 'notice':
      return '';
    default:
      return role satisfies never;
  }
}

function item(value: Extract<ClientEvent, { type: 'conversation.item.create' }>['item']): ClientEvent {
  return { type: 'conversation.item.create', item: value };
}
