/** The stock agents client, unmodified from npm, with a hosted MCP tool: it speaks the result, asked about or not. */
import { hostedMcpTool } from '@openai/agents-core';
import { RealtimeAgent, type RealtimeItem, RealtimeSession } from '@openai/agents-realtime';
import { afterEach, expect, it } from 'vitest';
import type { FakeScript } from '../../../src/server/backends/fake';
import { startMcpServer, type TestMcpServer } from '../../helpers/mcp-server';
import { startTestServer, type TestServer } from '../../helpers/server-client';

let server: TestServer;
let mcp: TestMcpServer;
let session: RealtimeSession;
const errors: unknown[] = [];
const received: string[] = [];

/** Asserts about what `value` comes to be. */
const soon = (value: () => unknown) => expect.poll(value, { timeout: 20_000 });

async function connect(requireApproval: 'always' | 'never', script: FakeScript): Promise<void> {
  mcp = await startMcpServer({ weather: { description: 'The weather.' } });
  server = await startTestServer(script);
  const tool =
    requireApproval === 'never'
      ? hostedMcpTool({ serverLabel: 'sky', serverUrl: mcp.url })
      : hostedMcpTool({ serverLabel: 'sky', serverUrl: mcp.url, requireApproval });
  const agent = new RealtimeAgent({ name: 'assistant', instructions: 'Answer briefly.', tools: [tool] });
  session = new RealtimeSession(agent, {
    transport: 'websocket',
    model: 'parley-local',
    tracingDisabled: true,
  });
  errors.length = 0;
  received.length = 0;
  session.on('error', (error) => errors.push(error));
  session.transport.on('*', ({ type }) => received.push(type));
  await session.connect({ url: `${server.url}?model=parley-local`, apiKey: 'any' });
  await soon(() => session.availableMcpTools.map(({ name }) => name)).toEqual(['weather']);
}

afterEach(async () => {
  session.close();
  await server.close();
  await mcp.close();
});

const call = (): NonNullable<FakeScript['answers']>[number] => [
  { type: 'tool-call', callId: 'c1', name: 'weather', arguments: '{"city":"Paris"}' },
];
const spoken = (history: RealtimeItem[]) =>
  history.flatMap((item) =>
    item.type === 'message' && item.role === 'assistant'
      ? item.content.map((part) => ('transcript' in part ? part.transcript : ''))
      : [],
  );
const calls = () => session.history.flatMap((item) => (item.type === 'mcp_call' ? [item] : []));

it('calls a tool and speaks what it gave', async () => {
  await connect('never', { answers: [call(), ['It is sunny.']] });
  session.sendMessage('Weather in Paris?');
  await soon(() => spoken(session.history)).toEqual(['It is sunny.']);
  expect(calls()).toMatchObject([
    {
      name: 'weather',
      arguments: '{"city":"Paris"}',
      output: 'weather {"city":"Paris"}',
      status: 'completed',
    },
  ]);
  expect(server.record.llm.requests[1]?.messages.at(-1)).toMatchObject({
    role: 'tool-result',
    output: 'weather {"city":"Paris"}',
  });
  expect(mcp.lists).toBe(1);
  expect(errors).toEqual([]);
});

it('asks about a call, and goes on with the answer', async () => {
  await connect('always', { answers: [call(), ['It is sunny.']] });
  session.on('tool_approval_requested', (_context, _agent, request) => {
    expect(mcp.calls).toEqual([]);
    void session.approve(request.approvalItem);
  });
  session.sendMessage('Weather in Paris?');
  await soon(() => spoken(session.history)).toEqual(['It is sunny.']);
  expect(mcp.calls).toEqual(['weather']);
  expect(received.filter((type) => type === 'response.done')).toHaveLength(2);
  expect(errors).toEqual([]);
});

it('refuses a call, and says so', async () => {
  await connect('always', { answers: [call(), ['Then I will not.']] });
  session.on('tool_approval_requested', (_context, _agent, request) => {
    void session.reject(request.approvalItem);
  });
  session.sendMessage('Weather in Paris?');
  await soon(() => spoken(session.history)).toEqual(['Then I will not.']);
  expect(mcp.calls).toEqual([]);
  expect(errors).toEqual([]);
});
