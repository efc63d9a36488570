import { expect, it } from 'vitest';
import { createHistory } from '../../src/main/history';
import type { ConversationEvent } from '../../src/shared/ipc';

const event = (type: string, itemId?: string): ConversationEvent =>
  ({ type, ...(itemId && { item_id: itemId }) }) as ConversationEvent;

it('drops the deltas of a finished text, and only those', () => {
  const history = createHistory();
  history.add(event('response.output_audio_transcript.delta', 'a'));
  history.add(event('response.output_audio_transcript.delta', 'b'));
  history.add(event('conversation.item.input_audio_transcription.delta', 'a'));
  history.add(event('response.output_audio_transcript.done', 'a'));
  expect(history.list()).toEqual([
    event('response.output_audio_transcript.delta', 'b'),
    event('conversation.item.input_audio_transcription.delta', 'a'),
    event('response.output_audio_transcript.done', 'a'),
  ]);
});

it('a cleared conversation leaves nothing but the clearing', () => {
  const history = createHistory();
  history.add(event('response.created'));
  history.add({ type: 'client.cleared' });
  expect(history.list()).toEqual([{ type: 'client.cleared' }]);
});
