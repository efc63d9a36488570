import { describe, expect, it } from 'vitest';
import { type FakeScript, tone } from '../../src/server/backends/fake';
import { openSession } from '../helpers/open-session';
import { silence, type TestClient, type TestServer, type WireEvent } from '../helpers/server-client';

let server: TestServer;
let client: TestClient;

async function open(script: FakeScript, turnDetection: object = {}): Promise<void> {
  ({ server, client } = await openSession(script));
  const turn_detection = { type: 'server_vad', ...turnDetection };
  await client.ask(
    { type: 'session.update', session: { type: 'realtime', audio: { input: { turn_detection } } } },
    'session.updated',
  );
}

const NEVER = new Promise<void>(() => undefined);

function speak(): void {
  client.append(tone(500));
  client.append(silence(700));
}

describe('speech over an answer', () => {
  it('ends it at once: what is open is closed as incomplete, then done, once', async () => {
    await open({ answers: [['The first part. ', 'And then ', NEVER], ['Fine.']] });
    speak();
    await client.next('response.output_audio.delta');
    await client.next('response.output_audio_transcript.delta', { count: 2 });
    client.append(tone(200));
    const done = await client.next('response.done');
    await client.next('rate_limits.updated');
    const started = client.events.lastIndexOf(client.of('input_audio_buffer.speech_started')[1] as WireEvent);
    expect(client.types(started)).toEqual([
      'input_audio_buffer.speech_started',
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'conversation.item.done',
      'response.output_item.done',
      'response.done',
      'rate_limits.updated',
    ]);
    expect(done.response).toMatchObject({
      status: 'cancelled',
      status_details: { type: 'cancelled', reason: 'turn_detected' },
      output: [
        {
          status: 'incomplete',
          content: [{ type: 'output_audio', transcript: 'The first part. And then ' }],
        },
      ],
    });
    client.append(silence(700));
    await client.next('response.done', { count: 2 });
    expect(client.of('response.done').map(({ response }) => response.status)).toEqual([
      'cancelled',
      'completed',
    ]);
    // Every stage was told, and nothing of the cancelled response follows its end.
    expect(server.record.llm.aborted).toBe(1);
    const end = client.events.indexOf(done);
    const late = client.events.slice(end + 1).filter((event) => event.response_id === done.response.id);
    expect(late).toEqual([]);
  });

  it('stops a voice in the middle of a sentence', async () => {
    await open({ answers: [['A long sentence.']], speak: () => [tone(300), NEVER, tone(300)] });
    speak();
    await client.next('response.output_audio.delta');
    client.append(tone(200));
    expect((await client.next('response.done')).response.status).toBe('cancelled');
    expect(server.record.tts.aborted).toBe(1);
  });

  it('leaves the LLM with what was begun, not with what was never spoken', async () => {
    await open({
      answers: [['It is noon. ', 'The sun is high. '], ['Fine.']],
      speak: (text) => (text === 'The sun is high.' ? [NEVER] : [tone(text.length * 10)]),
    });
    speak();
    await client.next('response.output_audio_transcript.delta', { count: 2 });
    await client.next('response.output_audio.delta', { count: 2 });
    speak();
    await client.next('response.done', { count: 2 });
    expect(server.record.llm.requests[1]?.messages).toEqual([
      { role: 'user', text: 'hello' },
      { role: 'assistant', text: 'It is noon.' },
      { role: 'user', text: 'hello' },
    ]);
  });

  it('leaves it alone when interrupt_response is off, and then says that an answer is active', async () => {
    let finish = () => {};
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await open({ answers: [['One. ', gate, 'Two.']] }, { interrupt_response: false });
    speak();
    await client.next('response.output_audio.delta');
    speak();
    const { error } = await client.next('error');
    expect(error).toMatchObject({ code: 'conversation_already_has_active_response', event_id: null });
    finish();
    const { response } = await client.next('response.done');
    expect(response).toMatchObject({
      status: 'completed',
      output: [{ content: [{ transcript: 'One. Two.' }] }],
    });
  });

  it('reports turns only when create_response is off', async () => {
    await open({}, { create_response: false });
    speak();
    await client.next('conversation.item.done');
    await client.settle();
    expect(client.of('response.created')).toEqual([]);
    client.send({ type: 'response.create' });
    expect((await client.next('response.done')).response.status).toBe('completed');
  });

  it('before the answer began: one answer to both turns', async () => {
    let recognised = () => {};
    const gate = new Promise<void>((resolve) => {
      recognised = resolve;
    });
    await open({ speech: [{ final: 'what time', gate }, { final: 'is it' }] });
    speak();
    client.append(tone(200));
    await client.next('input_audio_buffer.speech_started', { count: 2 });
    recognised();
    await client.settle();
    expect(client.of('response.created')).toEqual([]);
    client.append(silence(700));
    await client.next('response.done');
    expect(client.of('response.created')).toHaveLength(1);
    expect(
      server.record.llm.requests[0]?.messages.map((message) => 'text' in message && message.text),
    ).toEqual(['what time', 'is it']);
  });
});

describe('response.cancel', () => {
  it('ends the answer and says who did it', async () => {
    await open({ answers: [['One. ', NEVER]] });
    client.send({ type: 'response.create' });
    await client.next('response.output_audio.delta');
    const { response } = await client.ask({ type: 'response.cancel' }, 'response.done');
    expect(response).toMatchObject({ status: 'cancelled', status_details: { reason: 'client_cancelled' } });
    const { error } = await client.ask({ type: 'response.cancel' }, 'error');
    expect(error.code).toBe('response_cancel_not_active');
  });

  it('before anything was said: an answer without output', async () => {
    await open({ answers: [[NEVER]] });
    client.send({ type: 'response.create' });
    const { response } = await client.ask({ type: 'response.cancel' }, 'response.done');
    expect(response).toMatchObject({ status: 'cancelled', output: [] });
  });
});

describe('conversation.item.truncate', () => {
  /** Two sentences of 110 and 170 ms. */
  async function answered(): Promise<string> {
    await open({ answers: [['It is noon. ', 'The sun is high.'], ['Fine.']] });
    client.send({ type: 'response.create' });
    const { response } = await client.next('response.done');
    return response.output[0].id;
  }
  const truncate = (item_id: string, audio_end_ms: number, content_index = 0) => ({
    type: 'conversation.item.truncate',
    item_id,
    content_index,
    audio_end_ms,
  });

  const heard: Array<[number, string | null]> = [
    [0, null],
    [60, 'It is'],
    [110, 'It is noon.'],
    [200, 'It is noon. The sun'],
    [270, 'It is noon. The sun is high.'],
  ];
  it.each(heard)('at %i ms leaves the LLM with %j', async (ms, text) => {
    const id = await answered();
    const truncated = await client.ask(truncate(id, ms), 'conversation.item.truncated');
    expect(truncated).toMatchObject({ item_id: id, content_index: 0, audio_end_ms: ms });
    const { item } = await client.ask(
      { type: 'conversation.item.retrieve', item_id: id },
      'conversation.item.retrieved',
    );
    const audio = expect.stringMatching(new RegExp(`^[^=]{${ms * 64}}$`, 'u'));
    expect(item.content).toEqual([{ type: 'output_audio', audio }]);
    await client.ask({ type: 'response.create' }, 'response.done');
    expect(server.record.llm.requests[1]?.messages).toEqual(
      text === null ? [] : [{ role: 'assistant', text }],
    );
  });

  const pauses: Array<[number, string | null]> = [
    // Each sentence: 200 ms of silence, 400 ms of voice, 400 ms of silence.
    [390, null],
    [410, 'One'],
    [590, 'One'],
    [600, 'One two.'],
    [1190, 'One two.'],
    [1400, 'One two.'],
    [1450, 'One two. Three'],
    [1700, 'One two. Three four.'],
  ];
  it.each(pauses)('at %i ms leaves out the silence of a voice that pauses: %j', async (ms, text) => {
    await open({
      answers: [['One two. ', 'Three four.'], ['Fine.']],
      speak: () => [silence(200), tone(400), silence(400)],
    });
    const { response } = await client.ask({ type: 'response.create' }, 'response.done');
    await client.ask(truncate(response.output[0].id, ms), 'conversation.item.truncated');
    await client.ask({ type: 'response.create' }, 'response.done');
    expect(server.record.llm.requests[1]?.messages).toEqual(
      text === null ? [] : [{ role: 'assistant', text }],
    );
  });

  const wide: Array<[number, string]> = [
    [40, '现在是'],
    [60, '现在是中午。'],
    [85, '现在是中午。太阳'],
  ];
  it.each(wide)('at %i ms cuts Chinese between words: %s', async (ms, text) => {
    await open({ answers: [['现在是中午。太阳', '很高。'], ['Fine.']] });
    const { response } = await client.ask({ type: 'response.create' }, 'response.done');
    await client.ask(truncate(response.output[0].id, ms), 'conversation.item.truncated');
    await client.ask({ type: 'response.create' }, 'response.done');
    expect(server.record.llm.requests[1]?.messages).toEqual([{ role: 'assistant', text }]);
  });

  it('refuses what is past the end, at another index, or not an answer', async () => {
    const id = await answered();
    const past = await client.ask(truncate(id, 300), 'error');
    expect(past.error).toMatchObject({
      code: 'invalid_value',
      param: 'audio_end_ms',
      message: expect.stringContaining('300ms'),
    });
    await client.ask(truncate(id, 100), 'conversation.item.truncated');
    expect((await client.ask(truncate(id, 200), 'error')).error.code).toBe('invalid_value');
    expect((await client.ask(truncate(id, 0, 1), 'error')).error).toMatchObject({ param: 'content_index' });
    const content = [{ type: 'input_text', text: 'hi' }];
    await client.ask(
      { type: 'conversation.item.create', item: { id: 'mine', type: 'message', role: 'user', content } },
      'conversation.item.done',
    );
    expect((await client.ask(truncate('mine', 0), 'error')).error.code).toBe('unsupported_content_type');
  });
});
