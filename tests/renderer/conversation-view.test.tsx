import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { Announcer } from '../../src/renderer/components/Announcer';
import { EmptyState } from '../../src/renderer/components/EmptyState';
import { Transcript } from '../../src/renderer/components/Transcript';
import { Turn } from '../../src/renderer/components/Turn';
import type { ConversationEntry } from '../../src/shared/conversation';
import { emptyConversation, reduceConversation } from '../../src/shared/conversation';
import type { ConversationEvent } from '../../src/shared/ipc';
import { renderPage, stateWith, testState } from './helpers/page';

afterEach(cleanup);

const entry = (change: Partial<ConversationEntry>): ConversationEntry => ({
  id: 'item_1',
  role: 'assistant',
  text: 'It is three.',
  partial: false,
  status: 'completed',
  speaking: false,
  ...change,
});
const text = () => screen.getByRole('listitem').textContent;

describe('a turn', () => {
  it.each<[string, Partial<ConversationEntry>, RegExp]>([
    ['the user', { role: 'user', text: 'what time is it' }, /^You: what time is it$/],
    ['Parley', {}, /^Parley: It is three\.$/],
    ['lost', { status: 'lost', text: 'It is' }, /It is.*connection broke here/],
    ['failed', { status: 'failed', role: 'user', text: '' }, /could not be written down/],
    ['not heard', { role: 'notice', notice: 'not-heard', text: '' }, /Nothing was heard/],
    ['no answer', { role: 'notice', notice: 'response-failed', text: 'overloaded' }, /no answer.*overloaded/],
    [
      'no answer, line broken',
      { role: 'notice', notice: 'response-lost', text: '' },
      /before an answer came/,
    ],
  ])('%s', (_name, change, words) => {
    renderPage(testState, <Turn entry={entry(change)} />);
    expect(text()).toMatch(words);
  });

  it('marks what was not heard of an interrupted answer', () => {
    const cut = entry({
      status: 'interrupted',
      text: 'It is three. Or four.',
      heardText: 'It is three.',
      unheardText: ' Or four.',
    });
    renderPage(testState, <Turn entry={cut} />);
    expect(document.querySelector('.unheard')?.textContent).toContain('Or four.');
    expect(document.querySelector('.unheard')?.textContent).not.toContain('three');
    screen.getByText(/was not heard/);
  });
});

describe('an answer that was held for a sound', () => {
  const said = (delta: string) =>
    ({
      type: 'response.output_audio_transcript.delta',
      event_id: 'e',
      response_id: 'resp_1',
      item_id: 'item_a',
      output_index: 0,
      content_index: 0,
      delta,
    }) satisfies ConversationEvent;
  const transcribed = (transcript: string) =>
    ({
      type: 'conversation.item.input_audio_transcription.completed',
      event_id: 'e',
      item_id: 'item_u',
      content_index: 0,
      transcript,
      usage: { type: 'duration', seconds: 1 },
    }) satisfies ConversationEvent;

  it.each(['mm-hm', ''])('and goes on after %j stands as if nothing had happened', (transcript) => {
    const events: ConversationEvent[] = [
      said('It is three'),
      { type: 'client.playback_started', itemId: 'item_a' },
      { type: 'input_audio_buffer.speech_started', event_id: 'e', item_id: 'item_u', audio_start_ms: 0 },
      transcribed(transcript),
      { type: 'conversation.item.deleted', event_id: 'e', item_id: 'item_u' },
      said(' in the afternoon.'),
      { type: 'client.playback_finished', itemId: 'item_a' },
    ];
    const { store } = renderPage(testState, <Transcript />);
    act(() => store.setState({ conversation: events.reduce(reduceConversation, emptyConversation) }));
    expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      'Parley: It is three in the afternoon.',
    ]);
    expect(document.querySelector('.turn-mark')).toBeNull();
    expect(document.querySelector('[data-speaking]')).toBeNull();
  });
});

describe('the empty state', () => {
  it('names the key and sends an example as text', () => {
    const { parley } = renderPage(testState, <EmptyState />);
    screen.getByText('Space');
    screen.getByText('“What time is it?”');
    fireEvent.click(screen.getByRole('button', { name: 'What can you do?' }));
    expect(parley.sent).toEqual([['text.send', 'What can you do?']]);
  });

  it('offers English to the built-in assistant in Chinese too, and says why', () => {
    renderPage(stateWith({ language: 'zh' }), <EmptyState />);
    screen.getByRole('button', { name: 'What can you do?' });
    screen.getByText(/内置助手目前只懂英语/);
  });

  it('claims that nothing leaves the computer only where that is so', () => {
    renderPage(testState, <EmptyState />);
    screen.getByText(/Nothing you say leaves it/);
    cleanup();
    renderPage(stateWith({ engines: {} }, { service: 'openai' }), <EmptyState />);
    expect(screen.queryByText(/Nothing you say leaves it/)).toBeNull();
  });
});

describe('the live region', () => {
  const said = () => screen.getByRole('status').textContent;

  it('is silent about what was there, then says each change and each finished answer once', () => {
    const page = renderPage(testState, <Announcer />);
    expect(said()).toBe('');
    act(() => page.store.setState({ app: stateWith({ activity: 'speaking' }) }));
    expect(said()).toBe('Speaking');
    const growing = entry({ partial: true, status: 'in_progress', text: 'It is' });
    act(() => page.store.setState({ conversation: { ...emptyConversation, entries: [growing] } }));
    expect(said()).toBe('Speaking');
    act(() => page.store.setState({ conversation: { ...emptyConversation, entries: [entry({})] } }));
    expect(said()).toBe('Parley said: It is three.');
    act(() => page.store.setState({ app: stateWith({ activity: 'idle' }) }));
    expect(said()).toBe('Ready');
    act(() =>
      page.store.setState({ conversation: { ...emptyConversation, entries: [entry({ speaking: true })] } }),
    );
    expect(said()).toBe('Ready');
  });

  it('says a problem with its sentence', () => {
    const page = renderPage(testState, <Announcer />);
    const app = stateWith({ activity: 'trouble', problems: [{ code: 'server-lost', detail: '' }] });
    act(() => page.store.setState({ app }));
    expect(said()).toMatch(/^Needs your attention\. The connection was lost/);
  });
});
