import { describe, expect, it } from 'vitest';
import { emptyConversation, reduceConversation } from '../../src/shared/conversation';
import { orderOf } from '../../src/shared/conversation-order';
import type { ConversationEvent } from '../../src/shared/ipc';

/** Wire events as they come: loosely typed, as a foreign server may send anything. */
const fold = (events: object[]) =>
  events.reduce(
    (c: typeof emptyConversation, e) => reduceConversation(c, e as ConversationEvent),
    emptyConversation,
  );

/** One line per entry: role, text, status, marks. */
const shown = (events: object[]) =>
  fold(events).entries.map((e) => {
    const marks = [e.partial && '~', e.speaking && '>', e.notice].filter(Boolean).join('');
    const heard = e.heardText === undefined ? '' : ` [${e.heardText}|${e.unheardText}]`;
    return `${e.role}:${e.text}:${e.status}${marks && ` ${marks}`}${heard}`;
  });

const added = (id: string, role: string, previous?: string | null, content: object[] = []) => ({
  type: 'conversation.item.added',
  previous_item_id: previous,
  item: { id, type: 'message', role, status: 'in_progress', content },
});
const done = (id: string, role: string, content: object[], status = 'completed') => ({
  type: 'conversation.item.done',
  item: { id, type: 'message', role, status, content },
});
const audio = (transcript: string | null) => [{ type: 'input_audio', transcript }];
const heard = (id: string, transcript: string) => ({
  type: 'conversation.item.input_audio_transcription.completed',
  item_id: id,
  transcript,
});
const said = (id: string, delta: string, response = 'r1', index = 0) => ({
  type: 'response.output_audio_transcript.delta',
  item_id: id,
  response_id: response,
  content_index: index,
  delta,
});
const responseDone = (status: string, details: object | null = null, id = 'r1') => ({
  type: 'response.done',
  response: { id, status, status_details: details },
});
const speechStarted = (id: string) => ({ type: 'input_audio_buffer.speech_started', item_id: id });
const committed = (id: string, previous: string | null) => ({
  type: 'input_audio_buffer.committed',
  item_id: id,
  previous_item_id: previous,
});
const interrupted = (itemId: string, heardText: string) => ({
  type: 'client.interrupted',
  itemId,
  audioEndMs: 500,
  receivedMs: 900,
  heardText,
});

describe('reduceConversation', () => {
  const cases: [string, object[], string[]][] = [
    ['nothing', [], []],
    ['a placeholder while the user speaks', [speechStarted('u1')], ['user::in_progress ~']],
    [
      'a spoken turn in the documented order',
      [
        speechStarted('u1'),
        committed('u1', null),
        added('u1', 'user', null, audio(null)),
        done('u1', 'user', audio(null)),
        { type: 'conversation.item.input_audio_transcription.delta', item_id: 'u1', delta: 'what ' },
        {
          type: 'response.output_item.added',
          response_id: 'r1',
          item: { id: 'a1', type: 'message', role: 'assistant', content: [] },
        },
        added('a1', 'assistant', 'u1'),
        said('a1', 'It is '),
        { type: 'client.playback_started', itemId: 'a1' },
        heard('u1', 'what time is it'),
        said('a1', 'noon.'),
        done('a1', 'assistant', [{ type: 'output_audio', transcript: 'It is noon.' }]),
        responseDone('completed'),
      ],
      ['user:what time is it:completed', 'assistant:It is noon.:completed >'],
    ],
    [
      'the transcript of the question after the whole answer, and before its item',
      [
        said('a1', 'Noon.'),
        responseDone('completed'),
        heard('u1', 'time?'),
        added('u1', 'user', null, audio(null)),
        added('a1', 'assistant', 'u1'),
      ],
      ['user:time?:completed', 'assistant:Noon.:completed'],
    ],
    [
      'speech that began before the assistant item was added',
      [
        added('u1', 'user', null),
        heard('u1', 'one'),
        speechStarted('u2'),
        added('a1', 'assistant', 'u1'),
        said('a1', 'x'),
        committed('u2', 'a1'),
        heard('u2', 'two'),
      ],
      ['user:one:completed', 'assistant:x:in_progress ~', 'user:two:completed'],
    ],
    [
      'function calls and system messages are not shown and keep the order',
      [
        added('u1', 'user', null, [{ type: 'input_text', text: 'roll' }]),
        {
          type: 'conversation.item.added',
          previous_item_id: 'u1',
          item: { id: 'f1', type: 'function_call', name: 'roll', arguments: '{}' },
        },
        added('s1', 'system', 'f1', [{ type: 'input_text', text: 'secret' }]),
        added('a1', 'assistant', 's1'),
        said('a1', 'Six.'),
      ],
      ['user:roll:completed', 'assistant:Six.:in_progress ~'],
    ],
    [
      'text output',
      [
        {
          type: 'response.output_text.delta',
          item_id: 'a1',
          response_id: 'r1',
          content_index: 0,
          delta: 'He',
        },
        {
          type: 'response.output_text.done',
          item_id: 'a1',
          response_id: 'r1',
          content_index: 0,
          text: 'Hello',
        },
        responseDone('completed'),
      ],
      ['assistant:Hello:completed'],
    ],
    [
      'interrupted while playing: the text after the cut grows on, unheard',
      [
        said('a1', 'One two three.'),
        { type: 'client.playback_started', itemId: 'a1' },
        interrupted('a1', 'One two'),
        said('a1', ' Four.'),
        responseDone('cancelled', { type: 'cancelled', reason: 'turn_detected' }),
      ],
      ['assistant:One two three. Four.:interrupted [One two| three. Four.]'],
    ],
    [
      'the server takes the transcript away on truncate: ours stays',
      [
        said('a1', 'One two three.'),
        responseDone('completed'),
        interrupted('a1', 'One'),
        { type: 'conversation.item.truncated', item_id: 'a1', content_index: 0, audio_end_ms: 10 },
        done('a1', 'assistant', [{ type: 'output_audio', transcript: 'One' }], 'incomplete'),
        done('a1', 'assistant', [{ type: 'output_audio', transcript: '' }], 'incomplete'),
      ],
      ['assistant:One two three.:interrupted [One| two three.]'],
    ],
    [
      'interrupted before any of it was heard',
      [said('a1', 'Hello.'), interrupted('a1', '')],
      ['assistant:Hello.:interrupted ~ [|Hello.]'],
    ],
    [
      'cancelled before a word: nothing to show',
      [added('a1', 'assistant', null), said('a1', ''), responseDone('cancelled')],
      [],
    ],
    ['an empty transcript', [speechStarted('u1'), heard('u1', '  ')], ['notice::completed not-heard']],
    [
      'a failed transcription',
      [
        committed('u1', null),
        {
          type: 'conversation.item.input_audio_transcription.failed',
          item_id: 'u1',
          error: { message: 'x' },
        },
      ],
      ['user::failed'],
    ],
    [
      'a failed response with words, and one without, and the next turn behind its notice',
      [
        heard('u1', 'a'),
        said('a1', 'Well'),
        responseDone('failed', { error: { code: 'server_error', message: 'out of memory' } }),
        responseDone('failed', { error: { code: 'server_error', message: 'out of memory' } }, 'r2'),
        responseDone('failed', { error: { code: 'server_error' } }, 'r2'),
        committed('u2', 'a1'),
        heard('u2', 'b'),
      ],
      [
        'user:a:completed',
        'assistant:Well:failed',
        'notice:out of memory:failed response-failed',
        'user:b:completed',
      ],
    ],
    [
      'a lost response plays on',
      [
        said('a1', 'It is'),
        { type: 'client.playback_started', itemId: 'a1' },
        { type: 'client.response_lost', responseId: 'r1' },
      ],
      ['assistant:It is:lost >'],
    ],
    [
      'a response lost before a word',
      [heard('u1', 'a'), { type: 'client.response_lost', responseId: 'r1' }],
      ['user:a:completed', 'notice::lost response-lost'],
    ],
    [
      'a second server session starts with an item that follows nothing',
      [added('u1', 'user', null), heard('u1', 'a'), added('u2', 'user', null), heard('u2', 'b')],
      ['user:a:completed', 'user:b:completed'],
    ],
    [
      'a new server session that does not know the unheard answer',
      [
        committed('u1', null),
        heard('u1', 'a'),
        added('a1', 'assistant', 'u1'),
        said('a1', 'x'),
        interrupted('a1', ''),
        { type: 'session.created', session: {} },
        committed('u2', 'u1'),
        heard('u2', 'b'),
        added('a2', 'assistant', 'u2'),
        said('a2', 'y', 'r2'),
      ],
      ['user:a:completed', 'assistant:x:interrupted ~ [|x]', 'user:b:completed', 'assistant:y:in_progress ~'],
    ],
    [
      'two content parts, the later one first',
      [said('a1', 'world', 'r1', 1), said('a1', 'Hello', 'r1', 0)],
      ['assistant:Hello world:in_progress ~'],
    ],
    [
      'deleted items stay away',
      [heard('u1', 'a'), { type: 'conversation.item.deleted', item_id: 'u1' }, heard('u1', 'a')],
      [],
    ],
    ['cleared', [heard('u1', 'a'), { type: 'client.cleared' }, heard('u2', 'b')], ['user:b:completed']],
    [
      'what a foreign server may get wrong changes nothing',
      [
        { type: 'conversation.item.added' },
        { type: 'conversation.item.added', item: { type: 'message', role: 'user' } },
        { type: 'response.done' },
        { type: 'input_audio_buffer.committed' },
        { type: 'something.new', item_id: 'x' },
        { type: 'client.playback_started', itemId: 'unknown' },
        { type: 'error', error: { message: 'x' } },
      ],
      [],
    ],
  ];
  it.each(cases)('%s', (_name, events, expected) => {
    expect(shown(events)).toEqual(expected);
  });

  it('gives the same result when events are repeated', () => {
    const events = [
      committed('u1', null),
      heard('u1', 'a'),
      added('a1', 'assistant', 'u1'),
      responseDone('completed'),
    ];
    expect(shown(events.flatMap((e) => [e, e]))).toEqual(shown(events));
  });

  it('leaves the conversation it was given as it was', () => {
    const before = fold([said('a1', 'One')]);
    const text = before.entries[0]?.text;
    reduceConversation(before, said('a1', ' two') as ConversationEvent);
    expect(before.entries[0]?.text).toBe(text);
  });
});

describe('orderOf', () => {
  const order = (...places: [id: string, previous: string | null, local?: boolean][]) =>
    orderOf(
      new Map(places.map(([id, previous, local], seq) => [id, { previous, seq, local: local ?? false }])),
    ).join('');

  it.each([
    ['arrival without predecessors', order(['a', null], ['b', null]), 'ab'],
    ['a chain told backwards', order(['c', 'b'], ['b', 'a'], ['a', null]), 'abc'],
    ['an unknown predecessor', order(['b', '?'], ['a', null]), 'ba'],
    ['inserted between', order(['a', null], ['b', 'a'], ['c', 'b'], ['x', 'a']), 'axbc'],
    [
      'a local one stays before what the server adds',
      order(['a', null], ['n', 'a', true], ['b', 'a']),
      'anb',
    ],
    ['a circle loses nothing', order(['a', 'b'], ['b', 'a']), 'ab'],
  ])('%s', (_name, actual, expected) => {
    expect(actual).toBe(expected);
  });

  it('bears a chain of ten thousand', () => {
    const places = Array.from({ length: 10_000 }, (_, i): [string, string | null] => [
      `${i} `,
      i === 0 ? null : `${i - 1} `,
    ]);
    expect(order(...places).startsWith('0 1 2 3 ')).toBe(true);
  });
});
