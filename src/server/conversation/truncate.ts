import { ClientError } from '../wire/errors';
import type { Conversation, Entry } from './conversation';

/**
 * Cuts the audio of a spoken answer at `audioEndMs`, which is how much the user heard. Its transcript is removed,
 * as at OpenAI; the conversation keeps the heard words for the LLM. Throws a ClientError when there is nothing to cut.
 */
export function truncate(
  conversation: Conversation,
  entry: Entry,
  contentIndex: number,
  audioEndMs: number,
): void {
  const { item, answer } = entry;
  if (answer === null || item.type !== 'message' || item.role !== 'assistant') {
    throw new ClientError(
      'unsupported_content_type',
      'Only the audio of an assistant message can be truncated.',
      'item_id',
    );
  }
  if (contentIndex !== 0) {
    throw new ClientError('invalid_value', 'The item has no audio at this content index.', 'content_index');
  }
  const audioMs = Math.min(answer.audioMs, answer.heardMs ?? Number.POSITIVE_INFINITY);
  // The client counts whole milliseconds, the audio need not end on one.
  if (audioEndMs > Math.ceil(audioMs)) {
    throw new ClientError(
      'invalid_value',
      `Audio content of ${Math.floor(audioMs)}ms is already shorter than ${audioEndMs}ms.`,
      'audio_end_ms',
    );
  }
  // Items sound one after the other: a client need not say that it dropped those behind this one.
  if (audioEndMs < Math.floor(answer.audioMs)) skipBehind(conversation, entry, answer.responseId);
  answer.heardMs = audioEndMs;
  conversation.audio.cut(entry, audioEndMs);
  entry.item = {
    ...item,
    content: item.content.map((part) => (part.type === 'output_audio' ? { type: part.type } : part)),
  };
}

function skipBehind(conversation: Conversation, entry: Entry, responseId: string): void {
  const entries = conversation.all();
  for (const { answer } of entries.slice(entries.indexOf(entry) + 1)) {
    if (answer?.responseId === responseId) answer.skipped = true;
  }
}
