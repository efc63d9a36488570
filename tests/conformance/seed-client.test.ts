/**
 * A raw `ws` script in the older dialect, as the push-to-talk client and the test client of our forerunners were: the
 * header, a flat session update, chunks of sound, commit, response.create; and the same by voice alone.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type FakeScript, tone } from '../../src/server/backends/fake';
import { type Pcm16, pcm16ToBytes } from '../../src/shared/audio';
import { silence, startTestServer, type TestServer } from '../helpers/server-client';
import { EventLog } from './event-log';

let server: TestServer;
let socket: WebSocket;

async function connect(script: FakeScript, how: 'header' | 'subprotocol' = 'header'): Promise<EventLog> {
  server = await startTestServer(script);
  const url = `${server.url}?model=gpt-4o-realtime-preview-2024-10-01`;
  socket =
    how === 'header'
      ? new WebSocket(url, { headers: { Authorization: 'Bearer none', 'OpenAI-Beta': 'realtime=v1' } })
      : new WebSocket(url, ['realtime', 'openai-insecure-api-key.none', 'openai-beta.realtime-v1']);
  const log = new EventLog('beta');
  socket.on('message', (data) => log.add(JSON.parse(String(data))));
  await log.until('session.created');
  return log;
}

afterEach(async () => {
  socket.terminate();
  await server.close();
});

const send = (event: object) => socket.send(JSON.stringify(event));

/** Sound as a microphone gives it, 1024 samples at a time. */
function record(pcm: Pcm16): void {
  for (let at = 0; at < pcm.length; at += 1024) {
    const chunk = Buffer.from(pcm16ToBytes(pcm.subarray(at, at + 1024)));
    send({ type: 'input_audio_buffer.append', audio: chunk.toString('base64') });
  }
}

const SESSION = {
  modalities: ['text', 'audio'],
  instructions: 'You are a helpful assistant.',
  voice: 'alloy',
  input_audio_format: 'pcm16',
  output_audio_format: 'pcm16',
  input_audio_transcription: { model: 'whisper-1' },
  temperature: 0.8,
  max_response_output_tokens: 4096,
};

describe('a raw script of the older dialect', () => {
  it('pushes to talk', async ({ task }) => {
    const log = await connect({ speech: [{ final: 'hello there' }], answers: [['Hello ', 'you.']] });
    send({ type: 'session.update', session: { ...SESSION, turn_detection: null } });
    const { session } = await log.until('session.updated');
    const { modalities, ...rest } = SESSION;
    expect(session).toMatchObject({ ...rest, turn_detection: null });
    expect([...session.modalities].sort()).toEqual([...modalities].sort());
    record(tone(700));
    send({ type: 'input_audio_buffer.commit' });
    await log.until('input_audio_buffer.committed');
    send({ type: 'response.create', response: { modalities: ['text', 'audio'] } });
    const { response } = await log.until('response.done');
    expect(response).toMatchObject({ status: 'completed', modalities: ['audio', 'text'] });
    const words = log.of('response.audio_transcript.delta').map(({ delta }) => delta);
    expect(words.join('')).toBe('Hello you.');
    expect(log.audioBytes('response.audio.delta')).toBe(100 * 48);
    for (const event of [...log.of('response.audio.delta'), ...log.of('response.audio_transcript.delta')]) {
      expect(event).toMatchObject({ response_id: response.id, item_id: response.output[0].id });
    }
    expect(log.problems()).toEqual([]);
    task.meta.client = 'raw ws, older dialect';
  });

  it('is answered and interrupted by voice alone', async ({ task }) => {
    const log = await connect(
      {
        speech: [{ final: 'tell me a story' }, { final: 'stop' }],
        answers: [['Once upon a time. ', new Promise<void>(() => undefined)], ['Fine.']],
      },
      'subprotocol',
    );
    expect(socket.protocol).toBe('realtime');
    const turn_detection = {
      type: 'server_vad',
      threshold: 0.5,
      prefix_padding_ms: 300,
      silence_duration_ms: 500,
    };
    send({ type: 'session.update', session: { ...SESSION, turn_detection } });
    await log.until('session.updated');
    record(tone(600));
    record(silence(900));
    await log.until('response.audio.delta');
    record(tone(600));
    record(silence(900));
    await log.until('input_audio_buffer.speech_started', 2);
    const { response } = await log.until('response.done');
    expect(response).toMatchObject({ status: 'cancelled', status_details: { reason: 'turn_detected' } });
    expect((await log.until('response.done', 2)).response).toMatchObject({ status: 'completed' });
    expect(log.problems()).toEqual([]);
    task.meta.client = 'raw ws, older dialect';
  });

  it('switches the older dialect’s names for its items and no others', async () => {
    const log = await connect({ answers: [['Hi.']] });
    const content = [{ type: 'input_text', text: 'Hello.' }];
    send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
    send({ type: 'response.create', response: { modalities: ['text'] } });
    await log.until('response.done');
    expect(log.of('conversation.item.created').map(({ item }) => item.role)).toEqual(['user', 'assistant']);
    expect(log.of('response.text.done').map(({ text }) => text)).toEqual(['Hi.']);
    expect(log.problems()).toEqual([]);
  });
});
