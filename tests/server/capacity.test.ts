import { afterEach, expect, it } from 'vitest';
import { silence, startTestServer, TestClient, type TestServer } from '../helpers/server-client';

let server: TestServer;
afterEach(() => server.close());

const message = (text: string) => ({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
});
const manual = {
  type: 'session.update',
  session: { type: 'realtime', audio: { input: { turn_detection: null } } },
};

it('refuses sound beyond what the buffer may hold, and takes it again once it is committed', async () => {
  server = await startTestServer({}, { limits: { maxBufferedAudioMs: 1000 } });
  const client = await TestClient.open(server.url);
  await client.ask(manual, 'session.updated');
  for (let count = 0; count < 5; count++) client.append(silence(250));
  const { error } = await client.next('error');
  expect(error).toMatchObject({ type: 'invalid_request_error', code: 'input_audio_buffer_full' });
  await client.ask({ type: 'input_audio_buffer.commit' }, 'input_audio_buffer.committed');
  client.append(silence(250));
  await client.settle();
  expect(client.of('error').filter(({ error: { code } }) => code === 'input_audio_buffer_full')).toHaveLength(
    1,
  );
  client.close();
});

it('refuses items beyond what the conversation may hold, until one is deleted', async () => {
  server = await startTestServer({}, { limits: { maxHistoryItems: 2 } });
  const client = await TestClient.open(server.url);
  const { item } = await client.ask(message('one'), 'conversation.item.done');
  await client.ask(message('two'), 'conversation.item.done');
  for (const event of [message('three'), { type: 'response.create' }]) {
    expect((await client.ask(event, 'error')).error.code).toBe('conversation_limit_exceeded');
  }
  await client.ask({ type: 'conversation.item.delete', item_id: item.id }, 'conversation.item.deleted');
  await client.ask(message('three'), 'conversation.item.done');
  client.close();
});

it('refuses text beyond what the conversation may hold, and takes less', async () => {
  server = await startTestServer({}, { limits: { maxHistoryBytes: 1000 } });
  const client = await TestClient.open(server.url);
  await client.ask(message('x'.repeat(500)), 'conversation.item.done');
  const { error } = await client.ask(message('y'.repeat(500)), 'error');
  expect(error).toMatchObject({ code: 'conversation_limit_exceeded', param: 'item' });
  await client.ask(message('y'.repeat(100)), 'conversation.item.done');
  client.close();
});
