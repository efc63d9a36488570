/** Whole turns in the older dialect, over a socket. */
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeScript, tone } from '../../../src/server/backends/fake';
import { BETA_SERVER_EVENTS } from '../../../src/server/beta/events';
import { silence, startTestServer, TestClient, type TestServer } from '../../helpers/server-client';

let server: TestServer;
let client: TestClient;
const BETA = { headers: { 'openai-beta': 'realtime=v1' } };

async function open(script: FakeScript = {}, query = '', options: object = BETA): Promise<void> {
  server = await startTestServer(script);
  client = await TestClient.open(server.url + query, options);
}
afterEach(async () => {
  // No word of GA's own gets out.
  expect(client.events.filter(({ type }) => !(type in BETA_SERVER_EVENTS))).toEqual([]);
  expect(client.events.every(({ event_id }) => typeof event_id === 'string')).toBe(true);
  client.close();
  await server.close();
});

const update = async (session: object) =>
  (await client.ask({ type: 'session.update', session }, 'session.updated')).session;
const say = (text: string) => ({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
});

function speak(): void {
  client.append(silence(400));
  client.append(tone(800));
  client.append(silence(1500));
}

describe('a turn', () => {
  it('by voice has the order and the names of the beta', async () => {
    await open({ speech: [{ final: 'hello' }], answers: [['Hi.']] });
    await update({ input_audio_transcription: { model: 'whisper-1' } });
    const from = client.events.length;
    speak();
    await client.next('response.done');
    await client.next('conversation.item.input_audio_transcription.completed');
    const types = client
      .types(from)
      .filter((type) => !type.includes('transcription') && type !== 'rate_limits.updated');
    const deltas = ['response.audio_transcript.delta', 'response.audio.delta'];
    expect(types.filter((type) => !deltas.includes(type))).toEqual([
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.created',
      'response.created',
      'response.output_item.added',
      'conversation.item.created',
      'response.content_part.added',
      'response.audio.done',
      'response.audio_transcript.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.done',
    ]);
    const [user, assistant] = client.of('conversation.item.created');
    expect(user?.item).toMatchObject({ role: 'user', content: [{ type: 'input_audio', transcript: null }] });
    expect(assistant).toMatchObject({
      previous_item_id: user?.item.id,
      item: { role: 'assistant', status: 'in_progress', content: [] },
    });
    const spoken = client.of('response.audio.delta').map(({ delta }) => Buffer.from(delta, 'base64').length);
    expect(spoken.reduce((sum, length) => sum + length, 0)).toBe(30 * 48);
    const [conversation] = client.of('conversation.created');
    expect(client.of('response.done')[0]?.response).toMatchObject({
      status: 'completed',
      conversation_id: conversation?.conversation.id,
      modalities: ['audio', 'text'],
      output_audio_format: 'pcm16',
      voice: 'alloy',
      temperature: 0.8,
      output: [{ content: [{ type: 'audio', transcript: 'Hi.' }] }],
    });
    expect(client.of('error')).toEqual([]);
  });

  it('by text, with an answer of text', async () => {
    await open({ answers: [['Four.']] });
    client.send(say('two and two?'));
    const done = await client.ask(
      { type: 'response.create', response: { modalities: ['text'] } },
      'response.done',
    );
    expect(client.of('response.text.done')[0]?.text).toBe('Four.');
    expect(
      client
        .of('response.text.delta')
        .map(({ delta }) => delta)
        .join(''),
    ).toBe('Four.');
    expect(done.response).toMatchObject({
      modalities: ['text'],
      output: [{ content: [{ type: 'text', text: 'Four.' }] }],
    });
  });

  it('of a tool', async () => {
    const call = { type: 'tool-call', callId: 'call_1', name: 'weather', arguments: '{}' } as const;
    await open({ answers: [[call], ['Sunny.']] });
    await update({ tools: [{ type: 'function', name: 'weather', parameters: {} }], modalities: ['text'] });
    client.send(say('weather?'));
    await client.ask({ type: 'response.create' }, 'response.done');
    expect(client.of('response.function_call_arguments.done')[0]).toMatchObject({
      call_id: 'call_1',
      arguments: '{}',
    });
    expect(client.of('response.output_item.done')[0]?.item).toMatchObject({
      type: 'function_call',
      status: 'completed',
      name: 'weather',
    });
    const item = { type: 'function_call_output', call_id: 'call_1', output: 'sun' };
    await client.ask({ type: 'conversation.item.create', item }, 'conversation.item.created');
    await client.ask({ type: 'response.create' }, 'response.done');
    expect(client.of('response.text.done').at(-1)?.text).toBe('Sunny.');
    expect(server.record.llm.requests.at(-1)?.messages.at(-1)).toMatchObject({
      role: 'tool-result',
      output: 'sun',
    });
  });

  it('is interrupted, truncated and read back in flat words', async () => {
    await open({ answers: [['Once upon a time there was a king. ', new Promise<void>(() => undefined)]] });
    client.send(say('a story?'));
    client.send({ type: 'response.create' });
    const { item_id } = await client.next('response.audio.delta');
    const done = await client.ask({ type: 'response.cancel' }, 'response.done');
    expect(done.response).toMatchObject({
      status: 'cancelled',
      status_details: { reason: 'client_cancelled' },
    });
    const truncate = { type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms: 20 };
    expect(await client.ask(truncate, 'conversation.item.truncated')).toMatchObject({
      item_id,
      audio_end_ms: 20,
    });
    const { item } = await client.ask(
      { type: 'conversation.item.retrieve', item_id },
      'conversation.item.retrieved',
    );
    expect(item).toMatchObject({ status: 'incomplete', content: [{ type: 'audio' }] });
  });

  it('of replayed history reaches the LLM', async () => {
    await open({ answers: [['Fine.']] });
    const assistant = { type: 'message', role: 'assistant', content: [{ type: 'text', text: 'I am Ann.' }] };
    const { item } = await client.ask(
      { type: 'conversation.item.create', item: assistant },
      'conversation.item.created',
    );
    expect(item).toMatchObject(assistant);
    client.send(say('Your name?'));
    await client.ask({ type: 'response.create' }, 'response.done');
    expect(
      server.record.llm.requests[0]?.messages.map((message) => 'text' in message && message.text),
    ).toEqual(expect.arrayContaining(['I am Ann.', 'Your name?']));
  });
});

describe('the session', () => {
  it('is flat, patched, and keeps what it cannot use', async () => {
    await open({}, '?model=gpt-4o-realtime-preview');
    expect(client.types()).toEqual(['session.created', 'conversation.created']);
    expect(client.events[0]?.session).toMatchObject({
      model: 'gpt-4o-realtime-preview',
      modalities: ['audio', 'text'],
      temperature: 0.8,
      turn_detection: { type: 'server_vad' },
    });
    expect(client.events[0]?.session).not.toHaveProperty('audio');
    expect(await update({ temperature: 1, turn_detection: null, voice: 'ash' })).toMatchObject({
      temperature: 1,
      turn_detection: null,
      voice: 'ash',
    });
    expect(await update({ max_response_output_tokens: 99 })).toMatchObject({
      temperature: 1,
      turn_detection: null,
      voice: 'ash',
      max_response_output_tokens: 99,
    });
  });

  it('for transcription has its own update', async () => {
    await open({ speech: [{ final: 'hello' }] }, '?intent=transcription');
    expect(client.types()).toEqual(['session.created']);
    const { session } = await client.ask(
      {
        type: 'transcription_session.update',
        session: { input_audio_transcription: { model: 'whisper-1' } },
      },
      'transcription_session.updated',
    );
    expect(session).toMatchObject({
      object: 'realtime.transcription_session',
      input_audio_transcription: { model: 'whisper-1' },
    });
    speak();
    const { transcript } = await client.next('conversation.item.input_audio_transcription.completed');
    expect(transcript).toBe('hello');
    expect(client.of('response.created')).toEqual([]);
  });
});

describe('errors', () => {
  it("name the flat path and the client's own event, wherever they were found", async () => {
    await open();
    const cases: Array<[object, string, string]> = [
      [
        { type: 'session.update', session: { output_modalities: ['text'] } },
        'unknown_parameter',
        'session.output_modalities',
      ],
      [{ type: 'session.update', session: { speed: 9 } }, 'invalid_value', 'session.speed'],
      [
        { type: 'session.update', session: { turn_detection: { type: 'server_vad', threshold: 2 } } },
        'invalid_value',
        'session.turn_detection.threshold',
      ],
      [
        { type: 'response.create', response: { max_response_output_tokens: 0 } },
        'invalid_value',
        'response.max_response_output_tokens',
      ],
      [{ type: 'nonsense' }, 'invalid_value', 'type'],
    ];
    for (const [event, code, param] of cases) {
      const { error } = await client.ask({ ...event, event_id: 'mine' }, 'error');
      expect(error).toMatchObject({ type: 'invalid_request_error', code, param, event_id: 'mine' });
    }
    const { error } = await client.ask({ type: 'session.update', session: { speed: 9 } }, 'error');
    expect(error.event_id).toBe(null);
    expect((await client.ask('{', 'error')).error.code).toBe('invalid_json');
    expect((await client.ask({}, 'error')).error.code).toBe('invalid_event');
    const from = client.events.length;
    client.socket.send(Buffer.from([1, 2, 3]));
    expect((await client.next('error', { from })).error.code).toBe('invalid_event');
  });
});

describe('the way in', () => {
  it("is the header, the subprotocol, or Azure's preview", async () => {
    await open();
    const preview = server.url.replace(
      '/v1/realtime',
      '/openai/realtime?api-version=2024-10-01-preview&deployment=mine',
    );
    const ways: Array<[string, object, string]> = [
      [
        server.url,
        { protocols: ['realtime', 'openai-insecure-api-key.x', 'openai-beta.realtime-v1'] },
        'realtime',
      ],
      [server.url, { protocols: ['openai-beta.realtime-v1'] }, 'openai-beta.realtime-v1'],
      [preview, { headers: { 'api-key': 'x' } }, ''],
    ];
    for (const [url, options, protocol] of ways) {
      const other = await TestClient.open(url, options);
      expect(other.socket.protocol).toBe(protocol);
      expect(other.events[0]?.session).toMatchObject({ modalities: ['audio', 'text'] });
      if (url === preview) expect(other.events[0]?.session.model).toBe('mine');
      other.close();
    }
  });

  it('two dialects are spoken side by side', async () => {
    await open({ answers: [['One.'], ['Two.']] });
    const ga = await TestClient.open(server.url);
    expect(ga.events[0]?.session).toMatchObject({ type: 'realtime', output_modalities: ['audio'] });
    client.send(say('x'));
    ga.send(say('y'));
    await client.ask({ type: 'response.create' }, 'response.done');
    await ga.ask({ type: 'response.create' }, 'response.done');
    expect(ga.of('response.output_audio.delta').length).toBeGreaterThan(0);
    expect(ga.events.filter(({ type }) => type === 'conversation.item.created')).toEqual([]);
    ga.close();
  });
});
