/** The sockets of the stock `openai` package, unmodified from npm. They insist on TLS, so they come in by that door. */
import OpenAI, { AzureOpenAI } from 'openai';
import { OpenAIRealtimeWS as BetaRealtimeWS } from 'openai/beta/realtime/ws';
import { OpenAIRealtimeWebSocket } from 'openai/realtime/websocket';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type FakeScript, tone } from '../../src/server/backends/fake';
import { type Pcm16, pcm16ToBytes } from '../../src/shared/audio';
import { silence, startTestServer, type TestServer } from '../helpers/server-client';
import { testCertificate } from './certificate';
import { EventLog } from './event-log';

let server: TestServer;
let close: () => void = () => undefined;

async function start(
  script: FakeScript,
  token: string | null = null,
): Promise<{ client: OpenAI; ca: string }> {
  const { cert, key, ca } = await testCertificate();
  server = await startTestServer(script, { tls: { cert, key }, token });
  const baseURL = `https://localhost:${server.tls?.port}/v1`;
  return { client: new OpenAI({ apiKey: token ?? 'any', baseURL }), ca };
}

afterEach(async () => {
  close();
  vi.unstubAllGlobals();
  await server.close();
});

const base64 = (pcm: Pcm16) => Buffer.from(pcm16ToBytes(pcm)).toString('base64');
const append = (pcm: Pcm16) => ({ type: 'input_audio_buffer.append', audio: base64(pcm) }) as const;

/** What both GA sockets have in common. */
type Realtime = OpenAIRealtimeWS | OpenAIRealtimeWebSocket;

function listen(realtime: Realtime): { log: EventLog; errors: Error[] } {
  const log = new EventLog();
  const errors: Error[] = [];
  realtime.on('event', log.add);
  realtime.on('error', (error) => errors.push(error));
  close = () => realtime.close();
  return { log, errors };
}

const SPOKEN: FakeScript = {
  speech: [{ partials: ['what time'], final: 'what time is it' }],
  answers: [['It is ', 'noon.']],
};

async function spokenTurn(realtime: Realtime): Promise<void> {
  const { log, errors } = listen(realtime);
  await log.until('session.created');
  realtime.send({
    type: 'session.update',
    session: { type: 'realtime', audio: { input: { transcription: { model: 'whisper-1' } } } },
  });
  await log.until('session.updated');
  realtime.send(append(tone(600)));
  realtime.send(append(silence(900)));
  const { response } = await log.until('response.done');
  expect(response).toMatchObject({
    status: 'completed',
    output: [{ content: [{ transcript: 'It is noon.' }] }],
  });
  const heard = await log.until('conversation.item.input_audio_transcription.completed');
  expect(heard.transcript).toBe('what time is it');
  // 'It is noon.' is 11 characters of 10 ms, at 48 bytes for each millisecond.
  expect(log.audioBytes('response.output_audio.delta')).toBe(110 * 48);
  expect(log.problems()).toEqual([]);
  expect(errors).toEqual([]);
}

describe('OpenAIRealtimeWS', () => {
  const client = 'openai OpenAIRealtimeWS';

  it('holds a spoken turn', async ({ task }) => {
    const { client: openai, ca } = await start(SPOKEN, 'secret');
    await spokenTurn(new OpenAIRealtimeWS({ model: 'parley-local', options: { ca } }, openai));
    task.meta.client = client;
  });

  it('calls a function and sends its output', async ({ task }) => {
    const { client: openai, ca } = await start({
      answers: [
        [{ type: 'tool-call', callId: 'call_1', name: 'weather', arguments: '{"city":"Paris"}' }],
        ['It is sunny.'],
      ],
    });
    const realtime = new OpenAIRealtimeWS({ model: 'parley-local', options: { ca } }, openai);
    const { log, errors } = listen(realtime);
    const calls: string[] = [];
    realtime.on('response.function_call_arguments.done', ({ name, arguments: args, call_id }) => {
      calls.push(`${name} ${args}`);
      const item = { type: 'function_call_output', call_id, output: 'sunny' } as const;
      realtime.send({ type: 'conversation.item.create', item });
    });
    await log.until('session.created');
    const tools = [{ type: 'function' as const, name: 'weather', parameters: { type: 'object' } }];
    realtime.send({
      type: 'session.update',
      session: { type: 'realtime', output_modalities: ['text'], tools },
    });
    const content = [{ type: 'input_text' as const, text: 'Weather in Paris?' }];
    realtime.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
    realtime.send({ type: 'response.create' });
    await log.until('response.done');
    realtime.send({ type: 'response.create' });
    expect((await log.until('response.output_text.done')).text).toBe('It is sunny.');
    await log.until('response.done', 2);
    expect(calls).toEqual(['weather {"city":"Paris"}']);
    expect(log.problems()).toEqual([]);
    expect(errors).toEqual([]);
    task.meta.client = client;
  });

  it('opens a transcription session', async ({ task }) => {
    const { client: openai, ca } = await start(SPOKEN);
    const realtime = new OpenAIRealtimeWS({ intent: 'transcription', options: { ca } }, openai);
    const { log, errors } = listen(realtime);
    expect((await log.until('session.created')).session).toMatchObject({ type: 'transcription' });
    realtime.send(append(tone(600)));
    realtime.send(append(silence(900)));
    const heard = await log.until('conversation.item.input_audio_transcription.completed');
    expect(heard.transcript).toBe('what time is it');
    expect(log.of('response.created')).toEqual([]);
    expect(log.problems()).toEqual([]);
    expect(errors).toEqual([]);
    task.meta.client = client;
  });

  it('comes in by Azure’s path, with its key', async ({ task }) => {
    const { ca } = await start(SPOKEN, 'secret');
    const azure = new AzureOpenAI({
      apiKey: 'secret',
      endpoint: `https://localhost:${server.tls?.port}`,
      apiVersion: '2025-08-28',
      deployment: 'parley-local',
    });
    const options = { ca };
    await spokenTurn(await OpenAIRealtimeWS.azure(azure, { options }));
    task.meta.client = 'openai OpenAIRealtimeWS for Azure';
  });

  it('is told of a wrong key as an error of the API', async ({ task }) => {
    const { ca } = await start({}, 'secret');
    const openai = new OpenAI({ apiKey: 'wrong', baseURL: `https://localhost:${server.tls?.port}/v1` });
    const realtime = new OpenAIRealtimeWS({ model: 'parley-local', options: { ca } }, openai);
    const { log, errors } = listen(realtime);
    await log.until('error');
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('invalid_api_key')]);
    expect(log.problems()).toEqual([]);
    task.meta.client = client;
  });
});

describe('OpenAIRealtimeWebSocket', () => {
  const client = 'openai OpenAIRealtimeWebSocket';
  let ca = '';

  beforeEach(() => {
    // Where a runtime has no WebSocket of its own, or none that can be told of a certificate.
    const native = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols, { ca });
      }
    };
    vi.stubGlobal('WebSocket', native);
  });

  it('holds a spoken turn, with its key in a subprotocol', async ({ task }) => {
    const started = await start(SPOKEN, 'secret');
    ca = started.ca;
    const realtime = new OpenAIRealtimeWebSocket({ model: 'parley-local' }, started.client);
    await spokenTurn(realtime);
    expect(realtime.socket.protocol).toBe('realtime');
    task.meta.client = client;
  });

  it('comes in with a short-lived key and finds the session it is bound to', async ({ task }) => {
    const started = await start({ answers: [['Hello.']] }, 'secret');
    ca = started.ca;
    const issued = await issueSecret({ instructions: 'Be brief.', output_modalities: ['text'] });
    const openai = new OpenAI({ apiKey: issued, baseURL: started.client.baseURL });
    const realtime = new OpenAIRealtimeWebSocket({ model: 'parley-local' }, openai);
    const { log, errors } = listen(realtime);
    const { session } = await log.until('session.created');
    expect(session).toMatchObject({ instructions: 'Be brief.', output_modalities: ['text'] });
    realtime.send({ type: 'response.create' });
    expect((await log.until('response.output_text.done')).text).toBe('Hello.');
    expect(log.problems()).toEqual([]);
    expect(errors).toEqual([]);
    task.meta.client = client;
  });

  async function issueSecret(session: object): Promise<string> {
    const openai = new OpenAI({
      apiKey: 'secret',
      baseURL: server.url.replace('ws:', 'http:').replace(/\/realtime$/u, ''),
    });
    const { value, session: bound } = await openai.realtime.clientSecrets.create({
      session: { type: 'realtime', ...session },
    });
    expect(value).toMatch(/^ek_/u);
    expect(bound).toMatchObject(session);
    return value;
  }
});

describe('OpenAIRealtimeWS of the beta', () => {
  const client = 'openai/beta OpenAIRealtimeWS';

  it('holds a spoken turn in the older dialect', async ({ task }) => {
    const { client: openai, ca } = await start(SPOKEN);
    const realtime = new BetaRealtimeWS({ model: 'gpt-4o-realtime-preview', options: { ca } }, openai);
    const log = new EventLog('beta');
    const errors: Error[] = [];
    realtime.on('event', log.add);
    realtime.on('error', (error) => errors.push(error));
    close = () => realtime.close();
    await log.until('session.created');
    realtime.send({
      type: 'session.update',
      session: {
        modalities: ['audio', 'text'],
        input_audio_transcription: { model: 'whisper-1' },
        voice: 'sage',
      },
    });
    expect((await log.until('session.updated')).session).toMatchObject({ voice: 'sage' });
    realtime.send(append(tone(600)));
    realtime.send(append(silence(900)));
    const { response } = await log.until('response.done');
    expect(response).toMatchObject({
      status: 'completed',
      output: [{ content: [{ type: 'audio', transcript: 'It is noon.' }] }],
    });
    expect(log.audioBytes('response.audio.delta')).toBe(110 * 48);
    expect(log.problems()).toEqual([]);
    expect(errors).toEqual([]);
    task.meta.client = client;
  });
});
