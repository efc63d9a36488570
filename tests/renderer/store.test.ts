import { describe, expect, it } from 'vitest';
import { connectStore, createAppStore } from '../../src/renderer/store';
import type { ConversationEvent } from '../../src/shared/ipc';
import { ScriptedParley, stateWith, testState } from './helpers/page';

const said = (id: string, text: string): ConversationEvent =>
  ({
    type: 'conversation.item.input_audio_transcription.completed',
    event_id: `event_${id}`,
    item_id: id,
    content_index: 0,
    transcript: text,
    usage: { type: 'duration', seconds: 1 },
  }) as ConversationEvent;

/** A part of a turn: folded twice, its words would stand there twice. */
const heard = (id: string, text: string): ConversationEvent =>
  ({
    type: 'conversation.item.input_audio_transcription.delta',
    event_id: `event_${id}`,
    item_id: id,
    content_index: 0,
    delta: text,
  }) as ConversationEvent;

const texts = (store: ReturnType<typeof createAppStore>): string[] =>
  store.getState().conversation.entries.map((entry) => entry.text);

describe('store', () => {
  it('shows the history and what follows; what came while it was asked for is in it already', async () => {
    const parley = new ScriptedParley();
    const store = createAppStore();
    parley.answers.ready = () => {
      parley.emit('conversation', heard('b', 'second'));
      return { state: testState, history: [said('a', 'first'), heard('b', 'second')] };
    };
    await connectStore(store, parley);
    expect(store.getState().app).toEqual(testState);
    expect(texts(store)).toEqual(['first', 'second']);
    parley.emit('conversation', said('c', 'third'));
    expect(texts(store)).toEqual(['first', 'second', 'third']);
  });

  it('takes a whole new state and a notice', async () => {
    const parley = new ScriptedParley();
    const store = createAppStore();
    parley.answers.ready = () => ({ state: testState, history: [] });
    await connectStore(store, parley);
    parley.emit('state', stateWith({ activity: 'speaking' }));
    parley.emit('notice', { code: 'not-heard', detail: '' });
    expect(store.getState().app?.activity).toBe('speaking');
    expect(store.getState().notice?.code).toBe('not-heard');
    store.getState().dismissNotice();
    expect(store.getState().notice).toBeNull();
  });

  it('is empty again after the conversation was cleared', async () => {
    const parley = new ScriptedParley();
    const store = createAppStore();
    parley.answers.ready = () => ({ state: testState, history: [said('a', 'first')] });
    await connectStore(store, parley);
    parley.emit('conversation', { type: 'client.cleared' });
    expect(texts(store)).toEqual([]);
  });
});
