/** The stock `openai` package from npm makes short-lived keys here, and other clients come in with them. */
import { RealtimeAgent, RealtimeSession } from '@openai/agents-realtime';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestServer, TestClient, type TestServer } from '../helpers/server-client';
import { EventLog } from './event-log';

let server: TestServer;
afterEach(() => server.close());

async function sdk(apiKey = 'master'): Promise<OpenAI> {
  server = await startTestServer({ answers: [['Hi.']] }, { token: 'master' });
  return new OpenAI({ apiKey, baseURL: `http://127.0.0.1:${server.port}/v1`, maxRetries: 0 });
}

describe('the openai package', () => {
  it('makes a client secret, with which @openai/agents-realtime holds a turn', async () => {
    const openai = await sdk();
    const { value, expires_at, session } = await openai.realtime.clientSecrets.create({
      expires_after: { anchor: 'created_at', seconds: 30 },
      session: { type: 'realtime', instructions: 'Be kind.', output_modalities: ['text'] },
    });
    expect(expires_at).toBeGreaterThan(Date.now() / 1000);
    expect(session).toMatchObject({ type: 'realtime', instructions: 'Be kind.' });

    const agent = new RealtimeSession(new RealtimeAgent({ name: 'a', instructions: 'Be brief.' }), {
      transport: 'websocket',
      tracingDisabled: true,
    });
    const log = new EventLog();
    agent.transport.on('*', log.add);
    await agent.connect({ url: server.url, apiKey: value });
    agent.sendMessage('hello');
    await log.until('response.done');
    agent.close();
    expect(log.events[0]?.type).toBe('session.created');
    expect(log.of('error')).toEqual([]);
    expect(log.problems()).toEqual([]);
  });

  it('makes the keys of the older dialect', async () => {
    const openai = await sdk();
    const made = await openai.beta.realtime.sessions.create({ voice: 'ash', modalities: ['text'] });
    expect(made).toMatchObject({ voice: 'ash', modalities: ['text'] });
    const headers = { authorization: `Bearer ${made.client_secret.value}`, 'openai-beta': 'realtime=v1' };
    const client = await TestClient.open(server.url, { headers });
    expect(client.events[0]?.session).toMatchObject({ voice: 'ash', modalities: ['text'] });
    client.close();

    const transcription = await openai.beta.realtime.transcriptionSessions.create({ turn_detection: {} });
    expect(transcription.client_secret.value).toMatch(/^ek_/u);
    expect(transcription.turn_detection).toMatchObject({ type: 'server_vad' });
  });

  it('understands what is refused', async () => {
    const openai = await sdk();
    const bad = openai.realtime.clientSecrets.create({ session: { type: 'realtime', tools: 5 as never } });
    await expect(bad).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    await expect(bad).rejects.toMatchObject({ code: 'invalid_type', param: 'session.tools' });
    const stranger = openai.withOptions({ apiKey: 'other' });
    await expect(stranger.realtime.clientSecrets.create({})).rejects.toBeInstanceOf(
      OpenAI.AuthenticationError,
    );
    const call = openai.realtime.calls.create({ sdp: 'v=0' });
    await expect(call).rejects.toMatchObject({ status: 501, code: 'not_implemented' });
  });
});

it('a key for G.711 begins with it: the very first sound is decoded so', async () => {
  const openai = await sdk();
  const { value } = await openai.realtime.clientSecrets.create({
    session: { type: 'realtime', audio: { input: { format: { type: 'audio/pcmu' }, turn_detection: null } } },
  });
  const client = await TestClient.open(server.url, { headers: { authorization: `Bearer ${value}` } });
  // 200 ms at a byte for each of 8000 samples a second; as PCM16 at 24 kHz it would be too short to commit.
  const audio = Buffer.alloc(1600, 0xff).toString('base64');
  client.send({ type: 'input_audio_buffer.append', audio });
  await client.ask({ type: 'input_audio_buffer.commit' }, 'input_audio_buffer.committed');
  expect(client.of('error')).toEqual([]);
  client.close();
});
