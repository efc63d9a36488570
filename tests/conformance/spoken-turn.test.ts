/** The stock OpenAI Agents client holds a spoken turn with the real engines: nothing is faked. */
import { fileURLToPath } from 'node:url';
import { RealtimeAgent, RealtimeSession } from '@openai/agents-realtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Backends } from '../../src/server/backends';
import { createBackends } from '../../src/server/create-backends';
import { type RunningServer, startServer } from '../../src/server/index';
import { createResampler } from '../../src/server/wire/resampler';
import { bytesToPcm16, type Pcm16, pcm16ToBytes, rms, SAMPLE_RATE } from '../../src/shared/audio';
import { silentLogger } from '../../src/shared/log';
import { TestClient } from '../helpers/server-client';
import { EventLog } from './event-log';

let backends: Backends;
let server: RunningServer;

beforeAll(async () => {
  const modelsDir = fileURLToPath(new URL('../../models', import.meta.url));
  backends = await createBackends({ modelsDir, stateDir: null, llm: { kind: 'builtin' } }, silentLogger);
  server = await startServer({ port: 0, token: null, backends, log: silentLogger, version: '0' });
}, 60_000);
afterAll(async () => {
  await server.close();
  await backends.close();
});

const unavailable = () => Object.entries(server.engines).filter(([, name]) => name.includes('unavailable'));

/** `text` spoken by the server's own voice, with silence around it, at 24 kHz. */
async function question(text: string): Promise<Pcm16> {
  const resampler = createResampler(backends.tts.sampleRate, SAMPLE_RATE);
  const parts: Pcm16[] = [new Int16Array(SAMPLE_RATE / 2)];
  const speech = backends.tts.speak(text, { voice: 'marin', speed: 1 }, new AbortController().signal);
  for await (const pcm of speech) parts.push(resampler.push(pcm));
  parts.push(resampler.flush(), new Int16Array(SAMPLE_RATE));
  resampler.close();
  return bytesToPcm16(Buffer.concat(parts.map((pcm) => pcm16ToBytes(pcm))));
}

it('asks the time and hears it', async ({ skip }) => {
  if (unavailable().length > 0) skip(`engines missing: ${JSON.stringify(unavailable())}`);
  const session = new RealtimeSession(
    new RealtimeAgent({ name: 'assistant', instructions: 'Answer briefly.' }),
    {
      transport: 'websocket',
      model: 'parley-local',
      tracingDisabled: true,
    },
  );
  const errors: unknown[] = [];
  const audio: Buffer[] = [];
  session.on('error', (error) => errors.push(error));
  session.on('audio', ({ data }) => audio.push(Buffer.from(data)));
  const log = new EventLog();
  session.transport.on('*', log.add);
  await session.connect({ url: server.url, apiKey: 'any' });
  await log.until('session.updated', 2);

  const pcm = await question('What time is it?');
  for (let at = 0; at < pcm.length; at += 480) {
    session.sendAudio(Uint8Array.from(pcm16ToBytes(pcm.subarray(at, at + 480))).buffer);
  }
  await log.until('response.done');

  const texts = () =>
    session.history.flatMap((item) =>
      item.type === 'message'
        ? [
            `${item.role}: ${item.content.map((part) => ('transcript' in part ? part.transcript : '')).join('')}`,
          ]
        : [],
    );
  for (let tries = 0; texts()[0] === 'user: null' || texts().length < 2; tries++) {
    if (tries > 400) throw new Error(`the history stayed ${JSON.stringify(texts())}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const [heard, said] = texts();
  expect(heard).toBe('user: what time is it');
  expect(said).toMatch(/^assistant: .*\d/u);
  expect(rms(bytesToPcm16(Buffer.concat(audio)))).toBeGreaterThan(0.01);
  expect(errors).toEqual([]);
  expect(log.problems()).toEqual([]);
  session.close();
}, 60_000);

it('hears nothing in silence: no text is invented', async ({ skip }) => {
  if (unavailable().length > 0) skip(`engines missing: ${JSON.stringify(unavailable())}`);
  const client = await TestClient.open(server.url);
  const input = { turn_detection: null, transcription: {} };
  client.send({ type: 'session.update', session: { type: 'realtime', audio: { input } } });
  const noise = Int16Array.from({ length: SAMPLE_RATE * 2 }, (_, i) => ((i * 7919) % 61) - 30);
  client.append(noise);
  client.send({ type: 'input_audio_buffer.commit' });
  client.send({ type: 'response.create' });
  const completed = await client.next('conversation.item.input_audio_transcription.completed');
  expect(completed.transcript).toBe('');
  const { response } = await client.next('response.done');
  expect(response.output[0].content[0].transcript).toBe("Sorry, I didn't catch that.");
  client.close();
}, 60_000);
