import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { McpConnection } from '../../../src/server/mcp/connection';
import { MCP_LIMITS, type McpLimits } from '../../../src/server/mcp/limits';
import { createLogger, formatLogEntry } from '../../../src/shared/log';
import { startMcpServer, startRawServer, text } from '../../helpers/mcp-server';
import { startTestServer, TestClient } from '../../helpers/server-client';

const closing: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Asserts about what `value` comes to be. */
const soon = (value: () => unknown) => expect.poll(value, { timeout: 20_000 });

const NEVER = new AbortController().signal;

async function raw(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = await startRawServer(answer);
  closing.push(server.close);
  return server;
}

async function real(...given: Parameters<typeof startMcpServer>) {
  const server = await startMcpServer(...given);
  closing.push(server.close);
  return server;
}

function connect(url: string, limits: Partial<McpLimits> = {}, headers: Record<string, string> = {}) {
  const connection = new McpConnection({ url: new URL(url), headers }, { ...MCP_LIMITS, ...limits });
  closing.push(async () => connection.close());
  return connection;
}

/** Answers every JSON-RPC request with what `result` gives for its method and parameters. */
function rpc(result: (method: string, params: Record<string, unknown>) => unknown) {
  return (request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { id, method, params } = JSON.parse(body || '{}');
      if (id === undefined) return response.writeHead(202).end();
      const initialized = {
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 'x', version: '1' },
      };
      const answer = method === 'initialize' ? initialized : result(method, params ?? {});
      response.writeHead(200, { 'content-type': 'application/json' });
      return response.end(JSON.stringify({ jsonrpc: '2.0', id, result: answer }));
    });
  };
}

describe('a server that cannot be listed', () => {
  const check = (
    what: string,
    answer: (request: IncomingMessage, response: ServerResponse) => void,
    expected: object,
    limits: Partial<McpLimits> = {},
  ) =>
    it(`${what}`, async () => {
      const { url } = await raw(answer);
      await expect(connect(url, limits).list()).rejects.toMatchObject({ error: expected });
    });
  const html = (status: number) => (_: IncomingMessage, response: ServerResponse) =>
    response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>secret page</h1>');
  const wrong = { type: 'protocol_error', code: -32603 };
  const tool = (name: string) => ({ name, inputSchema: { type: 'object' } });

  check('says 401', html(401), {
    type: 'http_error',
    code: 401,
    message: 'The MCP server answered with HTTP status 401.',
  });
  check('says 500', html(500), { type: 'http_error', code: 500 });
  check('says 404 on both transports', html(404), { type: 'http_error', code: 404 });
  check('says HTML', html(200), wrong);
  check(
    'says JSON that is not RPC',
    (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":1}'),
    wrong,
  );
  check(
    'says half of a JSON',
    (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"a'),
    wrong,
  );
  check(
    'lists no tools but a number',
    rpc(() => ({ tools: 3 })),
    wrong,
  );
  check('hangs up', (request) => request.socket.destroy(), { type: 'protocol_error', code: -32000 });
  check(
    'never answers',
    () => {},
    { type: 'protocol_error', code: -32001, message: 'The MCP server did not answer within 0.05 s.' },
    { listMs: 50 },
  );
  check(
    'never answers on the older transport',
    (request, response) => {
      if (request.method === 'POST') response.writeHead(405).end();
      else response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    },
    { type: 'protocol_error', code: -32001 },
    { listMs: 300 },
  );
  check(
    'lists without end',
    rpc(() => ({ tools: [tool('a')], nextCursor: 'more' })),
    wrong,
    { pages: 3 },
  );
  check(
    'says too much',
    rpc(() => ({ tools: [tool('a'.repeat(10_000))] })),
    wrong,
    { bodyBytes: 5_000 },
  );
});

it('a list in pages is read to its end', async () => {
  const { url } = await raw(
    rpc((_, { cursor }) =>
      cursor === 'two'
        ? { tools: [{ name: 'b', inputSchema: { type: 'object' } }] }
        : { tools: [{ name: 'a', inputSchema: { type: 'object' } }], nextCursor: 'two' },
    ),
  );
  expect((await connect(url).list()).map(({ name }) => name)).toEqual(['a', 'b']);
});

describe('a call', () => {
  it('that never ends is given up, and the server is told', async () => {
    let told = () => {};
    const aborted = new Promise<void>((resolve) => {
      told = resolve;
    });
    const run = (_: unknown, signal: AbortSignal) =>
      new Promise<ReturnType<typeof text>>(() => signal.addEventListener('abort', told));
    const server = await real({ wait: { run } });
    const connection = connect(server.url, { callMs: 200 });
    expect(await connection.call('wait', {}, NEVER)).toEqual({
      type: 'error',
      error: { type: 'protocol_error', code: -32001, message: 'The MCP server did not answer within 0.2 s.' },
    });
    await aborted;
  });

  it('ends when its server dies in the middle', async () => {
    const server = await real({ wait: { run: () => new Promise(() => undefined) } });
    const connection = connect(server.url);
    await connection.list();
    const outcome = connection.call('wait', {}, NEVER);
    await soon(() => server.calls).toEqual(['wait']);
    await server.close();
    expect(await outcome).toMatchObject({ type: 'error', error: { type: 'protocol_error', code: -32000 } });
  });

  it('of a closed connection fails at once', async () => {
    const server = await real({ a: {} });
    const connection = connect(server.url);
    connection.close();
    expect(await connection.call('a', {}, NEVER)).toMatchObject({
      error: { type: 'tool_execution_error', message: 'The MCP server is not part of the session any more.' },
    });
    expect(server.requests).toEqual([]);
  });
});

describe('what authorises', () => {
  it.each([302, 307, 308])('does not follow a redirect (%s) to another origin', async (status) => {
    const other = await raw((_, response) => response.writeHead(200).end());
    const first = await raw((_, response) => response.writeHead(status, { location: other.url }).end());
    const connection = connect(first.url, {}, { authorization: 'Bearer secret' });
    await expect(connection.list()).rejects.toMatchObject({ error: { type: 'http_error', code: status } });
    expect(first.requests[0]?.headers.authorization).toBe('Bearer secret');
    expect(other.requests).toEqual([]);
  });

  it('reaches its server with every request, and is in no event and no log', async () => {
    const lines: string[] = [];
    const log = createLogger((entry) => lines.push(formatLogEntry(entry)), 'debug');
    const mcp = await real({ a: { run: () => ({ ...text('no'), isError: true }) } });
    const down = await raw((_, response) => response.writeHead(500).end());
    const server = await startTestServer(
      { answers: [[{ type: 'tool-call', callId: 'c', name: 'a', arguments: '{}' }]] },
      { log },
    );
    closing.push(() => server.close());
    const client = await TestClient.open(server.url);
    const secrets = {
      authorization: 'tok-s3cret',
      headers: { 'X-Key': 'key-s3cret' },
      require_approval: 'never',
    };
    const tools = [
      { type: 'mcp', server_label: 'one', server_url: mcp.url, ...secrets },
      { type: 'mcp', server_label: 'two', server_url: down.url, ...secrets },
    ];
    client.send({
      type: 'session.update',
      session: { type: 'realtime', output_modalities: ['text'], tools },
    });
    await client.next('mcp_list_tools.completed');
    await client.next('mcp_list_tools.failed');
    await client.ask({ type: 'response.create' }, 'response.mcp_call.failed');
    await client.next('response.done');
    client.close();
    const said = JSON.stringify(client.events) + lines.join('\n');
    expect(lines.length).toBeGreaterThan(0);
    expect(said).toContain('"server_label":"two"');
    expect(said).not.toContain('s3cret');
    const sent = mcp.requests.map(({ headers }) => [headers.authorization, headers['x-key']]);
    expect(new Set(sent.map((pair) => pair.join(' ')))).toEqual(new Set(['Bearer tok-s3cret key-s3cret']));
  });
});

it('a server with hundreds of tools is asked for fewer, and the client is told', async () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`t${i}`, {}]));
  const mcp = await real(many);
  const server = await startTestServer();
  closing.push(() => server.close());
  const client = await TestClient.open(server.url);
  const tool = { type: 'mcp', server_label: 'many', server_url: mcp.url };
  const update = (tools: object[]) => ({ type: 'session.update', session: { type: 'realtime', tools } });
  await client.ask(update([tool]), 'mcp_list_tools.failed');
  const { item } = await client.next('conversation.item.done');
  expect(item).toMatchObject({ tools: [], error: { message: expect.stringContaining('allowed_tools') } });
  await client.ask(update([{ ...tool, allowed_tools: ['t7'] }]), 'mcp_list_tools.completed');
  client.send({ type: 'response.create', response: { output_modalities: ['text'] } });
  await client.next('response.done');
  expect(server.record.llm.requests[0]?.tools.map(({ name }) => name)).toEqual(['t7']);
  client.close();
});

it('a server that is slow to list holds up nobody who does not insist on it', async () => {
  const slow = await raw(() => {});
  const server = await startTestServer();
  closing.push(() => server.close());
  const client = await TestClient.open(server.url);
  const tools = [{ type: 'mcp', server_label: 'slow', server_url: slow.url }];
  const session = { type: 'realtime', output_modalities: ['text'], tools };
  await client.ask({ type: 'session.update', session }, 'mcp_list_tools.in_progress');
  const { response } = await client.ask({ type: 'response.create' }, 'response.done');
  expect(response.status).toBe('completed');
  const from = client.events.length;
  client.send({ type: 'response.create', response: { tool_choice: { type: 'mcp', server_label: 'slow' } } });
  await client.next('response.created', { from });
  await client.ask(
    { type: 'session.update', session: { type: 'realtime', tools: [] } },
    'mcp_list_tools.failed',
  );
  const { response: insisted } = await client.next('response.done', { from });
  expect(insisted).toMatchObject({ status: 'failed', status_details: { error: { code: 'invalid_value' } } });
  expect(server.record.llm.requests).toHaveLength(1);
  client.close();
});

it('a failed server is asked again by the next update that names it', async () => {
  let up = false;
  const answer = rpc(() => ({ tools: [{ name: 'a', inputSchema: { type: 'object' } }] }));
  const mcp = await raw((request, response) => {
    if (up) answer(request, response);
    else response.writeHead(503).end();
  });
  const server = await startTestServer();
  closing.push(() => server.close());
  const client = await TestClient.open(server.url);
  const update = {
    type: 'session.update',
    session: { type: 'realtime', tools: [{ type: 'mcp', server_label: 's', server_url: mcp.url }] },
  };
  await client.ask(update, 'mcp_list_tools.failed');
  up = true;
  await client.ask(update, 'mcp_list_tools.completed');
  client.close();
});
