import { afterEach, describe, expect, it } from 'vitest';
import { type FakeScript, tone } from '../../../src/server/backends/fake';
import { silence, startTestServer, TestClient, type TestServer } from '../../helpers/server-client';

let server: TestServer | null = null;
let client: TestClient | null = null;

async function open(script: FakeScript = {}): Promise<{ server: TestServer; client: TestClient }> {
  server = await startTestServer(script);
  client = await TestClient.open(server.url);
  return { server, client };
}

afterEach(async () => {
  client?.close();
  await server?.close();
});

const ANSWER = [
  'response.created',
  'response.output_item.added',
  'conversation.item.added',
  'response.content_part.added',
];
const ANSWER_END = [
  'response.output_audio.done',
  'response.output_audio_transcript.done',
  'response.content_part.done',
  'conversation.item.done',
  'response.output_item.done',
  'response.done',
  'rate_limits.updated',
];
const withoutDeltas = (types: string[]) => types.filter((type) => !type.endsWith('.delta'));

/** Speech of a second, then the silence that ends the turn. */
function speak(to: TestClient): void {
  to.append(silence(500));
  to.append(tone(1000));
  to.append(silence(800));
}

describe('event order', () => {
  it('is that of a voice turn with server VAD', async () => {
    const { client } = await open();
    const from = client.events.length;
    speak(client);
    await client.next('rate_limits.updated');
    expect(withoutDeltas(client.types(from))).toEqual([
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      ...ANSWER,
      ...ANSWER_END,
    ]);
  });

  it('is that of a push-to-talk turn: no answer before the client asks', async () => {
    const { client } = await open();
    await client.ask(
      { type: 'session.update', session: { type: 'realtime', audio: { input: { turn_detection: null } } } },
      'session.updated',
    );
    const from = client.events.length;
    client.append(tone(500));
    client.send({ type: 'input_audio_buffer.commit' });
    await client.settle();
    expect(client.types(from)).toEqual([
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
    ]);
    const answer = client.events.length;
    client.send({ type: 'response.create' });
    await client.next('rate_limits.updated');
    expect(withoutDeltas(client.types(answer))).toEqual([...ANSWER, ...ANSWER_END]);
  });
});
