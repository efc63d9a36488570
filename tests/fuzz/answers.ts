import type { WireEvent } from '../helpers/server-client';

/** What `event` may be the answer to. */
export function answerKeys(event: WireEvent): string[] {
  switch (event.type) {
    case 'session.updated':
      return ['updated'];
    case 'input_audio_buffer.cleared':
      return ['cleared'];
    case 'input_audio_buffer.committed':
      return ['committed'];
    case 'conversation.item.added':
      return ['added', `added ${event.item.id}`];
    case 'conversation.item.retrieved':
      return [`retrieved ${event.item.id}`];
    case 'conversation.item.truncated':
      return [`truncated ${event.item_id}`];
    case 'conversation.item.deleted':
      return [`deleted ${event.item_id}`];
    case 'response.created':
      return ['created', `created ${event.response.metadata?.name}`];
    case 'response.done':
      return event.response.status_details?.reason === 'client_cancelled' ? ['cancelled'] : [];
    default:
      return [];
  }
}
