import { afterEach, describe, expect, it } from 'vitest';
import { type FakeAnswer, type FakeScript, tone } from '../../../src/server/backends/fake';
import {
  type McpError,
  startMcpServer,
  type TestMcpServer,
  type TestTool,
  text,
} from '../../helpers/mcp-server';
import { startTestServer, TestClient, type TestServer, type WireEvent } from '../../helpers/server-client';

let server: TestServer;
let client: TestClient;
const closing: Array<() => Promise<void>> = [];

afterEach(async () => {
  client.close();
  await server.close();
  for (const close of closing.splice(0)) await close();
});

/** Asserts about what `value` comes to be. */
const soon = (value: () => unknown) => expect.poll(value, { timeout: 20_000 });

async function mcp(
  tools: Record<string, TestTool>,
  transport: 'streamable' | 'sse' = 'streamable',
): Promise<TestMcpServer> {
  const started = await startMcpServer(tools, transport);
  closing.push(started.close);
  return started;
}

const tool = (at: { url: string }, fields: object = {}) => ({
  type: 'mcp',
  server_label: 'docs',
  server_url: at.url,
  require_approval: 'never',
  ...fields,
});
const update = (fields: object) => ({ type: 'session.update', session: { type: 'realtime', ...fields } });
const create = (response: object = {}) => ({ type: 'response.create', response });
const say = (value: string) => ({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: value }] },
});
const call = (name: string, args = '{"q":"x"}', callId = 'c1'): FakeAnswer[number] => ({
  type: 'tool-call',
  callId,
  name,
  arguments: args,
});

/** A session in text that has listed the tools of `tools`. */
async function open(script: FakeScript, tools: object[] = []): Promise<void> {
  server = await startTestServer(script);
  client = await TestClient.open(server.url);
  const listed = tools.filter((named) => 'server_url' in named).length;
  client.send(update({ output_modalities: ['text'], tools }));
  await client.next('session.updated');
  if (listed > 0) await client.next('mcp_list_tools.completed', { count: listed });
}

async function respond(response: object = {}): Promise<WireEvent> {
  return client.ask(create(response), 'response.done');
}

const doneItem = (type: string) =>
  client
    .of('conversation.item.done')
    .filter(({ item }) => item.type === type)
    .at(-1)?.item;
const history = (at: number) => server.record.llm.requests[at]?.messages;

describe.each(['streamable', 'sse'] as const)('over %s', (transport) => {
  it('tools are listed once, called in the response, and read by the next one', async () => {
    const docs = await mcp({ search: { description: 'Finds.', readOnly: true } }, transport);
    await open({ answers: [[call('search')], ['Found.']] }, [tool(docs)]);
    const from = client.types().indexOf('mcp_list_tools.in_progress');
    expect(client.types().slice(from)).toEqual([
      'mcp_list_tools.in_progress',
      'conversation.item.added',
      'mcp_list_tools.completed',
      'conversation.item.done',
    ]);
    expect(doneItem('mcp_list_tools')).toMatchObject({
      server_label: 'docs',
      tools: [
        {
          name: 'search',
          description: 'Finds.',
          input_schema: { type: 'object', properties: { q: { type: 'string' } } },
          annotations: { readOnlyHint: true },
        },
      ],
    });

    client.send(say('search!'));
    const before = client.events.length;
    const { response } = await respond();
    expect(client.types(before).filter((type) => !type.startsWith('rate_limits'))).toEqual([
      'conversation.item.added',
      'conversation.item.done',
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.mcp_call_arguments.delta',
      'response.mcp_call_arguments.done',
      'response.mcp_call.in_progress',
      'response.mcp_call.completed',
      'conversation.item.done',
      'response.output_item.done',
      'response.done',
    ]);
    const [item] = response.output;
    expect(response).toMatchObject({ status: 'completed' });
    expect(item).toEqual({
      id: expect.stringMatching(/^mcp_/u),
      object: 'realtime.item',
      type: 'mcp_call',
      server_label: 'docs',
      name: 'search',
      arguments: '{"q":"x"}',
      approval_request_id: null,
      output: 'search {"q":"x"}',
      error: null,
    });
    for (const type of ['in_progress', 'completed']) {
      expect(client.of(`response.mcp_call.${type}`)[0]).toMatchObject({ item_id: item.id, output_index: 0 });
    }
    expect(client.of('response.mcp_call_arguments.done')[0]).toMatchObject({
      response_id: response.id,
      item_id: item.id,
      output_index: 0,
      arguments: '{"q":"x"}',
    });

    // Nobody but the client asks for the answer.
    expect(server.record.llm.requests).toHaveLength(1);
    await respond();
    expect(history(1)).toEqual([
      { role: 'user', text: 'search!' },
      { role: 'tool-call', callId: item.id, name: 'search', arguments: '{"q":"x"}' },
      { role: 'tool-result', callId: item.id, output: 'search {"q":"x"}' },
    ]);
    expect(server.record.llm.requests[0]?.tools).toEqual([
      {
        name: 'search',
        description: 'Finds.',
        parameters: { type: 'object', properties: { q: { type: 'string' } } },
      },
    ]);
    // An update that keeps the server, as clients send it again and again.
    await client.ask(update({ tools: [tool(docs)], instructions: 'Again.' }), 'session.updated');
    await client.ask(update({ instructions: 'And again.' }), 'session.updated');
    await client.settle();
    expect([docs.lists, docs.opened, client.of('mcp_list_tools.in_progress').length]).toEqual([1, 1, 1]);
  });

  it('a call and its session end with the session', async () => {
    const aborted = new Promise<void>((resolve) => {
      void mcp({ wait: { run: (_, signal) => waitFor(signal, resolve) } }, transport).then(async (docs) => {
        await open({ answers: [[call('wait')]] }, [tool(docs)]);
        client.send(create());
        await client.next('response.mcp_call.in_progress');
        client.close();
      });
    });
    await aborted;
  });
});

function waitFor(signal: AbortSignal, aborted: () => void) {
  return new Promise<ReturnType<typeof text>>((resolve) => {
    signal.addEventListener('abort', () => {
      aborted();
      resolve(text('too late'));
    });
  });
}

describe('approval', () => {
  async function asked(approval: unknown = 'always') {
    const docs = await mcp({ book: {} });
    await open({ answers: [[call('book')], ['Booked.']] }, [tool(docs, { require_approval: approval })]);
    const from = client.events.length;
    const { response } = await respond();
    return { docs, response, from, request: doneItem('mcp_approval_request') };
  }
  const answer = (id: string, approve: boolean, reason?: string) => ({
    type: 'conversation.item.create',
    previous_item_id: id,
    item: { type: 'mcp_approval_response', approval_request_id: id, approve, ...(reason ? { reason } : {}) },
  });

  it.each([['always'], [null], [undefined]])('is asked for when it is %s', async (approval) => {
    const { docs, response, from, request } = await asked(approval);
    expect(docs.calls).toEqual([]);
    expect(client.types(from).filter((type) => !type.startsWith('rate_limits'))).toEqual([
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.mcp_call_arguments.delta',
      'response.mcp_call_arguments.done',
      'response.output_item.added',
      'conversation.item.added',
      'conversation.item.done',
      'response.output_item.done',
      'response.done',
    ]);
    expect(response.status).toBe('completed');
    expect(response.output.map((item: { type: string }) => item.type)).toEqual([
      'mcp_call',
      'mcp_approval_request',
    ]);
    expect(request).toEqual({
      id: expect.stringMatching(/^mcpr_/u),
      object: 'realtime.item',
      type: 'mcp_approval_request',
      server_label: 'docs',
      name: 'book',
      arguments: '{"q":"x"}',
    });
    await respond();
    expect(history(1)?.at(-1)).toMatchObject({
      role: 'tool-result',
      output: expect.stringContaining('waits'),
    });
  });

  it('given runs the call, once', async () => {
    const { docs, response, request } = await asked();
    const from = client.events.length;
    client.send(answer(request.id, true));
    const { item_id } = await client.next('response.mcp_call.completed', { from });
    await client.settle();
    expect(client.types(from)).toEqual([
      'conversation.item.added',
      'conversation.item.done',
      'response.mcp_call.in_progress',
      'response.mcp_call.completed',
      'conversation.item.done',
    ]);
    expect(item_id).toBe(response.output[0].id);
    expect(doneItem('mcp_call')).toMatchObject({
      id: item_id,
      approval_request_id: request.id,
      output: 'book {"q":"x"}',
    });
    const { error } = await client.ask(answer(request.id, true), 'error');
    expect(error).toMatchObject({ code: 'invalid_value', param: 'item.approval_request_id' });
    expect(docs.calls).toEqual(['book']);
    await respond();
    expect(history(1)?.at(-1)).toMatchObject({ role: 'tool-result', output: 'book {"q":"x"}' });
  });

  it('refused runs nothing, and the LLM learns why', async () => {
    const { docs, request } = await asked();
    const from = client.events.length;
    client.send(answer(request.id, false, 'too dear'));
    await client.next('response.mcp_call.failed', { from });
    await client.settle();
    expect(client.types(from)).not.toContain('response.mcp_call.in_progress');
    expect(docs.calls).toEqual([]);
    const message = 'The user did not approve the call. The reason: too dear';
    expect(doneItem('mcp_call')).toMatchObject({
      output: null,
      error: { type: 'tool_execution_error', message },
    });
    await respond();
    expect(history(1)?.at(-1)).toMatchObject({ role: 'tool-result', output: message });
  });

  it('of nothing is an error, and one of a history is only that', async () => {
    const { docs } = await asked();
    const { error } = await client.ask(answer('none', true), 'error');
    expect(error).toMatchObject({ code: 'invalid_value', param: 'item.approval_request_id' });
    const old = {
      type: 'mcp_approval_request',
      id: 'old',
      server_label: 'docs',
      name: 'book',
      arguments: '{}',
    };
    client.send({ type: 'conversation.item.create', item: old });
    client.send(answer('old', true));
    await client.settle();
    expect(client.of('error').filter(({ error: { event_id } }) => event_id === null)).toHaveLength(1);
    expect(docs.calls).toEqual([]);
  });

  it('of a call whose server was dropped fails', async () => {
    const { docs, request } = await asked();
    await client.ask(update({ tools: [] }), 'session.updated');
    client.send(answer(request.id, true));
    await client.next('response.mcp_call.failed');
    await client.settle();
    expect(doneItem('mcp_call').error).toMatchObject({
      message: 'The MCP server is not part of the session any more.',
    });
    expect(docs.calls).toEqual([]);
  });
});

describe('a call that fails', () => {
  const failing = (run: TestTool['run']): Record<string, TestTool> => ({
    fail: run === undefined ? {} : { run },
  });
  it.each<[string, string, () => Promise<TestMcpServer>, string, object]>([
    [
      'in the tool',
      'fail',
      () => mcp(failing(() => ({ ...text('No such page.'), isError: true }))),
      '{}',
      { type: 'tool_execution_error', message: 'No such page.' },
    ],
    [
      'in the protocol',
      'fail',
      () =>
        mcp(
          failing(() => {
            throw Object.assign(new Error('Unknown q.'), { code: -32602 }) as McpError;
          }),
        ),
      '{}',
      { type: 'protocol_error', code: -32602, message: 'Unknown q.' },
    ],
    [
      'before it is made',
      'fail',
      () => mcp(failing(undefined)),
      '["not", "an object"]',
      { type: 'protocol_error', code: -32602, message: 'The arguments are not a JSON object.' },
    ],
  ])('%s says so', async (_, name, start, args, error) => {
    const docs = await start();
    await open({ answers: [[call(name, args)]] }, [tool(docs)]);
    const { response } = await respond();
    expect(client.of('response.mcp_call.failed')).toHaveLength(1);
    expect(response).toMatchObject({
      status: 'completed',
      output: [{ type: 'mcp_call', output: null, error }],
    });
  });

  it('because the server is gone fails; the next one finds it again', async () => {
    const docs = await mcp({ search: {} });
    await open({ answers: [[call('search')], [call('search')]] }, [tool(docs)]);
    docs.forget();
    const { response } = await respond();
    expect(response.output[0]).toMatchObject({ output: 'search {"q":"x"}', error: null });
    expect(docs.opened).toBe(2);
    await docs.close();
    const { response: second } = await respond();
    expect(second.output[0].error).toEqual({
      type: 'protocol_error',
      code: -32000,
      message: 'The MCP server cannot be reached (ECONNREFUSED).',
    });
  });
});

describe('an interruption', () => {
  it('aborts the running call, tells the server, and asks for no answer', async () => {
    let told = () => {};
    const aborted = new Promise<void>((resolve) => {
      told = resolve;
    });
    const docs = await mcp({ wait: { run: (_, signal) => waitFor(signal, told) } });
    await open({ answers: [[call('wait')], ['Yes?']] }, [tool(docs)]);
    client.send(create());
    await client.next('response.mcp_call.in_progress');
    const from = client.events.length;
    const { response } = await client.ask({ type: 'response.cancel' }, 'response.done');
    await aborted;
    await client.settle();
    expect(client.types(from).filter((type) => !type.startsWith('rate_limits'))).toEqual([
      'response.mcp_call.failed',
      'response.output_item.done',
      'response.done',
    ]);
    const error = { type: 'tool_execution_error', message: 'The call was cut off before it ended.' };
    expect(response).toMatchObject({ status: 'cancelled', output: [{ type: 'mcp_call', error }] });
    await respond();
    expect(history(1)?.at(-1)).toMatchObject({ role: 'tool-result', output: error.message });
  });

  it('by a voice does the same', async () => {
    const docs = await mcp({ wait: { run: () => new Promise(() => undefined) } });
    await open({ answers: [[call('wait')]] }, [tool(docs)]);
    client.send(create());
    await client.next('response.mcp_call.in_progress');
    client.append(tone(500));
    const { response } = await client.next('response.done');
    expect(response.status_details).toMatchObject({ reason: 'turn_detected' });
    expect(client.of('response.mcp_call.failed')).toHaveLength(1);
  });

  it('leaves a call alone that was approved', async () => {
    let finish = () => {};
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const run = async () => {
      await gate;
      return text('booked');
    };
    const docs = await mcp({ book: { run } });
    const never = new Promise<void>(() => undefined);
    await open({ answers: [[call('book')], [never]] }, [tool(docs, { require_approval: 'always' })]);
    await respond();
    const { id } = doneItem('mcp_approval_request');
    const item = { type: 'mcp_approval_response', approval_request_id: id, approve: true };
    await client.ask({ type: 'conversation.item.create', item }, 'response.mcp_call.in_progress');
    await client.ask(create(), 'response.created');
    await client.ask({ type: 'response.cancel' }, 'response.done');
    finish();
    await client.next('response.mcp_call.completed');
    await client.settle();
    expect(doneItem('mcp_call')).toMatchObject({ output: 'booked', error: null });
  });

  it('in the arguments closes the call', async () => {
    const docs = await mcp({ search: {} });
    const start = { type: 'tool-call-start', callId: 'c1', name: 'search' } as const;
    const delta = { type: 'tool-call-delta', callId: 'c1', delta: '{"q":' } as const;
    const never = new Promise<void>(() => undefined);
    await open({ answers: [[start, delta, never]] }, [tool(docs)]);
    client.send(create());
    await client.next('response.mcp_call_arguments.delta');
    const { response } = await client.ask({ type: 'response.cancel' }, 'response.done');
    expect(response.output).toMatchObject([{ type: 'mcp_call', arguments: '{"q":', output: null }]);
    expect(client.of('response.mcp_call_arguments.done')).toHaveLength(1);
    expect(docs.calls).toEqual([]);
    await respond();
    expect(history(1)?.[0]).toMatchObject({ role: 'tool-call', arguments: '{}' });
  });
});

describe('several servers', () => {
  it('may have tools of the same name', async () => {
    const [one, two] = [await mcp({ search: {}, only: {} }), await mcp({ search: {} })];
    await open({ answers: [[call('two__search', '{}', 'c1'), call('only', '{}', 'c2')]] }, [
      tool(one, { server_label: 'one' }),
      tool(two, { server_label: 'two', server_description: 'The second.' }),
      { type: 'function', name: 'act' },
    ]);
    const { response } = await respond();
    expect(server.record.llm.requests[0]?.tools.map(({ name }) => name)).toEqual([
      'act',
      'one__search',
      'only',
      'two__search',
    ]);
    expect(server.record.llm.requests[0]?.tools[3]?.description).toBe('two: The second.');
    expect([one.calls, two.calls]).toEqual([['only'], ['search']]);
    expect(response.output).toMatchObject([
      { server_label: 'two', name: 'search', output: 'search {}' },
      { server_label: 'one', name: 'only', output: 'only {}' },
    ]);
  });

  it('are left when an update drops them, and only they', async () => {
    const [one, two] = [await mcp({ a: {} }), await mcp({ b: {} })];
    await open({}, [tool(one, { server_label: 'one' }), tool(two, { server_label: 'two' })]);
    expect([one.open, two.open]).toEqual([1, 1]);
    const left = one.requests.length;
    await client.ask(update({ tools: [tool(two, { server_label: 'two' })] }), 'session.updated');
    await soon(() => one.requests.slice(left).map(({ method }) => method)).toEqual(['DELETE']);
    await respond();
    expect(server.record.llm.requests[0]?.tools.map(({ name }) => name)).toEqual(['b']);
    expect([two.lists, two.open]).toEqual([1, 1]);
  });

  it('are not shared between sessions', async () => {
    const docs = await mcp({ a: {} });
    await open({}, [tool(docs, { authorization: 'first' })]);
    const second = await TestClient.open(server.url);
    second.send(update({ tools: [tool(docs, { authorization: 'second' })] }));
    await second.next('mcp_list_tools.completed');
    expect([docs.opened, docs.lists]).toEqual([2, 2]);
    const sent = new Map<unknown, unknown>();
    for (const { headers } of docs.requests) {
      if (headers['mcp-session-id'] !== undefined) sent.set(headers['mcp-session-id'], headers.authorization);
    }
    expect([...sent.values()]).toEqual(['Bearer first', 'Bearer second']);
    second.close();
    await soon(() => docs.requests.filter(({ method }) => method === 'DELETE').length).toBe(1);
    expect(docs.open).toBe(1);
  });
});

describe('the tools of one response', () => {
  it('are listed before the LLM is asked, and left after it', async () => {
    const docs = await mcp({ search: {} });
    await open({ answers: [[call('search')], ['Done.']] });
    const from = client.events.length;
    const { response } = await respond({ tools: [tool(docs)] });
    expect(client.types(from).indexOf('mcp_list_tools.completed')).toBeLessThan(
      client.types(from).indexOf('response.output_item.added'),
    );
    expect(response.output).toMatchObject([{ type: 'mcp_call', output: 'search {"q":"x"}' }]);
    await soon(() => docs.requests.filter(({ method }) => method === 'DELETE').length).toBe(1);
    await respond();
    expect(server.record.llm.requests[1]?.tools).toEqual([]);
  });

  it('are reached as the session reaches them', async () => {
    const docs = await mcp({ search: {} });
    await open({ answers: [[call('search')]] }, [tool(docs, { authorization: 'secret' })]);
    await respond({ tools: [tool(docs, { require_approval: 'always' })] });
    expect([docs.opened, docs.lists, docs.calls.length]).toEqual([1, 1, 0]);
    expect(client.of('response.done')[0]?.response.output.at(-1)).toMatchObject({
      type: 'mcp_approval_request',
    });
  });

  it('stay for a call that waits for approval', async () => {
    const docs = await mcp({ book: {} });
    await open({ answers: [[call('book')]] });
    await respond({ tools: [tool(docs, { require_approval: 'always' })] });
    const { id } = doneItem('mcp_approval_request');
    const item = { type: 'mcp_approval_response', approval_request_id: id, approve: true };
    await client.ask({ type: 'conversation.item.create', item }, 'response.mcp_call.completed');
    expect(docs.calls).toEqual(['book']);
    await soon(() => docs.requests.filter(({ method }) => method === 'DELETE').length).toBe(1);
  });

  it('may be called out of band', async () => {
    const docs = await mcp({ search: {} });
    await open({ answers: [[call('search')]] }, [tool(docs)]);
    const { response } = await respond({ conversation: 'none' });
    expect(response.output).toMatchObject([{ output: 'search {"q":"x"}' }]);
    expect(doneItem('mcp_call')).toBeUndefined();
  });
});

describe('tool_choice', () => {
  it.each<[string, object, unknown, string[]]>([
    [
      'a tool',
      { server_label: 'one', name: 'search' },
      { name: 'one__search' },
      ['one__search', 'a', 'two__search'],
    ],
    ['a server', { server_label: 'one' }, 'required', ['one__search', 'a']],
  ])('may be %s', async (_, choice, expected, offered) => {
    const [one, two] = [await mcp({ search: {}, a: {} }), await mcp({ search: {} })];
    await open({}, [tool(one, { server_label: 'one' }), tool(two, { server_label: 'two' })]);
    await respond({ tool_choice: { type: 'mcp', ...choice } });
    const request = server.record.llm.requests[0];
    expect(request?.toolChoice).toEqual(expected);
    expect(request?.tools.map(({ name }) => name)).toEqual(offered);
  });

  it('of a server that is not there is an error', async () => {
    await open({});
    const choice = { type: 'mcp', server_label: 'none' };
    const { error } = await client.ask(create({ tool_choice: choice }), 'error');
    expect(error).toMatchObject({ code: 'invalid_value', param: 'response.tool_choice' });
  });
});

it('a history with MCP items can be replayed', async () => {
  await open({});
  const items = [
    { type: 'mcp_list_tools', server_label: 'docs', tools: [{ name: 'a', input_schema: {} }] },
    { type: 'mcp_approval_request', id: 'r', server_label: 'docs', name: 'files.read', arguments: '{}' },
    { type: 'mcp_approval_response', approval_request_id: 'r', approve: true },
    { type: 'mcp_call', id: 'm', server_label: 'docs', name: 'files.read', arguments: '{}', output: 'ok' },
    { type: 'mcp_call', id: 'n', server_label: 'docs', name: 'files.read', arguments: '{}' },
  ];
  for (const item of items) client.send({ type: 'conversation.item.create', item });
  await respond();
  expect(client.of('error')).toEqual([]);
  expect(history(0)).toEqual([
    { role: 'tool-call', callId: 'm', name: 'files_read', arguments: '{}' },
    { role: 'tool-result', callId: 'm', output: 'ok' },
  ]);
  expect(doneItem('mcp_call')).toMatchObject({
    id: 'n',
    output: null,
    error: null,
    approval_request_id: null,
  });
});
