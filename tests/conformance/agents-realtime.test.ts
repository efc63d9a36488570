/** The stock OpenAI Agents client, unmodified from npm, against this server: spoken turns, tools, interruption. */
import { hostedMcpTool } from '@openai/agents-core';
import { RealtimeAgent, type RealtimeItem, RealtimeSession, tool } from '@openai/agents-realtime';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { LlmPart } from '../../src/server/backends';
import { type FakeScript, tone } from '../../src/server/backends/fake';
import { type Pcm16, pcm16ToBytes } from '../../src/shared/audio';
import { silence, startTestServer, type TestServer } from '../helpers/server-client';
import { validatorOf } from './schema/validate';
import { startSkyServer } from './sky-server';

type Session = RealtimeSession<unknown>;

let server: TestServer | null = null;
let session: Session | null = null;
let latest: Opened | null = null;

interface Opened {
  session: Session;
  server: TestServer;
  /** Everything either side put on the wire, by type. */
  received: Array<{ type: string; [field: string]: unknown }>;
  errors: unknown[];
  audio: number[];
}

async function connect(
  script: FakeScript,
  options: { tools?: RealtimeAgent['tools']; turnDetection?: object | null; token?: string | null } = {},
): Promise<Opened> {
  server = await startTestServer(script, { token: options.token ?? null });
  const agent = new RealtimeAgent({
    name: 'assistant',
    instructions: 'Answer briefly.',
    tools: options.tools ?? [],
  });
  session = new RealtimeSession(agent, {
    transport: 'websocket',
    model: 'parley-local',
    tracingDisabled: true,
    ...(options.turnDetection === undefined
      ? {}
      : { config: { audio: { input: { turnDetection: options.turnDetection as never } } } }),
  }) as Session;
  const now: Opened = { session, server, received: [], errors: [], audio: [] };
  latest = now;
  session.on('error', (error) => now.errors.push(error));
  session.on('audio', (event) => now.audio.push(event.data.byteLength));
  session.transport.on('*', (event) => now.received.push(event as never));
  await session.connect({ url: `${server.url}?model=parley-local`, apiKey: options.token ?? 'any' });
  await until(() => now.received.filter(({ type }) => type === 'session.updated').length >= 2);
  return now;
}

afterEach(async ({ task }) => {
  session?.close();
  await server?.close();
  const problems = latest?.received.flatMap((event) => validatorOf('ga', 'server').problems(event));
  latest = null;
  expect(problems ?? [], 'events that are not as the published types say').toEqual([]);
  task.meta.client = '@openai/agents-realtime';
});

async function until(condition: () => boolean): Promise<void> {
  const giveUp = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > giveUp) throw new Error('it did not happen');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const bytes = (pcm: Pcm16): ArrayBuffer => Uint8Array.from(pcm16ToBytes(pcm)).buffer;
const count = ({ received }: Opened, type: string) => received.filter((event) => event.type === type).length;

function speak(to: Session): void {
  to.sendAudio(bytes(silence(400)));
  to.sendAudio(bytes(tone(800)));
  to.sendAudio(bytes(silence(1500)));
}

function said(history: RealtimeItem[]): string[] {
  return history.flatMap((item) =>
    item.type === 'message'
      ? item.content.map(
          (part) =>
            `${item.role}: ${'transcript' in part ? part.transcript : 'text' in part ? part.text : ''}`,
        )
      : [`${item.type}: ${'name' in item ? item.name : ''}`],
  );
}

describe('@openai/agents-realtime', () => {
  it('holds a spoken turn, with both sides in its history in order', async () => {
    const opened = await connect({
      speech: [{ partials: ['what'], final: 'what time is it' }],
      answers: [['It is ', 'noon.', { type: 'usage', inputTokens: 12, outputTokens: 5 }]],
    });
    speak(opened.session);
    await until(() => said(opened.session.history).length === 2 && count(opened, 'response.done') === 1);
    await until(() => said(opened.session.history)[0] === 'user: what time is it');
    expect(said(opened.session.history)).toEqual(['user: what time is it', 'assistant: It is noon.']);
    // 'It is noon.' is 11 characters of 10 ms, at 48 bytes for each millisecond.
    expect(opened.audio.reduce((sum, length) => sum + length, 0)).toBe(110 * 48);
    // What the model counted, and sound by its length: 1.7 s at 10 tokens a second in, 0.11 s at 20 out.
    expect(opened.session.usage).toMatchObject({ inputTokens: 12 + 17, outputTokens: 5 + 3 });
    expect(opened.errors).toEqual([]);
    expect(count(opened, 'error')).toBe(0);
  });

  it('speaks one turn after another, by voice and by text', async () => {
    const opened = await connect({
      speech: [{ final: 'hello' }],
      answers: [['Hi.'], ['Four.'], ['Bye.']],
    });
    speak(opened.session);
    await until(() => count(opened, 'response.done') === 1);
    opened.session.sendMessage('two and two?');
    await until(() => count(opened, 'response.done') === 2);
    opened.session.sendMessage('goodbye');
    await until(() => count(opened, 'response.done') === 3);
    await until(() => said(opened.session.history)[0] === 'user: hello');
    expect(said(opened.session.history)).toEqual([
      'user: hello',
      'assistant: Hi.',
      'user: two and two?',
      'assistant: Four.',
      'user: goodbye',
      'assistant: Bye.',
    ]);
    expect(opened.errors).toEqual([]);
  });

  it('runs a tool and speaks its result', async () => {
    const asked: unknown[] = [];
    const weather = tool({
      name: 'weather',
      description: 'The weather somewhere',
      parameters: z.object({ city: z.string() }),
      execute: async (input) => {
        asked.push(input);
        return 'sunny';
      },
    });
    const opened = await connect(
      {
        answers: [
          [{ type: 'tool-call', callId: 'call_1', name: 'weather', arguments: '{"city":"Paris"}' }],
          ['It is sunny.'],
        ],
      },
      { tools: [weather] },
    );
    opened.session.sendMessage('weather in Paris?');
    await until(() => said(opened.session.history).includes('assistant: It is sunny.'));
    await until(() => count(opened, 'response.done') === 2);
    expect(asked).toEqual([{ city: 'Paris' }]);
    const [first, second] = opened.server.record.llm.requests;
    expect(first?.tools.map(({ name }) => name)).toEqual(['weather']);
    expect(second?.messages.slice(-2)).toEqual([
      { role: 'tool-call', callId: 'call_1', name: 'weather', arguments: '{"city":"Paris"}' },
      { role: 'tool-result', callId: 'call_1', output: 'sunny' },
    ]);
    expect(opened.errors).toEqual([]);
  });

  it('is interrupted by speech: it truncates, and sends no cancel of its own', async () => {
    const opened = await connect({
      speech: [{ final: 'tell me a story' }, { final: 'stop' }],
      answers: [['Once upon a time. ', new Promise<void>(() => undefined)], ['Fine.']],
    });
    let interrupted = 0;
    opened.session.on('audio_interrupted', () => interrupted++);
    speak(opened.session);
    await until(() => opened.audio.length > 0);
    speak(opened.session);
    await until(() => count(opened, 'response.done') === 2);
    expect(interrupted).toBe(1);
    const [cancelled] = opened.received.filter(({ type }) => type === 'response.done');
    expect(cancelled).toMatchObject({
      response: { status: 'cancelled', status_details: { reason: 'turn_detected' } },
    });
    await until(() => count(opened, 'conversation.item.truncated') === 1);
    await until(() => said(opened.session.history).includes('user: stop'));
    const history = said(opened.session.history);
    expect(history.map((line) => line.split(':')[0])).toEqual(['user', 'assistant', 'user', 'assistant']);
    expect([history[0], history[2], history[3]]).toEqual([
      'user: tell me a story',
      'user: stop',
      'assistant: Fine.',
    ]);
    expect(count(opened, 'error')).toBe(0);
    expect(opened.errors).toEqual([]);
  });

  it('uses the tools of an MCP server, which the server calls, and asks before', async () => {
    const mcp = await startSkyServer();
    try {
      const hosted = hostedMcpTool({ serverLabel: 'sky', serverUrl: mcp.url, requireApproval: 'always' });
      const call: LlmPart = {
        type: 'tool-call',
        callId: 'call_1',
        name: 'weather',
        arguments: '{"city":"Paris"}',
      };
      const opened = await connect({ answers: [[call], ['It is sunny.']] }, { tools: [hosted] });
      const asked: string[] = [];
      const completed: string[] = [];
      opened.session.on('tool_approval_requested', (_context, _agent, request) => {
        asked.push(request.approvalItem.name ?? '');
        void opened.session.approve(request.approvalItem);
      });
      opened.session.on('mcp_tool_call_completed', (_context, _agent, item) =>
        completed.push(item.output ?? ''),
      );
      await until(() => count(opened, 'mcp_list_tools.completed') === 1);
      opened.session.sendMessage('weather in Paris?');
      await until(() => said(opened.session.history).includes('assistant: It is sunny.'));
      expect(asked).toEqual(['weather']);
      expect(completed).toEqual(['It is sunny in Paris.']);
      expect(opened.server.record.llm.requests.at(-1)?.messages).toContainEqual(
        expect.objectContaining({ role: 'tool-result', output: 'It is sunny in Paris.' }),
      );
      expect(opened.errors).toEqual([]);
    } finally {
      await mcp.close();
    }
  });

  it('shows a picture', async () => {
    const picture = 'data:image/png;base64,iVBORw0KGgo=';
    const opened = await connect({ sees: true, answers: [['A pixel.']] });
    opened.session.addImage(picture);
    await until(() => said(opened.session.history).includes('assistant: A pixel.'));
    const [question] = opened.server.record.llm.requests[0]?.messages ?? [];
    expect(question).toMatchObject({ role: 'user', images: [{ url: picture }] });
    expect(opened.errors).toEqual([]);
  });

  it('recovers from a refused response.create: the next one is answered', async () => {
    const opened = await connect({ answers: [['Answered.']] });
    opened.session.transport.sendEvent({
      type: 'response.create',
      response: { output_modalities: ['text', 'audio'] },
    });
    await until(() => count(opened, 'error') === 1);
    opened.session.sendMessage('two');
    await until(() => said(opened.session.history).includes('assistant: Answered.'));
    const [error] = opened.received.filter(({ type }) => type === 'error');
    expect(JSON.stringify(error)).toContain('agents_js_response_create_');
  });

  it('pushes to talk when turn detection is off', async () => {
    const opened = await connect(
      { speech: [{ final: 'ping' }], answers: [['Pong.']] },
      { turnDetection: null },
    );
    opened.session.sendAudio(bytes(tone(600)), { commit: true });
    await until(() => count(opened, 'conversation.item.input_audio_transcription.completed') === 1);
    opened.session.transport.sendEvent({ type: 'response.create' });
    await until(() => said(opened.session.history).length === 2 && count(opened, 'response.done') === 1);
    await until(() => said(opened.session.history)[0] === 'user: ping');
    expect(said(opened.session.history)).toEqual(['user: ping', 'assistant: Pong.']);
  });

  it('is let in with the right key and told of a wrong one', async () => {
    const opened = await connect({}, { token: 'secret' });
    expect(count(opened, 'session.created')).toBe(1);
    const wrong = new RealtimeSession(new RealtimeAgent({ name: 'a' }), { transport: 'websocket' });
    const errors: unknown[] = [];
    wrong.on('error', ({ error }) => errors.push(error));
    await wrong.connect({ url: opened.server.url, apiKey: 'wrong' }).catch(() => undefined);
    await until(() => errors.length > 0);
    expect(JSON.stringify(errors)).toContain('invalid_api_key');
    wrong.close();
  });
});
