import { afterEach, describe, expect, it } from 'vitest';
import { type FakeScript, tone } from '../../../src/server/backends/fake';
import type { Limits } from '../../../src/server/limits';
import { startTestServer, TestClient, type TestServer } from '../../helpers/server-client';

let server: TestServer;
let client: TestClient;

async function open(
  script: FakeScript = {},
  output: object = {},
  limits: Partial<Limits> = {},
): Promise<void> {
  server = await startTestServer(script, { limits });
  client = await TestClient.open(server.url);
  const audio = { input: { turn_detection: null }, output };
  await client.ask({ type: 'session.update', session: { type: 'realtime', audio } }, 'session.updated');
}
afterEach(async () => {
  client.close();
  await server.close();
});

async function answer(): Promise<string> {
  const { response } = await client.ask({ type: 'response.create' }, 'response.done');
  return response.output[0].id;
}

/** The audio of the item's first content part; undefined when it has none. */
async function retrieve(item_id: string): Promise<Buffer | undefined> {
  const { item } = await client.ask(
    { type: 'conversation.item.retrieve', item_id },
    'conversation.item.retrieved',
  );
  const { audio } = item.content[0];
  return audio === undefined ? undefined : Buffer.from(audio, 'base64');
}

const sent = () =>
  Buffer.concat(client.of('response.output_audio.delta').map(({ delta }) => Buffer.from(delta, 'base64')));
const truncate = (item_id: string, audio_end_ms: number) =>
  client.ask(
    { type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms },
    'conversation.item.truncated',
  );

describe('the sound of a retrieved answer', () => {
  it('is what was sent', async () => {
    await open({ answers: [['It is noon. ', 'The sun is high.']] });
    const audio = await retrieve(await answer());
    expect(audio?.length).toBe(270 * 48);
    expect(audio?.equals(sent())).toBe(true);
  });

  it('is in the format of the session', async () => {
    await open({ answers: [['It is noon.']] }, { format: { type: 'audio/pcmu' } });
    const audio = await retrieve(await answer());
    expect(audio?.length).toBe(110 * 8);
  });

  it('ends where the user stopped hearing it', async () => {
    await open({ answers: [['It is noon. ', 'The sun is high.']] });
    const id = await answer();
    const whole = sent();
    await truncate(id, 123);
    expect((await retrieve(id))?.equals(whole.subarray(0, 123 * 48))).toBe(true);
    await truncate(id, 0);
    expect((await retrieve(id))?.length).toBe(0);
  });

  it('is forgotten for newer sound when there is too much; the words stay', async () => {
    const message = { type: 'message', role: 'user' };
    const audio = Buffer.from(tone(100).buffer).toString('base64');
    // 100 ms of the user, then two answers of 110 ms each; there is room for 250 ms.
    await open(
      { answers: [['It is noon.'], ['It is noon.'], ['Fine.']] },
      {},
      { maxHistoryAudioBytes: 250 * 48 },
    );
    const item = { id: 'user', ...message, content: [{ type: 'input_audio', audio }] };
    await client.ask({ type: 'conversation.item.create', item }, 'conversation.item.done');
    const first = await answer();
    expect((await retrieve('user'))?.length).toBe(100 * 48);
    const second = await answer();
    expect(await retrieve('user')).toBeUndefined();
    expect((await retrieve(first))?.length).toBe(110 * 48);
    expect((await retrieve(second))?.length).toBe(110 * 48);
    const { response } = await client.ask({ type: 'response.create' }, 'response.done');
    expect(server.record.llm.requests[2]?.messages.map((m) => 'text' in m && m.text)).toEqual([
      'hello',
      'It is noon.',
      'It is noon.',
    ]);
    // It was as long as it was.
    expect(response.usage.input_token_details.audio_tokens).toBe(1);
  });

  it('makes room when an item is deleted or cut', async () => {
    await open(
      { answers: [['It is noon.'], ['It is noon.'], ['It is noon.']] },
      {},
      { maxHistoryAudioBytes: 230 * 48 },
    );
    const first = await answer();
    const second = await answer();
    await client.ask({ type: 'conversation.item.delete', item_id: first }, 'conversation.item.deleted');
    const third = await answer();
    expect((await retrieve(second))?.length).toBe(110 * 48);
    await truncate(second, 10);
    await answer();
    expect((await retrieve(second))?.length).toBe(10 * 48);
    expect((await retrieve(third))?.length).toBe(110 * 48);
  });
});
