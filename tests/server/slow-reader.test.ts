/** A client that stops reading: real sockets, so that the operating system's buffers are between the two. */
import { afterEach, expect, it } from 'vitest';
import { createFakeBackends } from '../../src/server/backends/fake';
import { respond } from '../../src/server/responses/response';
import { startTestServer, TestClient, type TestServer } from '../helpers/server-client';

const MIB = 1024 * 1024;
const RETRIEVES = 60;

let server: TestServer;
afterEach(() => server?.close());

/** A client with an item of two mebibytes, which it asks for again and again without reading an answer. */
async function askAndLookAway(): Promise<TestClient> {
  const client = await TestClient.open(server.url);
  const audio = Buffer.alloc(1.5 * MIB).toString('base64');
  const { item } = await client.ask(
    {
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_audio', audio, transcript: 'long' }] },
    },
    'conversation.item.done',
  );
  client.socket.pause();
  for (let count = 0; count < RETRIEVES; count++) {
    client.send({ type: 'conversation.item.retrieve', item_id: item.id, event_id: `ask_${count}` });
  }
  return client;
}

async function figures(): Promise<string> {
  return (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
}

async function waitingBytes(): Promise<number> {
  return Number(/^parley_outbox_bytes (\d+)$/mu.exec(await figures())?.[1]);
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

/** The answers fill the buffers of the operating system, then the outbox. */
async function untilFull(): Promise<void> {
  while ((await waitingBytes()) < MIB) await soon();
}

it('what it asked for waits outside, and comes when it reads again', async () => {
  server = await startTestServer({}, { metrics: true });
  const client = await askAndLookAway();
  await untilFull();
  // What is full takes no further answer: one event is all that goes over.
  for (let count = 0; count < 20; count++) {
    expect(await waitingBytes()).toBeLessThan(3.5 * MIB);
    await soon();
  }
  client.socket.resume();
  await client.next('conversation.item.retrieved', { count: RETRIEVES });
  expect(client.of('error')).toEqual([]);
  client.close();
});

it('one that takes nothing for too long is told so and closed', async () => {
  server = await startTestServer({}, { metrics: true, limits: { maxStallMs: 100 } });
  const client = await askAndLookAway();
  while (!(await figures()).includes('parley_errors_total{code="client_too_slow"} 1')) await soon();
  client.socket.resume();
  expect(await client.closed).toEqual({ code: 1013, reason: 'client_too_slow' });
  expect(client.events.at(-1)).toMatchObject({ type: 'error', error: { code: 'client_too_slow' } });
  const answers = client.of('conversation.item.retrieved').length;
  expect(answers).toBeGreaterThan(0);
  expect(answers).toBeLessThan(RETRIEVES);
});

it('no sound is made for a client that has enough of it', async () => {
  const { backends, record } = createFakeBackends();
  let makeRoom = () => {};
  let room: Promise<void> | undefined = new Promise((resolve) => {
    makeRoom = resolve;
  });
  const speaker = { tts: backends.tts, voice: 'alloy', speed: 1, room: () => room };
  const text = 'This is one. And this is another.';
  const parts = respond({ type: 'text', text }, speaker, { signal: new AbortController().signal });
  const first = await parts.next();
  expect(first.value).toMatchObject({ type: 'text' });
  await new Promise((resolve) => setImmediate(resolve));
  expect(record.tts.spoken).toEqual([]);
  room = undefined;
  makeRoom();
  for await (const part of parts) if (part.type === 'sentence-end') break;
  expect(record.tts.spoken.map(({ text: said }) => said.trim())).toContain('This is one.');
});
