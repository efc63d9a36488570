/** What the LLM is told of answers that were cut off: the words that were heard, and no other. */
import { describe, expect, it } from 'vitest';
import type { FakeAnswer, FakeScript } from '../../../src/server/backends/fake';
import { tone } from '../../../src/server/backends/fake';
import { openSession } from '../../helpers/open-session';
import { silence, type TestClient, type TestServer } from '../../helpers/server-client';

let server: TestServer;
let client: TestClient;

/** The scripted voice takes 10 ms for each character. */
async function open(script: FakeScript, headers: Record<string, string> = {}): Promise<void> {
  ({ server, client } = await openSession(script, '', { headers }));
}

const NEVER = new Promise<void>(() => undefined);
/** 190 ms and 150 ms. */
const FIRST = 'One two three four.';
const SECOND = 'Five six seven.';
const CALL = { type: 'tool-call', callId: 'call_1', name: 'look', arguments: '{}' } as const;

const create = { type: 'response.create' };
const truncate = (item_id: string, audio_end_ms: number, content_index = 0) => ({
  type: 'conversation.item.truncate',
  item_id,
  content_index,
  audio_end_ms,
});

/** What the assistant has said, as the last request to the LLM has it. */
function saidToLlm(): string[] {
  const messages = server.record.llm.requests.at(-1)?.messages ?? [];
  return messages.flatMap((message) => (message.role === 'assistant' ? [message.text] : []));
}

/** Asks for another answer, and gives what the LLM then reads of the ones before. */
async function askAgain(): Promise<string[]> {
  const from = client.events.length;
  client.send(create);
  await client.next('response.done', { from });
  return saidToLlm();
}

/** Speaks over whatever sounds, tells what was heard of each item, and waits for the next answer. */
async function interrupt(heard: Array<[string, number]>): Promise<string[]> {
  const from = client.events.length;
  client.append(tone(200));
  await client.next('input_audio_buffer.speech_started', { from });
  for (const [id, ms] of heard) await client.ask(truncate(id, ms), 'conversation.item.truncated');
  const requests = server.record.llm.requests.length;
  client.append(silence(900));
  const created = await client.next('response.created', { from });
  await client.next('response.done', { from: client.events.indexOf(created) });
  expect(server.record.llm.requests.length).toBe(requests + 1);
  return saidToLlm();
}

/** Ids of the messages that sound, in order. */
const messages = () =>
  client
    .of('response.output_item.added')
    .filter(({ item }) => item.type === 'message')
    .map(({ item }) => item.id as string);

describe('interrupted at a known time with two items queued', () => {
  const heard: Array<[number, string[]]> = [
    [0, []],
    [30, []],
    [60, ['One']],
    [100, ['One two']],
    [170, ['One two three']],
    [190, [FIRST]],
  ];
  it.each(heard)('at %i ms of the first, the LLM reads %j and nothing of the second', async (ms, said) => {
    await open({ answers: [[FIRST, CALL, SECOND]] });
    await client.ask(create, 'response.done');
    const [first = '', second = ''] = messages();
    expect(
      await interrupt([
        [first, ms],
        [second, 0],
      ]),
    ).toEqual(said);
  });

  it('also when the client tells of the item that sounded only', async () => {
    await open({ answers: [[FIRST, CALL, SECOND]] });
    await client.ask(create, 'response.done');
    const [first = '', second = ''] = messages();
    expect(await interrupt([[first, 100]])).toEqual(['One two']);
    // On the wire nothing was done to the second one.
    const { item } = await client.ask(
      { type: 'conversation.item.retrieve', item_id: second },
      'conversation.item.retrieved',
    );
    expect(item.content[0]).toMatchObject({ transcript: SECOND });
  });

  it('in two answers, the second of which is still being made', async () => {
    await open({ answers: [[FIRST], [`${SECOND} `, NEVER]] });
    await client.ask(create, 'response.done');
    const from = client.events.length;
    client.send(create);
    await client.next('response.output_audio.delta', { from });
    const [first = '', second = ''] = messages();
    expect(
      await interrupt([
        [first, 100],
        [second, 0],
      ]),
    ).toEqual(['One two']);
    expect(client.of('response.done')[1]?.response).toMatchObject({
      status: 'cancelled',
      status_details: { reason: 'turn_detected' },
    });
  });

  it('in the second one, the first is heard whole', async () => {
    await open({ answers: [[FIRST, CALL, SECOND]] });
    await client.ask(create, 'response.done');
    const [, second = ''] = messages();
    expect(await interrupt([[second, 100]])).toEqual([FIRST, 'Five six']);
  });
});

describe('truncating', () => {
  async function answered(answer: FakeAnswer = [FIRST]): Promise<string> {
    await open({ answers: [answer] });
    await client.ask(create, 'response.done');
    return messages()[0] ?? '';
  }

  it('is answered as at OpenAI: the numbers of the event, and the transcript is gone', async () => {
    const id = await answered();
    const { event_id: _, ...truncated } = await client.ask(truncate(id, 100), 'conversation.item.truncated');
    expect(truncated).toEqual({
      type: 'conversation.item.truncated',
      item_id: id,
      content_index: 0,
      audio_end_ms: 100,
    });
    const { item } = await client.ask(
      { type: 'conversation.item.retrieve', item_id: id },
      'conversation.item.retrieved',
    );
    expect(item).toMatchObject({ id, role: 'assistant', content: [{ type: 'output_audio' }] });
    expect(item.content[0]).not.toHaveProperty('transcript');
  });

  it.each([
    ['past the end', 191, 0, 'invalid_value'],
    ['at another content', 100, 1, 'invalid_value'],
    ['of no item', 100, 0, 'item_truncate_invalid_item_id'],
  ])('refused %s changes nothing', async (what, ms, index, code) => {
    const id = await answered();
    const { error } = await client.ask(truncate(what === 'of no item' ? 'none' : id, ms, index), 'error');
    expect(error.code).toBe(code);
    const { item } = await client.ask(
      { type: 'conversation.item.retrieve', item_id: id },
      'conversation.item.retrieved',
    );
    expect(item.content[0].transcript).toBe(FIRST);
    expect(await askAgain()).toEqual([FIRST]);
  });

  it('again keeps the least: what was cut off does not come back', async () => {
    const id = await answered();
    await client.ask(truncate(id, 150), 'conversation.item.truncated');
    await client.ask(truncate(id, 60), 'conversation.item.truncated');
    expect((await client.ask(truncate(id, 150), 'error')).error.code).toBe('invalid_value');
    expect(await askAgain()).toEqual(['One']);
  });

  it('while the answer is still being made holds for all that comes after', async () => {
    let goOn = () => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await open({ answers: [[`${FIRST} `, gate, SECOND]] });
    client.send(create);
    // The first sentence in pieces of 40, 70 and 80 ms.
    await client.next('response.output_audio.delta', { count: 3 });
    const [id = ''] = messages();
    await client.ask(truncate(id, 100), 'conversation.item.truncated');
    goOn();
    const { response } = await client.next('response.done');
    expect(response.output[0].content[0]).not.toHaveProperty('transcript');
    expect(await askAgain()).toEqual(['One two']);
  });

  it('by a client of the older dialect does the same', async () => {
    await open({ answers: [[FIRST, CALL, SECOND]] }, { 'openai-beta': 'realtime=v1' });
    const { response } = await client.ask(create, 'response.done');
    const [first, , second] = response.output.map(({ id }: { id: string }) => id);
    await client.ask(truncate(first, 100), 'conversation.item.truncated');
    await client.ask(truncate(second, 0), 'conversation.item.truncated');
    expect(await askAgain()).toEqual(['One two']);
  });
});

describe('interrupted while a tool call is written', () => {
  it('the call is incomplete and the LLM does not read it; what was heard before it stays', async () => {
    const start = { type: 'tool-call-start', callId: 'call_1', name: 'look' } as const;
    const half = { type: 'tool-call-delta', callId: 'call_1', delta: '{"a":' } as const;
    await open({ answers: [[FIRST, start, half, NEVER]] });
    client.send(create);
    await client.next('response.function_call_arguments.delta');
    const [first = ''] = messages();
    expect(await interrupt([[first, 100]])).toEqual(['One two']);
    const [cancelled] = client.of('response.done');
    expect(cancelled?.response).toMatchObject({
      status: 'cancelled',
      output: [{ type: 'message' }, { type: 'function_call', status: 'incomplete', arguments: '{"a":' }],
    });
    const read = server.record.llm.requests.at(-1)?.messages.map(({ role }) => role);
    expect(read).toEqual(['assistant', 'user']);
  });
});
