import { beforeEach, describe, expect, it } from 'vitest';
import { EngineError, LlmError } from '../../src/server/backends';
import { type FakeScript, tone } from '../../src/server/backends/fake';
import { openSession } from '../helpers/open-session';
import { silence, TestClient, type TestServer } from '../helpers/server-client';

let server: TestServer;
let client: TestClient;

async function open(script: FakeScript = {}): Promise<void> {
  ({ server, client } = await openSession(script));
}

const MANUAL = {
  type: 'session.update',
  session: { type: 'realtime', audio: { input: { turn_detection: null, transcription: {} } } },
};

/** The session still holds a conversation. */
async function expectAlive(): Promise<void> {
  await client.ask(MANUAL, 'session.updated');
  const from = client.events.length;
  client.append(tone(200));
  client.send({ type: 'input_audio_buffer.commit' });
  client.send({ type: 'response.create' });
  const done = await client.next('response.done', { from });
  expect(done.response.status).toBe('completed');
}

describe('a bad event is answered with an error and the session lives on', () => {
  beforeEach(() => open());
  const base64 = (bytes: number) => Buffer.alloc(bytes).toString('base64');
  const append = (audio: unknown) => ({ type: 'input_audio_buffer.append', audio, event_id: 'mine' });
  const spoken = (audio: string) => ({
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'input_audio', audio }] },
    event_id: 'mine',
  });
  const truncate = (item_id: string) => ({
    type: 'conversation.item.truncate',
    item_id,
    content_index: 0,
    audio_end_ms: 0,
    event_id: 'mine',
  });

  const cases: Array<[string, unknown, string, string | null]> = [
    ['malformed JSON', '{"type":', 'invalid_json', null],
    ['an unknown type', { type: 'session.explode', event_id: 'mine' }, 'invalid_value', 'type'],
    ['a wrong type', append(5), 'invalid_type', 'audio'],
    ['what is not base64', append('?!'), 'invalid_value', 'audio'],
    ['one byte more than 15 MiB', append(base64(15 * 1024 * 1024 + 1)), 'invalid_value', 'audio'],
    ['20 MiB of audio', append(base64(20 * 1024 * 1024)), 'invalid_value', 'audio'],
    [
      'an item with 20 MiB of audio',
      spoken(base64(20 * 1024 * 1024)),
      'invalid_value',
      'item.content[0].audio',
    ],
    ['an item whose audio is not base64', spoken('?!'), 'invalid_value', 'item.content[0].audio'],
    [
      'a commit of nothing',
      { type: 'input_audio_buffer.commit', event_id: 'mine' },
      'input_audio_buffer_commit_empty',
      null,
    ],
    [
      'a cancel of nothing',
      { type: 'response.cancel', event_id: 'mine' },
      'response_cancel_not_active',
      null,
    ],
    ['truncating an unknown item', truncate('x'), 'item_truncate_invalid_item_id', 'item_id'],
    [
      'retrieving an unknown item',
      { type: 'conversation.item.retrieve', item_id: 'x', event_id: 'mine' },
      'item_retrieve_invalid_item_id',
      'item_id',
    ],
    [
      'deleting an unknown item',
      { type: 'conversation.item.delete', item_id: 'x', event_id: 'mine' },
      'item_delete_invalid_item_id',
      'item_id',
    ],
    ['what is for WebRTC', { type: 'output_audio_buffer.clear', event_id: 'mine' }, 'invalid_event', 'type'],
  ];
  it.each(cases)('%s', async (_name, event, code, param) => {
    const answer = await client.ask(event, 'error');
    expect(answer.event_id).toMatch(/^event_/u);
    expect(answer.error).toEqual({
      type: 'invalid_request_error',
      code,
      message: expect.stringMatching(/\S/u),
      param,
      event_id: typeof event === 'string' ? null : 'mine',
    });
    await expectAlive();
  });

  it('a binary frame', async () => {
    const from = client.events.length;
    client.socket.send(Buffer.from([1, 2, 3]));
    expect((await client.next('error', { from })).error.code).toBe('invalid_event');
    await expectAlive();
  });

  it('a commit of 99 ms, which says how much there is', async () => {
    await client.ask(MANUAL, 'session.updated');
    client.append(silence(99));
    const { error } = await client.ask({ type: 'input_audio_buffer.commit' }, 'error');
    expect(error).toMatchObject({
      code: 'input_audio_buffer_commit_empty',
      message: expect.stringContaining('99.00 ms'),
    });
    client.append(silence(1));
    await client.ask({ type: 'input_audio_buffer.commit' }, 'input_audio_buffer.committed');
  });

  it('a frame too large for any event closes this connection only', async () => {
    const other = await TestClient.open(server.url);
    other.socket.send('x'.repeat(33 * 1024 * 1024));
    expect((await other.closed).code).toBe(1009);
    await expectAlive();
  });

  it('the longest append there may be does not hold up others', async () => {
    const other = await TestClient.open(server.url);
    const pcm = new Int16Array((15 * 1024 * 1024) / 2);
    pcm.set(tone(500));
    client.append(pcm);
    client.send({ type: 'response.cancel', event_id: 'after' });
    await client.next('input_audio_buffer.speech_started');
    await other.ask({ type: 'input_audio_buffer.clear' }, 'input_audio_buffer.cleared');
    expect(client.of('error')).toEqual([]);
    other.close();
  });

  it('a sample cut in two between appends', async () => {
    await client.ask(MANUAL, 'session.updated');
    const bytes = Buffer.alloc(4801, 1);
    for (const part of [bytes, bytes.subarray(0, 3)]) client.send(append(part.toString('base64')));
    const { item_id } = await client.ask(
      { type: 'input_audio_buffer.commit' },
      'input_audio_buffer.committed',
    );
    const { item } = await client.ask(
      { type: 'conversation.item.retrieve', item_id },
      'conversation.item.retrieved',
    );
    expect(Buffer.from(item.content[0].audio, 'base64')).toEqual(Buffer.alloc(4804, 1));
  });
});

describe('an engine that fails', () => {
  it('STT: the transcription fails, no answer is made up, the next turn works', async () => {
    await open({
      speech: [{ failure: new EngineError('stt', 'The recogniser has no model.') }, { final: 'hi' }],
    });
    await client.ask(MANUAL, 'session.updated');
    client.append(tone(200));
    client.send({ type: 'input_audio_buffer.commit' });
    const failed = await client.next('conversation.item.input_audio_transcription.failed');
    expect(failed.error).toEqual({
      type: 'server_error',
      code: 'stt_failed',
      message: 'The recogniser has no model.',
    });
    client.send({ type: 'response.create' });
    const done = await client.next('response.done');
    expect(done.response).toMatchObject({
      status: 'failed',
      status_details: {
        type: 'failed',
        error: { code: 'stt_failed', message: 'The recogniser has no model.' },
      },
      output: [],
    });
    expect(server.record.llm.requests).toEqual([]);
    await expectAlive();
  });

  it('STT that cannot start: said as an error when transcription events are off', async () => {
    await open({ speech: [{ openFailure: new EngineError('stt', 'Install it.') }] });
    client.append(tone(500));
    client.append(silence(800));
    const { error } = await client.next('error');
    expect(error).toMatchObject({ type: 'server_error', code: 'stt_failed', message: 'Install it.' });
    await client.settle();
    expect(client.of('response.created')).toEqual([]);
    await expectAlive();
  });

  it('VAD: said once, and manual turns still work', async () => {
    await open({ vadFailure: new EngineError('vad', 'The model file is damaged.') });
    client.append(silence(500));
    await client.settle();
    expect(
      client
        .of('error')
        .filter(({ error }) => error.code === 'vad_failed')
        .map(({ error }) => error.message),
    ).toEqual(['The model file is damaged.']);
    await expectAlive();
  });

  const llmFailures: Array<[string, FakeScript, string, string]> = [
    [
      'LLM at once',
      { answers: [[new LlmError('No model answers at that address.')]] },
      'llm_failed',
      'No model answers',
    ],
    [
      'LLM in the middle',
      { answers: [['One. ', new LlmError('Connection lost.')]] },
      'llm_failed',
      'Connection lost.',
    ],
    [
      'TTS',
      { speak: () => [new EngineError('tts', 'No voice.')], answers: [['Hi.']] },
      'tts_failed',
      'No voice.',
    ],
    ['a bug', { answers: [[new Error('secret words')]] }, 'server_error', 'The server failed'],
  ];
  it.each(llmFailures)('%s: response.done says failed, once', async (_name, script, code, message) => {
    await open(script);
    client.send({ type: 'response.create' });
    const done = await client.next('response.done');
    expect(done.response.status).toBe('failed');
    expect(done.response.status_details.error).toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect(JSON.stringify(client.events)).not.toContain('secret words');
    await client.settle();
    expect(client.of('response.done')).toHaveLength(1);
    const added = client.of('response.output_item.added').length;
    expect(client.of('response.output_item.done')).toHaveLength(added);
    expect(client.types().at(-1)).toBe('rate_limits.updated');
  });

  it('LLM that cannot start: each answer says why, the session lives on', async () => {
    await open({ llmFailure: new EngineError('llm', 'It is not installed.') });
    client.send({ type: 'response.create' });
    const { response } = await client.next('response.done');
    expect(response.status_details.error).toMatchObject({
      code: 'llm_failed',
      message: 'It is not installed.',
    });
    await client.ask({ type: 'input_audio_buffer.clear' }, 'input_audio_buffer.cleared');
  });
});

describe('nothing heard', () => {
  it('ends a detected turn without an answer', async () => {
    await open({ speech: [{ final: '' }] });
    await client.ask(
      { type: 'session.update', session: { type: 'realtime', audio: { input: { transcription: {} } } } },
      'session.updated',
    );
    client.append(tone(500));
    client.append(silence(800));
    const completed = await client.next('conversation.item.input_audio_transcription.completed');
    expect(completed.transcript).toBe('');
    await client.settle();
    expect(client.of('response.created')).toEqual([]);
  });

  it('is said when the client asks for an answer; the LLM is not asked', async () => {
    await open({ speech: [{ final: '' }] });
    await client.ask(MANUAL, 'session.updated');
    client.append(tone(500));
    client.send({ type: 'input_audio_buffer.commit' });
    client.send({ type: 'response.create' });
    const { response } = await client.next('response.done');
    expect(response.status).toBe('completed');
    expect(response.output[0].content[0].transcript).toBe("Sorry, I didn't catch that.");
    expect(server.record.llm.requests).toEqual([]);
  });
});
