import type { ClientEventType } from '../shared/realtime';
import { speechMs } from './conversation/conversation';
import { checkImages } from './conversation/images';
import { withAudio } from './conversation/item-audio';
import { createEntry } from './conversation/items';
import { reportTranscription } from './conversation/transcription';
import { truncate } from './conversation/truncate';
import type { McpServers } from './mcp';
import type { Responses } from './responses/responses';
import type { SessionContext } from './session-context';
import { patchConfig } from './session-patch';
import type { UserTurns } from './turns/user-turns';
import type { ParsedClientEventOf } from './wire/client-event-schema';
import { ClientError } from './wire/errors';
import type { SessionConfig } from './wire/session-config';
import { toWireSession } from './wire/wire-session';

/** What a handler may touch. */
export interface HandlerContext extends SessionContext {
  readonly turns: UserTurns;
  readonly responses: Responses;
  readonly mcp: McpServers;
  setConfig(config: SessionConfig): void;
}

/** One handler for each client event; throws a ClientError, or rejects with it, for what cannot be served. */
export const handlers: {
  [T in ClientEventType]: (context: HandlerContext, event: ParsedClientEventOf<T>) => Promise<void> | void;
} = {
  'session.update': (context, { session }) => {
    const before = context.config();
    context.setConfig(patchConfig(before, session, context.responses.audioSpoken));
    context.turns.reconfigure(before);
    context.emit({ type: 'session.updated', session: toWireSession(context.config()) });
    if (session.type === 'realtime' && session.tools !== undefined)
      context.mcp.update(context.config().tools);
  },

  'input_audio_buffer.append': ({ turns }, { audio }) => turns.append(audio),
  'input_audio_buffer.commit': ({ turns }) => turns.commit(),
  'input_audio_buffer.clear': ({ turns }) => turns.clear(),

  'conversation.item.create': (context, { item, previous_item_id }) => {
    const { conversation, emit, turns } = context;
    // The client knows the id of a turn before its item is there.
    if (item.id !== undefined && item.id === turns.openItemId) throw takenId();
    checkImages(item, context.responses.sees, 'item');
    if (item.type === 'mcp_approval_response') context.mcp.checkApproval(item);
    const { entry, audioIndex } = createEntry(item, context);
    const previous = conversation.insert(entry, previous_item_id);
    emit({ type: 'conversation.item.added', previous_item_id: previous, item: entry.item });
    emit({ type: 'conversation.item.done', previous_item_id: previous, item: entry.item });
    if (item.type === 'mcp_approval_response') context.mcp.answerApproval(item);
    if (entry.speech === null || audioIndex === null || speechMs(entry.speech) === 0) return;
    void entry.speech.recognised.then((result) => reportTranscription(context, entry, audioIndex, result));
  },

  'conversation.item.retrieve': async ({ conversation, emit, config }, { item_id }) => {
    const entry = conversation.find(item_id);
    if (entry === undefined) throw unknownItem('retrieve');
    emit({ type: 'conversation.item.retrieved', item: await withAudio(entry, config()) });
  },

  'conversation.item.truncate': ({ conversation, emit }, { item_id, content_index, audio_end_ms }) => {
    const entry = conversation.find(item_id);
    if (entry === undefined) throw unknownItem('truncate');
    truncate(conversation, entry, content_index, audio_end_ms);
    emit({ type: 'conversation.item.truncated', item_id, content_index, audio_end_ms });
  },

  'conversation.item.delete': ({ conversation, emit }, { item_id }) => {
    if (!conversation.delete(item_id)) throw unknownItem('delete');
    emit({ type: 'conversation.item.deleted', item_id });
  },

  'response.create': ({ config, responses }, { response }) => {
    if (config().kind === 'transcription') {
      throw new ClientError('invalid_event', 'A transcription session produces no responses.', 'type');
    }
    responses.create(response ?? {});
  },
  'response.cancel': ({ responses }, { response_id }) => responses.cancel(response_id),

  'output_audio_buffer.clear': () => {
    throw new ClientError(
      'invalid_event',
      'output_audio_buffer.clear exists for WebRTC and SIP only: over a WebSocket the client holds the audio.',
      'type',
    );
  },
};

function takenId(): ClientError {
  return new ClientError(
    'item_create_invalid_item_id',
    'This id belongs to the turn that is being spoken.',
    'item.id',
  );
}

function unknownItem(action: 'retrieve' | 'truncate' | 'delete'): ClientError {
  return new ClientError(`item_${action}_invalid_item_id`, 'The item does not exist.', 'item_id');
}
