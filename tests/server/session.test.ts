import { describe, expect, it } from 'vitest';
import { type FakeScript, tone } from '../../src/server/backends/fake';
import { openSession } from '../helpers/open-session';
import { silence, type TestClient, type TestServer } from '../helpers/server-client';

let server: TestServer;
let client: TestClient;

async function open(script: FakeScript = {}, query = ''): Promise<void> {
  ({ server, client } = await openSession(script, query));
}

const patch = (session: object) => ({ type: 'session.update', session: { type: 'realtime', ...session } });
const update = async (session: object) => (await client.ask(patch(session), 'session.updated')).session;
const input = (fields: object) => ({ audio: { input: fields } });

describe('the session', () => {
  it('is announced whole', async () => {
    await open({}, '?model=gpt-realtime-2.1');
    expect(client.events[0]).toMatchObject({
      type: 'session.created',
      event_id: expect.stringMatching(/^event_/u),
    });
    expect(client.events[0]?.session).toEqual({
      type: 'realtime',
      object: 'realtime.session',
      id: expect.stringMatching(/^sess_/u),
      expires_at: expect.any(Number),
      model: 'gpt-realtime-2.1',
      output_modalities: ['audio'],
      instructions: '',
      audio: {
        input: {
          format: { type: 'audio/pcm', rate: 24_000 },
          transcription: null,
          noise_reduction: null,
          turn_detection: {
            type: 'server_vad',
            threshold: 0.5,
            prefix_padding_ms: 300,
            silence_duration_ms: 500,
            idle_timeout_ms: null,
            create_response: true,
            interrupt_response: true,
          },
        },
        output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: 'alloy', speed: 1 },
      },
      tools: [],
      tool_choice: 'auto',
      max_output_tokens: 'inf',
      truncation: 'auto',
      tracing: null,
      prompt: null,
    });
  });

  it('is patched: what an update does not name stays, at every depth', async () => {
    await open();
    await update({ instructions: 'Be kind.', audio: { output: { voice: 'sage', speed: 1.2 } } });
    await update(input({ transcription: { model: 'whisper-1', language: 'en' } }));
    await update(input({ transcription: { prompt: 'names' } }));
    await update(input({ turn_detection: { type: 'server_vad', threshold: 0.3 } }));
    const session = await update(input({ turn_detection: { type: 'server_vad', silence_duration_ms: 900 } }));
    expect(session).toMatchObject({
      instructions: 'Be kind.',
      audio: {
        input: {
          transcription: { model: 'whisper-1', language: 'en', prompt: 'names' },
          turn_detection: {
            threshold: 0.3,
            silence_duration_ms: 900,
            prefix_padding_ms: 300,
            interrupt_response: true,
          },
        },
        output: { voice: 'sage', speed: 1.2 },
      },
    });
  });

  it('is cleared by empty values and null', async () => {
    await open();
    await update({
      instructions: 'x',
      tools: [{ type: 'function', name: 'f' }],
      include: ['item.input_audio_transcription.logprobs'],
      ...input({ transcription: {} }),
    });
    const session = await update({
      instructions: '',
      tools: [],
      include: [],
      ...input({ transcription: null, turn_detection: null }),
    });
    expect(session).toMatchObject({
      instructions: '',
      tools: [],
      include: [],
      audio: { input: { transcription: null, turn_detection: null } },
    });
  });

  it('starts from the defaults of another kind of turn detection, but for what both kinds have', async () => {
    await open();
    await update(input({ turn_detection: { type: 'server_vad', create_response: false } }));
    const semantic = await update(input({ turn_detection: { type: 'semantic_vad', eagerness: 'high' } }));
    expect(semantic.audio.input.turn_detection).toEqual({
      type: 'semantic_vad',
      eagerness: 'high',
      create_response: false,
      interrupt_response: true,
    });
  });

  it('keeps what it has when an update is refused', async () => {
    await open();
    const { error } = await client.ask(
      patch({ instructions: 'new', audio: { output: { speed: 9 } } }),
      'error',
    );
    expect(error.param).toBe('session.audio.output.speed');
    expect((await update({})).instructions).toBe('');
  });

  it('keeps its model and its type', async () => {
    await open({}, '?model=first');
    expect((await update({ model: 'second' })).model).toBe('first');
    const { error } = await client.ask(
      { type: 'session.update', session: { type: 'transcription' } },
      'error',
    );
    expect(error).toMatchObject({ code: 'invalid_value', param: 'session.type' });
  });

  it('keeps its voice once it has spoken', async () => {
    await open();
    await update({ audio: { output: { voice: 'sage' } } });
    await client.ask({ type: 'response.create' }, 'response.done');
    const { error } = await client.ask(
      patch({ instructions: 'new', audio: { output: { voice: 'echo' } } }),
      'error',
    );
    expect(error).toMatchObject({ code: 'cannot_update_voice', param: 'session.audio.output.voice' });
    expect(await update({ audio: { output: { voice: 'sage' } } })).toMatchObject({ instructions: '' });
    const refused = await client.ask(
      { type: 'response.create', response: { audio: { output: { voice: 'echo' } } } },
      'error',
    );
    expect(refused.error.code).toBe('cannot_update_voice');
  });

  it('of transcription turns speech into text and answers nothing', async () => {
    await open({ speech: [{ final: 'hello world' }] }, '?intent=transcription');
    expect(client.events[0]?.session).toMatchObject({
      type: 'transcription',
      object: 'realtime.transcription_session',
      expires_at: expect.any(Number),
    });
    client.append(tone(500));
    client.append(silence(700));
    const { transcript } = await client.next('conversation.item.input_audio_transcription.completed');
    expect(transcript).toBe('hello world');
    const { error } = await client.ask({ type: 'response.create' }, 'error');
    expect(error.code).toBe('invalid_event');
    expect(client.of('response.created')).toEqual([]);
  });
});

describe('turn detection', () => {
  const started = () => client.next('input_audio_buffer.speech_started');
  const stopped = () => client.next('input_audio_buffer.speech_stopped');

  it('tells where speech began, padding included, and ended, silence included', async () => {
    await open();
    client.append(silence(1024));
    client.append(tone(1024));
    client.append(silence(1024));
    const start = (await started()).audio_start_ms;
    const end = (await stopped()).audio_end_ms;
    expect(Math.abs(start - (1024 - 300))).toBeLessThanOrEqual(32);
    expect(Math.abs(end - (2048 + 512))).toBeLessThanOrEqual(64);
    const { item_id } = await client.next('input_audio_buffer.committed');
    expect(item_id).toBe((await started()).item_id);
    const { item } = await client.ask(
      { type: 'conversation.item.retrieve', item_id },
      'conversation.item.retrieved',
    );
    expect(Buffer.from(item.content[0].audio, 'base64').length / 48).toBeCloseTo(end - start, -2);
  });

  it.each([0, 100, 300, 1000])('pads by %i ms, and the STT hears the same', async (padding) => {
    await open();
    await update(input({ turn_detection: { type: 'server_vad', prefix_padding_ms: padding } }));
    client.append(silence(2048));
    client.append(tone(512));
    client.append(silence(1000));
    const start = (await started()).audio_start_ms;
    const end = (await stopped()).audio_end_ms;
    expect(Math.abs(start - (2048 - padding))).toBeLessThanOrEqual(32);
    await client.settle();
    const heardMs = (server.record.stt[0]?.samples ?? 0) / 16;
    expect(Math.abs(heardMs - (end - start))).toBeLessThanOrEqual(40);
  });

  it('ends a turn after the silence asked for, also when that changes', async () => {
    await open();
    await update(input({ turn_detection: { type: 'server_vad', silence_duration_ms: 200 } }));
    client.append(tone(320));
    client.append(silence(320));
    await stopped();
    await update(input({ turn_detection: { type: 'server_vad', silence_duration_ms: 1500 } }));
    const from = client.events.length;
    client.append(tone(320));
    client.append(silence(1200));
    await client.settle();
    expect(client.types(from)).not.toContain('input_audio_buffer.speech_stopped');
    client.append(silence(400));
    await client.next('input_audio_buffer.speech_stopped', { from });
  });

  it('takes for speech what reaches the threshold asked for, also when that changes', async () => {
    await open({ probability: () => 0.6 });
    await update(input({ turn_detection: { type: 'server_vad', threshold: 0.7 } }));
    client.append(tone(500));
    await client.settle();
    expect(client.of('input_audio_buffer.speech_started')).toEqual([]);
    await update(input({ turn_detection: { type: 'server_vad', threshold: 0.4 } }));
    client.append(tone(500));
    await started();
  });

  it('finds several turns in one long append', async () => {
    await open({ speech: [{ final: 'one' }, { final: 'two' }], answers: [['A.'], ['B.'], ['C.']] });
    await update(input({ turn_detection: { type: 'server_vad', create_response: false } }));
    const pcm = new Int16Array(24 * 6000);
    pcm.set(tone(600), 24 * 1000);
    pcm.set(tone(600), 24 * 4000);
    client.append(pcm);
    await client.next('input_audio_buffer.committed', { count: 2 });
    const starts = client.of('input_audio_buffer.speech_started').map(({ audio_start_ms }) => audio_start_ms);
    expect(Math.abs(starts[0] - 700)).toBeLessThanOrEqual(32);
    expect(Math.abs(starts[1] - 3700)).toBeLessThanOrEqual(32);
  });

  it('off: the VAD is not asked, and what was said is forgotten by clear', async () => {
    await open();
    await update(input({ turn_detection: null }));
    client.append(tone(500));
    await client.ask({ type: 'input_audio_buffer.clear' }, 'input_audio_buffer.cleared');
    expect(server.record.vad.frames).toBe(0);
    expect(server.record.stt[0]).toMatchObject({ cancelled: true });
    client.append(tone(200));
    const { item_id } = await client.ask(
      { type: 'input_audio_buffer.commit' },
      'input_audio_buffer.committed',
    );
    const { item } = await client.ask(
      { type: 'conversation.item.retrieve', item_id },
      'conversation.item.retrieved',
    );
    expect(Buffer.from(item.content[0].audio, 'base64')).toEqual(
      Buffer.from(new Uint8Array(tone(200).buffer)),
    );
    // All of it went through the STT, nothing of what was cleared.
    expect(server.record.stt[1]).toMatchObject({ samples: 3200, ended: true });
  });
});

describe('transcription', () => {
  const partials = ['what', 'what time', 'what time is', 'what time is it'];

  it('streams words while the user speaks, and completes with the whole', async () => {
    await open({ speech: [{ partials, final: 'what time is it' }] });
    await update(input({ transcription: { language: 'en', prompt: 'clocks' } }));
    client.append(tone(500));
    await client.next('conversation.item.input_audio_transcription.delta', { count: 2 });
    expect(client.of('input_audio_buffer.speech_stopped')).toEqual([]);
    client.append(silence(700));
    const completed = await client.next('conversation.item.input_audio_transcription.completed');
    const deltas = client.of('conversation.item.input_audio_transcription.delta').map(({ delta }) => delta);
    expect(deltas.join('')).toBe('what time is it');
    const { item_id } = await client.next('input_audio_buffer.speech_started');
    expect(completed).toMatchObject({
      item_id,
      content_index: 0,
      transcript: 'what time is it',
      usage: { type: 'duration' },
    });
    expect(completed.usage.seconds).toBeGreaterThan(1);
    expect(server.record.stt[0]).toMatchObject({ language: 'en', prompt: 'clocks' });
    const { item } = await client.ask(
      { type: 'conversation.item.retrieve', item_id },
      'conversation.item.retrieved',
    );
    expect(item.content[0].transcript).toBe('what time is it');
  });

  it('in a manual turn comes after the item', async () => {
    await open({ speech: [{ partials, final: 'what time is it' }] });
    await update(input({ transcription: {}, turn_detection: null }));
    const from = client.events.length;
    client.append(tone(500));
    client.send({ type: 'input_audio_buffer.commit' });
    await client.next('conversation.item.input_audio_transcription.completed');
    expect(client.types(from)).toEqual([
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      'conversation.item.input_audio_transcription.delta',
      'conversation.item.input_audio_transcription.completed',
    ]);
    expect(client.of('conversation.item.done')[0]?.item.content).toEqual([
      { type: 'input_audio', transcript: null },
    ]);
  });

  it('is not sent unless asked for; the LLM reads what was heard all the same', async () => {
    await open({ speech: [{ partials, final: 'what time is it' }] });
    client.append(tone(500));
    client.append(silence(700));
    await client.next('response.done');
    expect(client.types().filter((type) => type.includes('transcription'))).toEqual([]);
    expect(server.record.llm.requests[0]?.messages).toEqual([{ role: 'user', text: 'what time is it' }]);
  });
});

describe('items', () => {
  const text = (id: string, value: string, role = 'user') => ({
    id,
    type: 'message',
    role,
    content: [{ type: role === 'assistant' ? 'output_text' : 'input_text', text: value }],
  });
  const create = (item: object, previous_item_id?: string) => ({
    type: 'conversation.item.create',
    item,
    ...(previous_item_id === undefined ? {} : { previous_item_id }),
  });

  it('stand where they are put, and the LLM reads them in that order', async () => {
    await open();
    const order: Array<[object, string | undefined, string | null]> = [
      [text('b', 'two'), undefined, null],
      [text('a', 'one', 'system'), 'root', null],
      [text('d', 'four', 'assistant'), undefined, 'b'],
      [text('c', 'three'), 'b', 'b'],
    ];
    for (const [item, after, previous] of order) {
      const added = await client.ask(create(item, after), 'conversation.item.done');
      expect(added).toMatchObject({
        previous_item_id: previous,
        item: { object: 'realtime.item', status: 'completed' },
      });
    }
    await client.ask({ type: 'conversation.item.delete', item_id: 'b' }, 'conversation.item.deleted');
    await client.ask({ type: 'response.create' }, 'response.done');
    expect(server.record.llm.requests[0]?.messages).toEqual([
      { role: 'system', text: 'one' },
      { role: 'user', text: 'three' },
      { role: 'assistant', text: 'four' },
    ]);
  });

  it('need a new id and an existing predecessor', async () => {
    await open();
    await client.ask(create(text('a', 'one')), 'conversation.item.done');
    expect((await client.ask(create(text('a', 'again')), 'error')).error).toMatchObject({ param: 'item.id' });
    expect((await client.ask(create(text('b', 'two'), 'x'), 'error')).error).toMatchObject({
      param: 'previous_item_id',
    });
  });

  it('with audio are recognised, and answered from what was heard', async () => {
    await open({ speech: [{ final: 'good morning' }] });
    await update(input({ transcription: {} }));
    const audio = Buffer.from(new Uint8Array(tone(300).buffer)).toString('base64');
    const item = { id: 'a', type: 'message', role: 'user', content: [{ type: 'input_audio', audio }] };
    const done = await client.ask(create(item), 'conversation.item.done');
    expect(done.item.content).toEqual([{ type: 'input_audio', transcript: null }]);
    client.send({ type: 'response.create' });
    expect((await client.next('conversation.item.input_audio_transcription.completed')).transcript).toBe(
      'good morning',
    );
    await client.next('response.done');
    expect(server.record.llm.requests[0]?.messages).toEqual([{ role: 'user', text: 'good morning' }]);
    const { item: whole } = await client.ask(
      { type: 'conversation.item.retrieve', item_id: 'a' },
      'conversation.item.retrieved',
    );
    expect(whole.content).toEqual([{ type: 'input_audio', transcript: 'good morning', audio }]);
  });
});
