/** Everything shown so far, for a page that is loaded anew; deltas go once the whole text is there, so it stays small. */
import type { ConversationEvent } from '../shared/ipc';

export interface History {
  add(event: ConversationEvent): void;
  list(): ConversationEvent[];
}

/** The delta events that this event makes superfluous. */
const REPLACES: Partial<Record<ConversationEvent['type'], ConversationEvent['type']>> = {
  'response.output_audio_transcript.done': 'response.output_audio_transcript.delta',
  'response.output_text.done': 'response.output_text.delta',
  'conversation.item.input_audio_transcription.completed':
    'conversation.item.input_audio_transcription.delta',
};

export function createHistory(): History {
  let events: ConversationEvent[] = [];
  return {
    add(event) {
      if (event.type === 'client.cleared') events = [];
      const replaced = REPLACES[event.type];
      if (replaced) {
        events = events.filter((other) => other.type !== replaced || itemId(other) !== itemId(event));
      }
      events.push(event);
    },
    list: () => events,
  };
}

function itemId(event: ConversationEvent): string | undefined {
  return 'item_id' in event ? event.item_id : undefined;
}
