import { describe, expect, it } from 'vitest';
import { LlmError } from '../../../src/server/backends';
import { type FakeScript, tone } from '../../../src/server/backends/fake';
import { openSession } from '../../helpers/open-session';
import { silence, type TestClient, type TestServer } from '../../helpers/server-client';

let server: TestServer;
let client: TestClient;

const TOOLS = ['weather', 'clock'].map((name) => ({ type: 'function', name }));
const NEVER = new Promise<void>(() => undefined);

async function open(script: FakeScript, session: object = {}): Promise<void> {
  ({ server, client } = await openSession(script));
  const update = { type: 'session.update', session: { type: 'realtime', tools: TOOLS, ...session } };
  await client.ask(update, 'session.updated');
}

const create = (response: object = {}) => ({ type: 'response.create', response });
const start = (callId: string, name = 'weather') => ({ type: 'tool-call-start', callId, name }) as const;
const delta = (callId: string, text: string) => ({ type: 'tool-call-delta', callId, delta: text }) as const;
const call = (callId: string, args = '{}', name = 'weather') =>
  ({ type: 'tool-call', callId, name, arguments: args }) as const;

describe('a tool call', () => {
  it('is streamed as the model writes it, and no delta is sent twice', async () => {
    await open({
      answers: [[start('c1'), delta('c1', '{"in":'), delta('c1', '"Rome"}'), call('c1', '{"in":"Rome"}')]],
    });
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
    const item_id = response.output[0].id;
    const at = { response_id: response.id, item_id, output_index: 0, call_id: 'c1' };
    expect(client.of('response.function_call_arguments.delta')).toEqual([
      expect.objectContaining({ ...at, delta: '{"in":' }),
      expect.objectContaining({ ...at, delta: '"Rome"}' }),
    ]);
    expect(client.of('response.function_call_arguments.done')[0]).toMatchObject({
      ...at,
      name: 'weather',
      arguments: '{"in":"Rome"}',
    });
    expect(client.of('response.output_item.added')[0]?.item).toMatchObject({
      status: 'in_progress',
      arguments: '',
    });
  });

  it('follows another, and what is said between them, each with an index of its own', async () => {
    await open({
      answers: [
        [
          'One moment.',
          start('c1'),
          delta('c1', '{"a":1}'),
          call('c1', '{"a":1}'),
          call('c2', '{"b":2}', 'clock'),
          ' There it is.',
        ],
      ],
    });
    client.send(create());
    const { response } = await client.next('response.done');
    expect(response.output).toEqual([
      expect.objectContaining({ type: 'message', status: 'completed' }),
      expect.objectContaining({ type: 'function_call', call_id: 'c1', arguments: '{"a":1}' }),
      expect.objectContaining({ type: 'function_call', call_id: 'c2', arguments: '{"b":2}', name: 'clock' }),
      expect.objectContaining({ type: 'message', status: 'completed' }),
    ]);
    for (const type of ['response.output_item.added', 'response.output_item.done']) {
      expect(client.of(type).map(({ output_index }) => output_index)).toEqual([0, 1, 2, 3]);
    }
    const deltas = client.of('response.function_call_arguments.delta');
    expect(deltas.map(({ output_index, delta }) => [output_index, delta])).toEqual([
      [1, '{"a":1}'],
      [2, '{"b":2}'],
    ]);
    const ids = response.output.map(({ id }: { id: string }) => id);
    expect(client.of('conversation.item.done').map(({ previous_item_id }) => previous_item_id)).toEqual([
      null,
      ...ids.slice(0, 3),
    ]);
  });

  it('that breaks off in the middle is incomplete, with its arguments as far as they came', async () => {
    await open({
      answers: [[start('c1'), delta('c1', '{"in":'), new LlmError('Connection lost.')], ['Fine.']],
    });
    client.send(create());
    const { response } = await client.next('response.done');
    expect(response).toMatchObject({
      status: 'failed',
      status_details: {
        type: 'failed',
        error: { type: 'server_error', code: 'llm_failed', message: 'Connection lost.' },
      },
      output: [{ type: 'function_call', status: 'incomplete', arguments: '{"in":' }],
    });
    const done = client.of('response.function_call_arguments.done');
    expect(done.map((event) => event.arguments)).toEqual(['{"in":']);
    await client.ask(create(), 'response.done');
    expect(server.record.llm.requests[1]?.messages).toEqual([]);
  });

  it('is ended by the user who begins to speak', async () => {
    await open({ answers: [[start('c1'), delta('c1', '{"in"'), NEVER]] });
    client.send(create());
    await client.next('response.function_call_arguments.delta');
    client.append(silence(300));
    client.append(tone(300));
    const { response } = await client.next('response.done');
    expect(response).toMatchObject({
      status: 'cancelled',
      status_details: { reason: 'turn_detected' },
      output: [{ status: 'incomplete', arguments: '{"in"' }],
    });
    const end = client.types().lastIndexOf('response.done');
    expect(client.types().slice(end)).not.toContain('response.function_call_arguments.delta');
    expect(server.record.llm.aborted).toBe(1);
  });

  it('is retrieved as it is, and can be deleted while it is written', async () => {
    let goOn = () => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await open({ answers: [[start('c1'), delta('c1', '{}'), gate, call('c1')]] });
    client.send(create());
    await client.next('response.function_call_arguments.delta');
    const { item } = await client.next('response.output_item.added');
    await client.ask({ type: 'conversation.item.delete', item_id: item.id }, 'conversation.item.deleted');
    goOn();
    const { response } = await client.next('response.done');
    expect(response.output).toEqual([expect.objectContaining({ id: item.id, status: 'completed' })]);
    expect(client.of('conversation.item.done')).toEqual([]);
  });
});

describe('parallel_tool_calls', () => {
  const two = [
    call('c1'),
    start('c2'),
    delta('c2', '{}'),
    call('c2'),
    { type: 'usage', inputTokens: 3, outputTokens: 4 } as const,
  ];
  const cases: Array<[string, object, object, boolean | null, number]> = [
    ['not said', {}, {}, null, 2],
    ['on', { parallel_tool_calls: true }, {}, true, 2],
    ['off', { parallel_tool_calls: false }, {}, false, 1],
    ['off for one response', { parallel_tool_calls: true }, { parallel_tool_calls: false }, false, 1],
    ['on for one response', { parallel_tool_calls: false }, { parallel_tool_calls: true }, true, 2],
  ];
  it.each(cases)(
    '%s: the model is told, and calls beyond it are left out',
    async (_n, session, response, asked, calls) => {
      await open({ answers: [[...two]] }, session);
      client.send(create(response));
      const done = await client.next('response.done');
      expect(server.record.llm.requests[0]?.parallelToolCalls).toBe(asked);
      expect(done.response).toMatchObject({
        status: 'completed',
        usage: { input_tokens: 3, output_tokens: 4 },
      });
      expect(done.response.output).toHaveLength(calls);
    },
  );
});

describe('tool_choice', () => {
  const cases: Array<[string, object, object, unknown]> = [
    ['by default', {}, {}, 'auto'],
    ['of the session', { tool_choice: 'required' }, {}, 'required'],
    ['of the response', { tool_choice: 'required' }, { tool_choice: 'auto' }, 'auto'],
    ['a function', { tool_choice: { type: 'function', name: 'clock' } }, {}, { name: 'clock' }],
    [
      'a function of the response alone',
      {},
      { tools: [{ type: 'function', name: 'dice' }], tool_choice: { type: 'function', name: 'dice' } },
      { name: 'dice' },
    ],
  ];
  it.each(cases)('%s reaches the model', async (_name, session, response, expected) => {
    await open({}, session);
    await client.ask(create(response), 'response.done');
    expect(server.record.llm.requests[0]?.toolChoice).toEqual(expected);
  });

  it('none: what the model calls all the same is left out', async () => {
    await open({ answers: [['So be it.', call('c1')]] }, { tool_choice: 'none' });
    const { response } = await client.ask(create(), 'response.done');
    expect(response.output.map(({ type }: { type: string }) => type)).toEqual(['message']);
  });

  const wrong: Array<[string, object, object, string]> = [
    [
      'a function that is not there',
      {},
      { tool_choice: { type: 'function', name: 'x' } },
      'response.tool_choice',
    ],
    [
      'a function that the response leaves out',
      { tool_choice: { type: 'function', name: 'clock' } },
      { tools: [] },
      'session.tool_choice',
    ],
    [
      'an MCP server that is not there',
      {},
      { tool_choice: { type: 'mcp', server_label: 'm' } },
      'response.tool_choice',
    ],
  ];
  it.each(wrong)('%s is refused, and no response begins', async (_name, session, response, param) => {
    await open({}, session);
    const { error } = await client.ask({ ...create(response), event_id: 'mine' }, 'error');
    expect(error).toMatchObject({ code: 'invalid_value', param, event_id: 'mine' });
    await client.settle();
    expect(client.of('response.created')).toEqual([]);
  });
});
