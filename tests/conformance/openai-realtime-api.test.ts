/** The stock client of the beta's time, unmodified from npm, against this server: it speaks the older dialect only. */
import { RealtimeClient } from 'openai-realtime-api';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeScript, tone } from '../../src/server/backends/fake';
import type { Pcm16 } from '../../src/shared/audio';
import { silence, startTestServer, type TestServer } from '../helpers/server-client';
import { validatorOf } from './schema/validate';

let server: TestServer;
let client: RealtimeClient;
let events: Array<{ source: string; event: { type: string } }>;

async function connect(script: FakeScript, sessionConfig: object = {}): Promise<void> {
  server = await startTestServer(script, { token: 'secret' });
  client = new RealtimeClient({ url: server.url, apiKey: 'secret', sessionConfig });
  events = [];
  client.on('realtime.event', (event) => events.push(event as never));
  await client.connect();
  await until(() => received('session.updated') === 1);
}

afterEach(async ({ task }) => {
  // The client throws what it does not like of an event away in silence; the server must have no complaint either.
  expect(events.filter(({ event }) => event.type === 'error')).toEqual([]);
  const sent = events.filter(({ source }) => source === 'server');
  expect(sent.flatMap(({ event }) => validatorOf('beta', 'server').problems(event))).toEqual([]);
  task.meta.client = 'openai-realtime-api';
  client.disconnect();
  await server.close();
});

const received = (type: string) =>
  events.filter(({ source, event }) => source === 'server' && event.type === type).length;

async function until(condition: () => boolean): Promise<void> {
  const giveUp = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > giveUp) throw new Error('it did not happen');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const hear = (pcm: Pcm16) => client.appendInputAudio(Int16Array.from(pcm));

/** What the client keeps of the conversation. */
const kept = () =>
  client.conversation.getItems().map((item) => {
    const { role, formatted } = item as { role?: string; formatted: { transcript: string; text: string } };
    return `${role}: ${formatted.transcript || formatted.text}`;
  });

describe('openai-realtime-api', () => {
  it('pushes to talk: both sides are in its history, with sound', async () => {
    await connect({ speech: [{ final: 'what time is it' }], answers: [['It is ', 'noon.']] });
    hear(tone(600));
    client.createResponse();
    await until(() => received('response.done') === 1 && kept()[0] === 'user: what time is it');
    expect(kept()).toEqual(['user: what time is it', 'assistant: It is noon.']);
    const answer = client.conversation.getItems()[1];
    expect(answer?.status).toBe('completed');
    // 'It is noon.' is 11 characters of 10 ms at 24 samples each.
    expect(answer?.formatted.audio?.length).toBe(110 * 24);
  });

  it('holds a conversation hands-free and by text', async () => {
    const turn_detection = {
      type: 'server_vad',
      threshold: 0.5,
      prefix_padding_ms: 300,
      silence_duration_ms: 500,
    };
    await connect({ speech: [{ final: 'hello' }], answers: [['Hi.'], ['Four.']] }, { turn_detection });
    expect(client.getTurnDetectionType()).toBe('server_vad');
    for (const sound of [silence(400), tone(800), silence(1500)]) hear(sound);
    await until(() => received('response.done') === 1);
    client.sendUserMessageContent([{ type: 'input_text', text: 'two and two?' }]);
    await until(() => received('response.done') === 2 && kept()[0] === 'user: hello');
    expect(kept()).toEqual(['user: hello', 'assistant: Hi.', 'user: two and two?', 'assistant: Four.']);
  });

  it('runs a tool and hears of its result', async () => {
    const call = {
      type: 'tool-call',
      callId: 'call_1',
      name: 'weather',
      arguments: '{"city":"Paris"}',
    } as const;
    await connect({ answers: [[call], ['Sunny.']] });
    const asked: unknown[] = [];
    const definition = { name: 'weather', description: 'The weather', parameters: { type: 'object' } };
    client.addTool(definition as never, async (input: unknown) => {
      asked.push(input);
      return { sky: 'clear' };
    });
    client.sendUserMessageContent([{ type: 'input_text', text: 'weather in Paris?' }]);
    await until(() => received('response.done') === 2);
    expect(asked).toEqual([{ city: 'Paris' }]);
    expect(server.record.llm.requests[1]?.messages.at(-1)).toEqual({
      role: 'tool-result',
      callId: 'call_1',
      output: '{"sky":"clear"}',
    });
    expect(kept().at(-1)).toBe('assistant: Sunny.');
  });

  it('interrupts: the answer is cancelled and truncated where it was heard', async () => {
    await connect({ answers: [['Once upon a time. ', new Promise<void>(() => undefined)]] });
    client.sendUserMessageContent([{ type: 'input_text', text: 'a story?' }]);
    await until(() => received('response.audio.delta') > 0);
    const answer = client.conversation.getItems()[1];
    client.cancelResponse(answer?.id, 24 * 20);
    await until(() => received('response.done') === 1 && received('conversation.item.truncated') === 1);
    expect(client.conversation.getItem(answer?.id ?? '')?.formatted.audio?.length).toBe(24 * 20);
  });
});
