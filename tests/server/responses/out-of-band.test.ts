import { describe, expect, it } from 'vitest';
import { type FakeScript, tone } from '../../../src/server/backends/fake';
import { openSession } from '../../helpers/open-session';
import type { TestClient, TestServer } from '../../helpers/server-client';

let server: TestServer;
let client: TestClient;

async function open(script: FakeScript = {}, session: object = {}): Promise<void> {
  ({ server, client } = await openSession(script));
  await client.ask({ type: 'session.update', session: { type: 'realtime', ...session } }, 'session.updated');
}

const NEVER = new Promise<void>(() => undefined);
const create = (response: object = {}) => ({ type: 'response.create', response });
const message = (text: string, role = 'user') => ({
  type: 'message',
  role,
  content: [{ type: role === 'assistant' ? 'output_text' : 'input_text', text }],
});
const createItem = (item: object, previous_item_id?: string) => ({
  type: 'conversation.item.create',
  item,
  ...(previous_item_id === undefined ? {} : { previous_item_id }),
});

describe('an out-of-band response', () => {
  it('reads what it is given, in that order, and leaves nothing in the conversation', async () => {
    await open({ answers: [['Kind.'], ['Fine.']] }, { output_modalities: ['text'] });
    await client.ask(createItem({ id: 'hi', ...message('Hi') }), 'conversation.item.done');
    const { response } = await client.ask(
      create({
        conversation: 'none',
        input: [
          message('You are a judge.', 'system'),
          { type: 'item_reference', id: 'hi' },
          message('Hello', 'assistant'),
        ],
      }),
      'response.done',
    );
    expect(response).toMatchObject({
      conversation_id: null,
      status: 'completed',
      output: [{ content: [{ text: 'Kind.' }] }],
    });
    await client.ask(create(), 'response.done');
    expect(server.record.llm.requests.map(({ messages }) => messages)).toEqual([
      [
        { role: 'system', text: 'You are a judge.' },
        { role: 'user', text: 'Hi' },
        { role: 'assistant', text: 'Hello' },
      ],
      [{ role: 'user', text: 'Hi' }],
    ]);
  });

  it('with an empty input reads nothing; one in the conversation too', async () => {
    await open({}, { instructions: 'Be kind.' });
    await client.ask(createItem(message('Hi')), 'conversation.item.done');
    await client.ask(create({ conversation: 'none', input: [] }), 'response.done');
    const { response } = await client.ask(create({ input: [] }), 'response.done');
    expect(response.conversation_id).toMatch(/^conv_/u);
    for (const request of server.record.llm.requests) {
      expect(request).toMatchObject({ instructions: 'Be kind.', messages: [] });
    }
  });

  it('hears speech that it is given', async () => {
    await open({ speech: [{ final: 'what time is it' }] });
    const audio = Buffer.from(tone(300).buffer).toString('base64');
    const input = [{ type: 'message', role: 'user', content: [{ type: 'input_audio', audio }] }];
    const { response } = await client.ask(create({ conversation: 'none', input }), 'response.done');
    expect(server.record.llm.requests[0]?.messages).toEqual([{ role: 'user', text: 'what time is it' }]);
    expect(response.usage.input_token_details.audio_tokens).toBe(3);
    expect(client.of('conversation.item.added')).toEqual([]);
  });

  it('has settings of its own, and the session keeps what it has', async () => {
    await open(
      { answers: [['Aside.'], ['Fine.']] },
      {
        instructions: 'Be kind.',
        tools: [{ type: 'function', name: 'a' }],
        audio: { output: { voice: 'cedar' } },
      },
    );
    const own = {
      conversation: 'none',
      instructions: '',
      output_modalities: ['text'],
      tools: [{ type: 'function', name: 'b' }],
      tool_choice: { type: 'function', name: 'b' },
      max_output_tokens: 77,
      metadata: { topic: 'aside' },
    };
    const aside = await client.ask(create(own), 'response.done');
    expect(aside.response).toMatchObject({
      output_modalities: ['text'],
      max_output_tokens: 77,
      metadata: { topic: 'aside' },
    });
    const { response } = await client.ask(create(), 'response.done');
    expect(response).toMatchObject({
      output_modalities: ['audio'],
      max_output_tokens: 'inf',
      metadata: null,
      audio: { output: { voice: 'cedar' } },
    });
    expect(server.record.llm.requests).toMatchObject([
      { instructions: '', tools: [{ name: 'b' }], toolChoice: { name: 'b' }, maxOutputTokens: 77 },
      { instructions: 'Be kind.', tools: [{ name: 'a' }], toolChoice: 'auto', maxOutputTokens: null },
    ]);
  });

  it('is ended by its id alone: by nobody who begins to speak, nor by a cancel without id', async () => {
    await open({
      answers: [
        ['One. ', NEVER],
        ['Two. ', NEVER],
      ],
    });
    const one = await client.ask(create({ conversation: 'none', metadata: { n: '1' } }), 'response.created');
    const two = await client.ask(create({ conversation: 'none', metadata: { n: '2' } }), 'response.created');
    await client.next('response.output_audio.delta', { count: 2 });
    expect((await client.ask({ type: 'response.cancel' }, 'error')).error.code).toBe(
      'response_cancel_not_active',
    );
    client.append(tone(500));
    await client.next('input_audio_buffer.speech_started');
    await client.settle();
    expect(client.of('response.done')).toEqual([]);
    const done = await client.ask({ type: 'response.cancel', response_id: two.response.id }, 'response.done');
    expect(done.response).toMatchObject({ id: two.response.id, status: 'cancelled', metadata: { n: '2' } });
    await client.settle();
    expect(client.of('response.done')).toHaveLength(1);
    const other = await client.ask(
      { type: 'response.cancel', response_id: one.response.id },
      'response.done',
    );
    expect(other.response.metadata).toEqual({ n: '1' });
  });

  const wrong: Array<[string, object, string]> = [
    ['a key that is too long', { metadata: { ['k'.repeat(65)]: 'v' } }, 'response.metadata'],
    ['a value that is too long', { metadata: { k: 'v'.repeat(513) } }, 'response.metadata'],
    [
      'too many pairs',
      { metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, 'v'])) },
      'response.metadata',
    ],
    [
      'an item that does not exist',
      { input: [message('Hi'), { type: 'item_reference', id: 'x' }] },
      'response.input[1].id',
    ],
  ];
  it.each(wrong)('refuses %s', async (_name, response, param) => {
    await open();
    const { error } = await client.ask(create({ conversation: 'none', ...response }), 'error');
    expect(error.code).toBe('invalid_value');
    expect(error.param).toContain(param);
    expect(client.of('response.created')).toEqual([]);
  });

  it('takes metadata up to the limits', async () => {
    await open();
    const metadata = Object.fromEntries(
      Array.from({ length: 16 }, (_, i) => [`${i}`.padEnd(64, 'k'), 'v'.repeat(512)]),
    );
    const { response } = await client.ask(create({ conversation: 'none', metadata }), 'response.done');
    expect(response.metadata).toEqual(metadata);
  });
});

describe('previous_item_id', () => {
  it('puts an item at the root, in the middle and at the end, while an answer is written too', async () => {
    let finish = () => {};
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await open({ answers: [['One ', gate, 'two.'], ['Fine.']] }, { output_modalities: ['text'] });
    const added = async (id: string, previous?: string) => {
      const event = await client.ask(createItem({ id, ...message(id) }, previous), 'conversation.item.done');
      return event.previous_item_id;
    };
    expect(await added('b')).toBeNull();
    expect(await added('d')).toBe('b');
    expect(await added('a', 'root')).toBeNull();
    expect(await added('c', 'b')).toBe('b');
    client.send(create());
    const { item } = await client.next('response.output_item.added');
    await client.next('response.output_text.delta');
    expect(await added('e')).toBe(item.id);
    await client.ask({ type: 'conversation.item.delete', item_id: 'd' }, 'conversation.item.deleted');
    const from = client.events.length;
    finish();
    const done = await client.next('conversation.item.done', { from });
    expect(done).toMatchObject({ previous_item_id: 'c', item: { id: item.id, status: 'completed' } });
    await client.next('response.done');
    await client.ask(create(), 'response.done');
    expect(server.record.llm.requests[1]?.messages.map((m) => 'text' in m && m.text)).toEqual([
      'a',
      'b',
      'c',
      'One two.',
      'e',
    ]);
    const { error } = await client.ask(createItem(message('x'), 'gone'), 'error');
    expect(error).toMatchObject({ code: 'item_create_invalid_previous_item_id', param: 'previous_item_id' });
  });

  it('is right after a neighbour was deleted, and a deleted answer is not done but its response is', async () => {
    let finish = () => {};
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await open({ answers: [['One ', gate, 'two.'], ['Fine.']] }, { output_modalities: ['text'] });
    client.send(create());
    const { item } = await client.next('response.output_item.added');
    await client.ask({ type: 'conversation.item.delete', item_id: item.id }, 'conversation.item.deleted');
    finish();
    const { response } = await client.next('response.done');
    expect(response).toMatchObject({
      status: 'completed',
      output: [{ id: item.id, content: [{ text: 'One two.' }] }],
    });
    expect(client.of('conversation.item.done')).toEqual([]);
    await client.ask(create(), 'response.done');
    expect(server.record.llm.requests[1]?.messages).toEqual([]);
  });
});
