/** What a session holds for its client has an end; what would go beyond it is refused, and the session lives on. Pure. */

import type { Entry } from './conversation/conversation';
import type { Limits } from './limits';
import type { ParsedClientEvent } from './wire/client-event-schema';
import { ClientError } from './wire/errors';

export interface Held {
  items: readonly Entry[];
  /** Sound that was appended and not committed. */
  bufferedMs: number;
}

/** Throws a ClientError when there is no room for what `event` would add. */
export function refuseOverCapacity(event: ParsedClientEvent, held: Held, limits: Limits): void {
  switch (event.type) {
    case 'input_audio_buffer.append':
      refuseFullBuffer(held, limits);
      refuseFullConversation(held, limits);
      return;
    case 'input_audio_buffer.commit':
    case 'response.create':
      refuseFullConversation(held, limits);
      return;
    case 'conversation.item.create':
      refuseFullConversation(held, limits);
      refuseTooLong(event.item, held, limits);
      return;
    default:
  }
}

function refuseFullBuffer({ bufferedMs }: Held, { maxBufferedAudioMs }: Limits): void {
  if (bufferedMs < maxBufferedAudioMs) return;
  throw new ClientError(
    'input_audio_buffer_full',
    `The input audio buffer holds ${Math.floor(bufferedMs / 1000)} s, which is all it can. Commit or clear it.`,
  );
}

function refuseFullConversation({ items }: Held, { maxHistoryItems }: Limits): void {
  if (items.length < maxHistoryItems) return;
  throw new ClientError(
    'conversation_limit_exceeded',
    `The conversation holds ${items.length} items, which is all it can. Delete some, or begin another session.`,
  );
}

function refuseTooLong(item: unknown, { items }: Held, { maxHistoryBytes }: Limits): void {
  const bytes = items.reduce((sum, entry) => sum + textLength(entry.item), textLength(item));
  if (bytes <= maxHistoryBytes) return;
  throw new ClientError(
    'conversation_limit_exceeded',
    'The text and pictures of the conversation are too much to keep. Delete some items, or begin another session.',
    'item',
  );
}

/** Characters in all the strings of a JSON value, but for sound, which the conversation counts itself. */
function textLength(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let sum = 0;
  for (const [key, inner] of Object.entries(value)) if (key !== 'audio') sum += textLength(inner);
  return sum;
}
