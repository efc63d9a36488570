import { describe, expect, it } from 'vitest';
import { type FakeScript, tone } from '../../../src/server/backends/fake';
import { openSession } from '../../helpers/open-session';
import { silence, type TestClient, type TestServer } from '../../helpers/server-client';

let server: TestServer;
let client: TestClient;

async function open(script: FakeScript = {}, session: object = {}): Promise<void> {
  ({ server, client } = await openSession(script));
  await client.ask({ type: 'session.update', session: { type: 'realtime', ...session } }, 'session.updated');
}

const NEVER = new Promise<void>(() => undefined);
const create = (response: object = {}) => ({ type: 'response.create', response });
const say = (text: string, id?: string) => ({
  type: 'conversation.item.create',
  item: {
    ...(id === undefined ? {} : { id }),
    type: 'message',
    role: 'user',
    content: [{ type: 'input_text', text }],
  },
});

describe('an answer', () => {
  it('in text only has the order of a text turn, and no voice', async () => {
    await open({ answers: [['It is ', 'noon.']] }, { output_modalities: ['text'] });
    await client.ask(say('time?'), 'conversation.item.done');
    const from = client.events.length;
    client.send(create());
    await client.next('rate_limits.updated');
    expect(client.types(from)).toEqual([
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'conversation.item.done',
      'response.output_item.done',
      'response.done',
      'rate_limits.updated',
    ]);
    expect(client.of('response.output_text.delta').map(({ delta }) => delta)).toEqual(['It is ', 'noon.']);
    expect(client.of('response.content_part.added')[0]?.part).toEqual({ type: 'text', text: '' });
    expect(client.of('response.output_item.done')[0]?.item.content).toEqual([
      { type: 'output_text', text: 'It is noon.' },
    ]);
    expect(server.record.tts.spoken).toEqual([]);
  });

  it('carries every id on every event, and a chain of previous items', async () => {
    await open();
    await client.ask(say('hi', 'mine'), 'conversation.item.done');
    client.send(create());
    const { response } = await client.next('response.done');
    const item_id = response.output[0].id;
    const at = { response_id: response.id, item_id, output_index: 0, content_index: 0 };
    for (const type of [
      'response.output_audio.delta',
      'response.output_audio_transcript.delta',
      'response.content_part.done',
    ]) {
      expect(client.of(type)[0]).toMatchObject(at);
    }
    expect(client.of('conversation.item.added').map(({ previous_item_id }) => previous_item_id)).toEqual([
      null,
      'mine',
    ]);
    expect(client.of('conversation.item.done').map(({ previous_item_id }) => previous_item_id)).toEqual([
      null,
      'mine',
    ]);
    const ids = client.events.map(({ event_id }) => event_id);
    expect(ids.every((id) => /^event_\S+/u.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    expect(response).toMatchObject({
      object: 'realtime.response',
      status: 'completed',
      status_details: null,
      usage: { total_tokens: expect.any(Number), output_tokens: expect.any(Number) },
      metadata: null,
      max_output_tokens: 'inf',
      output_modalities: ['audio'],
      audio: { output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: 'alloy' } },
      conversation_id: expect.stringMatching(/^conv_/u),
    });
  });

  it('is spoken sentence by sentence, in pieces of at most 100 ms, the first one smaller', async () => {
    await open(
      { answers: [['It is noon. ', 'The sun is high.']] },
      { audio: { output: { voice: 'cedar', speed: 1.25 } } },
    );
    client.send(create());
    await client.next('response.done');
    expect(server.record.tts.spoken).toEqual([
      { text: 'It is noon.', voice: 'cedar', speed: 1.25 },
      { text: 'The sun is high.', voice: 'cedar', speed: 1.25 },
    ]);
    const sizes = client
      .of('response.output_audio.delta')
      .map(({ delta }) => Buffer.from(delta, 'base64').length / 48);
    expect(sizes).toEqual([40, 70, 100, 60]);
    expect(client.of('response.output_audio.delta')[0]?.delta).toBe(
      Buffer.from(new Uint8Array(tone(110).buffer))
        .subarray(0, 40 * 48)
        .toString('base64'),
    );
  });

  it('comes out at 24 kHz whatever the voice makes', async () => {
    await open({ answers: [['Hello there.']], ttsSampleRate: 16_000 });
    client.send(create());
    await client.next('response.done');
    const ms = client
      .of('response.output_audio.delta')
      .reduce((sum, { delta }) => sum + Buffer.from(delta, 'base64').length / 48, 0);
    expect(ms).toBeCloseTo(120, 0);
  });

  it('starts to sound while the model still writes', async () => {
    await open({ answers: [['It is noon. ', NEVER]] });
    client.send(create());
    await client.next('response.output_audio.delta');
    expect(client.of('response.output_audio_transcript.done')).toEqual([]);
  });

  it('takes instructions, voice, limits and metadata for itself alone', async () => {
    await open(
      { answers: [['A.', { type: 'usage', inputTokens: 7, outputTokens: 3 }]] },
      { instructions: 'Be kind.' },
    );
    client.send(
      create({
        instructions: 'Be brief.',
        max_output_tokens: 50,
        metadata: { topic: 'x' },
        audio: { output: { voice: 'sage' } },
      }),
    );
    const { response } = await client.next('response.done');
    expect(response).toMatchObject({
      max_output_tokens: 50,
      metadata: { topic: 'x' },
      audio: { output: { voice: 'sage' } },
      usage: { input_tokens: 7, output_tokens: 3 + 1 },
    });
    await client.ask(create({ audio: { output: { voice: 'alloy' } } }), 'response.done');
    expect(
      server.record.llm.requests.map(({ instructions, maxOutputTokens }) => [instructions, maxOutputTokens]),
    ).toEqual([
      ['Be brief.', 50],
      ['Be kind.', null],
    ]);
  });

  it('that the model stopped is incomplete, and says why', async () => {
    await open({ answers: [['Cut', { type: 'stopped', reason: 'max_output_tokens' }]] });
    client.send(create());
    const { response } = await client.next('response.done');
    expect(response).toMatchObject({
      status: 'incomplete',
      status_details: { type: 'incomplete', reason: 'max_output_tokens' },
      output: [{ status: 'incomplete' }],
    });
  });
});

describe('a second response', () => {
  it('is refused while one is active, and named in the error; no response.done for it', async () => {
    await open({ answers: [['One. ', NEVER]] });
    const { response } = await client.ask(create(), 'response.created');
    const { error } = await client.ask({ ...create(), event_id: 'second' }, 'error');
    expect(error).toMatchObject({ code: 'conversation_already_has_active_response', event_id: 'second' });
    expect(error.message).toContain(response.id);
    await client.settle();
    expect(client.of('response.done')).toEqual([]);
  });

  it('out of band runs beside it, joins no conversation, and is cancelled by its id only', async () => {
    await open({
      answers: [
        ['One. ', NEVER],
        ['Aside. ', NEVER],
      ],
    });
    await client.ask(say('hi', 'mine'), 'conversation.item.done');
    await client.ask(create(), 'response.created');
    await client.next('response.output_audio.delta');
    const items = client.of('conversation.item.added').length;
    const from = client.events.length;
    client.send(
      create({
        conversation: 'none',
        metadata: { aside: 'yes' },
        output_modalities: ['text'],
        input: [{ type: 'item_reference', id: 'mine' }],
      }),
    );
    const { response } = await client.next('response.created', { from });
    expect(response).toMatchObject({ conversation_id: null, metadata: { aside: 'yes' } });
    await client.next('response.output_text.delta');
    expect(server.record.llm.requests[1]?.messages).toEqual([{ role: 'user', text: 'hi' }]);
    const first = await client.ask({ type: 'response.cancel' }, 'response.done');
    expect(first.response.id).not.toBe(response.id);
    const second = await client.ask({ type: 'response.cancel', response_id: response.id }, 'response.done');
    expect(second.response).toMatchObject({ id: response.id, status: 'cancelled' });
    expect(client.of('conversation.item.added')).toHaveLength(items);
  });

  it('cannot refer to an item that does not exist', async () => {
    await open();
    const { error } = await client.ask(create({ input: [{ type: 'item_reference', id: 'x' }] }), 'error');
    expect(error).toMatchObject({ code: 'invalid_value', param: 'response.input[0].id' });
  });
});

describe('tools', () => {
  const call = {
    type: 'tool-call',
    callId: 'call_1',
    name: 'weather',
    arguments: '{"city":"Paris"}',
  } as const;
  const tools = [
    { type: 'function', name: 'weather', description: 'Weather', parameters: { type: 'object' } },
  ];

  it('reach the model, and a call is an item of its own, in the protocol order', async () => {
    await open({ answers: [[call]] }, { tools, tool_choice: 'required' });
    const from = client.events.length;
    client.send(create());
    const { response } = await client.next('response.done');
    await client.next('rate_limits.updated');
    expect(client.types(from)).toEqual([
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'conversation.item.done',
      'response.output_item.done',
      'response.done',
      'rate_limits.updated',
    ]);
    expect(response.output).toEqual([
      expect.objectContaining({
        type: 'function_call',
        status: 'completed',
        call_id: 'call_1',
        name: 'weather',
        arguments: '{"city":"Paris"}',
      }),
    ]);
    expect(client.of('response.function_call_arguments.done')[0]).toMatchObject({
      name: 'weather',
      call_id: 'call_1',
    });
    expect(server.record.llm.requests[0]).toMatchObject({
      tools: [{ name: 'weather', description: 'Weather', parameters: { type: 'object' } }],
      toolChoice: 'required',
    });
  });

  it('come after what is said before them, with the next output index', async () => {
    await open({ answers: [['Let me look.', call, call]] }, { tools });
    client.send(create());
    const { response } = await client.next('response.done');
    expect(response.output.map(({ type }: { type: string }) => type)).toEqual([
      'message',
      'function_call',
      'function_call',
    ]);
    expect(client.of('response.output_item.done').map(({ output_index }) => output_index)).toEqual([0, 1, 2]);
    const types = client.types();
    expect(types.indexOf('response.output_audio.done')).toBeLessThan(
      types.indexOf('response.function_call_arguments.delta'),
    );
    expect(types.lastIndexOf('response.output_audio.delta')).toBeLessThan(
      types.indexOf('response.output_audio.done'),
    );
  });

  it('results are read by the model', async () => {
    await open({ answers: [[call], ['Sunny.']] }, { tools });
    await client.ask(create(), 'response.done');
    client.send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: 'call_1', output: 'sun' },
    });
    await client.ask(create({ tool_choice: { type: 'function', name: 'weather' } }), 'response.done');
    expect(server.record.llm.requests[1]).toMatchObject({
      toolChoice: { name: 'weather' },
      messages: [
        { role: 'tool-call', callId: 'call_1', name: 'weather' },
        { role: 'tool-result', callId: 'call_1', output: 'sun' },
      ],
    });
  });
});

describe('what the assistant says unasked', () => {
  it('is a response of its own', async () => {
    await open();
    server.record.llm.contexts[0]?.speakUp('Your tea is ready.');
    const { response } = await client.next('response.done');
    expect(response.output[0].content[0].transcript).toBe('Your tea is ready.');
    expect(server.record.llm.requests).toEqual([]);
  });

  it('waits until nobody speaks and nothing is being answered', async () => {
    await open({ answers: [['Fine.']] });
    client.append(tone(300));
    await client.next('input_audio_buffer.speech_started');
    server.record.llm.contexts[0]?.speakUp('Your tea is ready.');
    await client.settle();
    expect(client.of('response.created')).toEqual([]);
    client.append(silence(700));
    await client.next('response.done', { count: 2 });
    expect(
      client.of('response.done').map(({ response }) => response.output[0].content[0].transcript),
    ).toEqual(['Fine.', 'Your tea is ready.']);
  });
});
