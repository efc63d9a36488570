import { afterEach, describe, expect, it } from 'vitest';
import { type FakeScript, tone } from '../../../src/server/backends/fake';
import { estimateTokens, OutputMeter } from '../../../src/server/responses/usage';
import { startTestServer, TestClient, type TestServer } from '../../helpers/server-client';

let server: TestServer | null = null;
let client: TestClient;

async function open(script: FakeScript, session: object = {}): Promise<void> {
  server = await startTestServer(script);
  client = await TestClient.open(server.url);
  const audio = { input: { turn_detection: null } };
  await client.ask(
    { type: 'session.update', session: { type: 'realtime', audio, ...session } },
    'session.updated',
  );
}
afterEach(async () => {
  client?.close();
  await server?.close();
  server = null;
});

const create = (response: object = {}) => ({ type: 'response.create', response });
const TEXT = { output_modalities: ['text'] };
const NEVER = new Promise<void>(() => undefined);

describe('estimateTokens', () => {
  const cases: Array<[string, number]> = [
    ['', 0],
    ['a', 1],
    ['four', 1],
    ['fives', 2],
    ['现在几点', 3],
  ];
  it.each(cases)('%j is %i', (text, tokens) => expect(estimateTokens(text)).toBe(tokens));
});

describe('usage of response.done', () => {
  it('is what the model counts, and sound by its length: 100 ms in and 50 ms out are a token', async () => {
    await open({
      answers: [['It is noon. ', { type: 'usage', inputTokens: 70, outputTokens: 9, cachedTokens: 64 }]],
    });
    client.append(tone(1030));
    await client.ask({ type: 'input_audio_buffer.commit' }, 'conversation.item.done');
    const { response } = await client.ask(create(), 'response.done');
    // "It is noon." sounds for 110 ms.
    expect(response.usage).toEqual({
      total_tokens: 70 + 11 + 9 + 3,
      input_tokens: 70 + 11,
      output_tokens: 9 + 3,
      input_token_details: {
        text_tokens: 70,
        audio_tokens: 11,
        image_tokens: 0,
        cached_tokens: 64,
        cached_tokens_details: { text_tokens: 64, audio_tokens: 0, image_tokens: 0 },
      },
      output_token_details: { text_tokens: 9, audio_tokens: 3 },
    });
  });

  it('is an estimate where the model does not count: a token for four bytes of all that it reads and writes', async () => {
    const tools = [{ type: 'function', name: 'roll' }];
    await open({ answers: [['Twelve bytes']] }, { ...TEXT, instructions: 'Be brief.', tools });
    const content = [{ type: 'input_text', text: 'Well?' }];
    await client.ask(
      { type: 'conversation.item.create', item: { type: 'message', role: 'user', content } },
      'conversation.item.done',
    );
    const { response } = await client.ask(create(), 'response.done');
    const offered = estimateTokens(JSON.stringify(server?.record.llm.requests[0]?.tools));
    expect(response.usage).toMatchObject({
      input_tokens: 3 + 2 + offered,
      output_tokens: 3,
      input_token_details: { text_tokens: 3 + 2 + offered, audio_tokens: 0 },
      output_token_details: { text_tokens: 3, audio_tokens: 0 },
    });
  });

  it('counts what came out of an answer that was cancelled, and nothing for what was never asked', async () => {
    await open({ answers: [['Four', NEVER]], speech: [{ gate: NEVER }] }, TEXT);
    client.send(create());
    await client.next('response.output_text.delta');
    const first = await client.ask({ type: 'response.cancel' }, 'response.done');
    expect(first.response.usage).toMatchObject({ output_tokens: 1, input_tokens: 0 });

    client.append(tone(500));
    await client.ask({ type: 'input_audio_buffer.commit' }, 'conversation.item.done');
    await client.ask(create(), 'response.created');
    const second = await client.ask({ type: 'response.cancel' }, 'response.done');
    expect(second.response.usage).toMatchObject({ total_tokens: 0 });
    expect(server?.record.llm.requests).toHaveLength(1);
  });

  it('is null while the response is not done', async () => {
    await open({});
    client.send(create());
    expect((await client.next('response.created')).response.usage).toBeNull();
  });
});

describe('rate_limits.updated', () => {
  it('follows response.done and tells how many events the client may still send', async () => {
    await open({});
    client.send(create());
    const { rate_limits } = await client.next('rate_limits.updated');
    expect(client.types().slice(-2)).toEqual(['response.done', 'rate_limits.updated']);
    expect(rate_limits).toEqual([
      { name: 'requests', limit: 30_000, remaining: expect.any(Number), reset_seconds: expect.any(Number) },
    ]);
    // Two events came, and the bucket fills at a thousand a second.
    expect(rate_limits[0].remaining).toBeGreaterThanOrEqual(29_998);
    expect(rate_limits[0].reset_seconds).toBeLessThanOrEqual(0.002);
  });

  it('is empty where nothing is limited', async () => {
    server = await startTestServer({}, { limits: { eventsPerSecond: Number.POSITIVE_INFINITY } });
    client = await TestClient.open(server.url);
    client.send(create());
    expect((await client.next('rate_limits.updated')).rate_limits).toEqual([]);
  });
});

describe('max_output_tokens', () => {
  it('cuts a text that the model did not cut, and asks the model to stop', async () => {
    await open({ answers: [['One two three ', 'four five', NEVER]] }, { ...TEXT, max_output_tokens: 5 });
    const { response } = await client.ask(create(), 'response.done');
    expect(response).toMatchObject({
      status: 'incomplete',
      status_details: { type: 'incomplete', reason: 'max_output_tokens' },
      output: [{ status: 'incomplete', content: [{ text: 'One two three four f' }] }],
      usage: { output_tokens: 5 },
    });
    expect(server?.record.llm.requests[0]?.maxOutputTokens).toBe(5);
  });

  it('counts the sound of an answer, and stops it in the middle', async () => {
    // 11 bytes of text are 3 tokens; the 2 that remain are 100 ms of the 110.
    await open({ answers: [['It is noon.']] }, { max_output_tokens: 5 });
    const { response } = await client.ask(create(), 'response.done');
    const bytes = client
      .of('response.output_audio.delta')
      .reduce((sum, { delta }) => sum + Buffer.from(delta, 'base64').length, 0);
    expect(bytes / 48).toBe(100);
    expect(response).toMatchObject({
      status: 'incomplete',
      status_details: { reason: 'max_output_tokens' },
      usage: { output_tokens: 5, output_token_details: { text_tokens: 3, audio_tokens: 2 } },
    });
  });

  it('leaves a call unfinished', async () => {
    const args = JSON.stringify({ text: 'long enough' });
    await open(
      { answers: [[{ type: 'tool-call', callId: 'c', name: 'note', arguments: args }]] },
      { ...TEXT, tools: [{ type: 'function', name: 'note' }] },
    );
    const { response } = await client.ask(create({ max_output_tokens: 3 }), 'response.done');
    expect(response).toMatchObject({
      status: 'incomplete',
      output: [{ type: 'function_call', status: 'incomplete', arguments: args.slice(0, 8) }],
      usage: { output_tokens: 3 },
    });
  });

  it('leaves alone what ends just there', async () => {
    await open({ answers: [['Four', 'Four']] }, TEXT);
    const { response } = await client.ask(create({ max_output_tokens: 2 }), 'response.done');
    expect(response).toMatchObject({ status: 'completed', usage: { output_tokens: 2 } });
  });
});

describe('OutputMeter', () => {
  it('never cuts a character in two', () => {
    const meter = new OutputMeter(false, 1);
    expect(meter.text('a几点')).toBe('a几');
    expect([meter.cut, meter.full]).toEqual([true, true]);
  });

  it('lets sound go on for text that ran ahead of it', () => {
    const meter = new OutputMeter(true, 4);
    expect(meter.text('0123456789abcdefXYZ')).toBe('0123456789abcdef');
    expect([meter.cut, meter.full]).toEqual([true, false]);
    meter.sentence('0123');
    expect(meter.audio(tone(100))).toHaveLength(2400);
    expect(meter.audio(tone(100))).toHaveLength(1200);
    expect([meter.cut, meter.full]).toEqual([true, true]);
    expect(meter.tokens(null)).toEqual({ text: 1, audio: 3 });
  });
});
