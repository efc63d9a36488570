/** `semantic_vad` on the wire: a finished question is answered soon, an unfinished one is waited for. */
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeScript, type FakeSpeech, tone } from '../../../src/server/backends/fake';
import type { TraceEvent } from '../../../src/server/trace';
import { silence, startTestServer, TestClient, type TestServer } from '../../helpers/server-client';
import { voice } from '../../helpers/voice';

let server: TestServer;
let client: TestClient;
let traced: TraceEvent[];

async function open(speech: FakeSpeech, turnDetection: object = {}, script: FakeScript = {}): Promise<void> {
  traced = [];
  server = await startTestServer(
    { speech: [speech], canPrepare: true, ...script },
    { trace: (event) => traced.push(event) },
  );
  client = await TestClient.open(server.url);
  await update({ type: 'semantic_vad', ...turnDetection });
}
afterEach(async () => {
  client.close();
  await server.close();
});

const update = (turn_detection: object) =>
  client.ask(
    {
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { turn_detection, transcription: {} } } },
    },
    'session.updated',
  );
const stops = () => client.of('input_audio_buffer.speech_stopped');
/** A voice that falls and fades, as at the end of a sentence. */
const ending = voice({ ms: 800, from: 140, to: 95, end: 0.3 });

/** Silence as a microphone sends it, piece by piece, so that each pause can be judged while it lasts. */
async function pause(ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 100) {
    client.append(silence(Math.min(100, ms - at)));
    await client.settle();
  }
}

describe('a finished question', () => {
  it.each([
    ['high', 250],
    ['medium', 294],
    ['auto', 294],
    ['low', 589],
  ])('at eagerness %s is over after %i ms of silence', async (eagerness, waitMs) => {
    await open({ settled: ['what time is it'], final: 'what time is it' }, { eagerness });
    client.append(ending);
    await pause(900);
    const { audio_end_ms } = await client.next('input_audio_buffer.speech_stopped');
    expect(audio_end_ms - 800).toBeGreaterThan(waitMs - 40);
    expect(audio_end_ms - 800).toBeLessThan(waitMs + 140);
    await client.next('response.done');
    expect(server.record.llm.requests).toHaveLength(1);
    expect(traced.find(({ kind }) => kind === 'turn-judged')).toMatchObject({ kind: 'turn-judged' });
  });

  it('is answered with what was prepared in the pause', async () => {
    await open({ settled: ['what time is it'], final: 'what time is it' }, { eagerness: 'low' });
    client.append(ending);
    await pause(300);
    while (server.record.tts.spoken.length === 0) await client.settle();
    expect(stops()).toEqual([]);
    await pause(400);
    await client.next('response.done');
    expect(server.record.llm.requests).toHaveLength(1);
    expect(traced.find(({ kind }) => kind === 'audio-sent')).toMatchObject({ prepared: true });
  });

  it('is over without more sound when the transcript comes late', async () => {
    let settle = (_text: string) => {};
    const settled = new Promise<string>((resolve) => {
      settle = resolve;
    });
    await open({ settled: [settled], final: 'what time is it' });
    client.append(ending);
    await pause(700);
    expect(stops()).toEqual([]);
    settle('what time is it');
    await client.next('input_audio_buffer.speech_stopped');
    await client.next('response.done');
  });
});

describe('what is not finished', () => {
  const speech = {
    settled: ['i would like to', 'i would like to book a table'],
    final: 'i would like to book a table',
  };

  it.each(['high', 'medium', 'low'])(
    'at eagerness %s is one turn over a pause of 1.5 s',
    async (eagerness) => {
      await open(speech, { eagerness });
      client.append(tone(600));
      await pause(1500);
      expect(stops()).toEqual([]);
      // Nobody would hear an answer to half a sentence.
      expect(server.record.llm.requests).toEqual([]);
      client.append(ending);
      await pause(1200);
      const { transcript } = await client.next('conversation.item.input_audio_transcription.completed');
      expect(transcript).toBe('i would like to book a table');
      expect(client.of('input_audio_buffer.committed')).toHaveLength(1);
      await client.next('response.done');
      const { item_id } = await client.next('input_audio_buffer.committed');
      const { item } = await client.ask(
        { type: 'conversation.item.retrieve', item_id },
        'conversation.item.retrieved',
      );
      const heardMs = Buffer.from(item.content[0].audio, 'base64').length / 48;
      expect(heardMs).toBeGreaterThan(600 + 1500 + 800);
    },
  );

  it.each([
    ['high', 2000],
    ['medium', 4000],
    ['low', 8000],
  ])('at eagerness %s is over after %i ms all the same', async (eagerness, longestMs) => {
    await open({ settled: ['i would like to'], final: 'i would like to' }, { eagerness });
    client.append(tone(600));
    await pause(longestMs - 200);
    expect(stops()).toEqual([]);
    await pause(400);
    const { audio_end_ms } = await client.next('input_audio_buffer.speech_stopped');
    expect(Math.abs(audio_end_ms - 600 - longestMs)).toBeLessThanOrEqual(64);
  });
});

describe('an STT that cannot settle', () => {
  it('is judged by its partial transcripts, also by those that come in the pause', async () => {
    // One partial for each piece of 32 ms that is written.
    const partials = [...Array.from({ length: 28 }, () => 'what time is'), 'what time is it'];
    await open({ partials, final: 'what time is it' });
    client.append(ending);
    await pause(700);
    const { audio_end_ms } = await client.next('input_audio_buffer.speech_stopped');
    expect(audio_end_ms - 800).toBeLessThan(500);
  });

  it('without any is judged by voice and silence', async () => {
    await open({ final: 'what time is it' });
    client.append(ending);
    await pause(1000);
    const falling = (await client.next('input_audio_buffer.speech_stopped')).audio_end_ms - 800;
    const from = client.events.length;
    client.append(voice({ ms: 800, from: 130, to: 130, syllables: false }));
    await pause(1800);
    const stopped = await client.next('input_audio_buffer.speech_stopped', { from });
    const started = await client.next('input_audio_buffer.speech_started', { from });
    const held = stopped.audio_end_ms - started.audio_start_ms - 300 - 800;
    expect(falling).toBeLessThan(700);
    expect(held).toBeGreaterThan(1200);
  });

  it('that fails leaves the turn to the silence', async () => {
    await open({ openFailure: new Error('no model') });
    client.append(ending);
    await pause(1000);
    await client.next('input_audio_buffer.speech_stopped');
    await client.next('conversation.item.input_audio_transcription.failed');
  });
});

describe('a change in the middle of a pause', () => {
  it('of eagerness acts on it', async () => {
    await open({ settled: ['i would like to'], final: 'i would like to' }, { eagerness: 'low' });
    client.append(tone(600));
    await pause(2200);
    expect(stops()).toEqual([]);
    await update({ type: 'semantic_vad', eagerness: 'high' });
    await pause(100);
    expect(stops()).toHaveLength(1);
  });

  it('from server_vad has it judged', async () => {
    await open({ settled: ['what time is it'], final: 'what time is it' });
    await update({ type: 'server_vad', silence_duration_ms: 3000 });
    client.append(ending);
    await pause(600);
    expect(stops()).toEqual([]);
    await update({ type: 'semantic_vad', eagerness: 'high' });
    await pause(100);
    expect(stops()).toHaveLength(1);
    expect(client.of('input_audio_buffer.speech_started')).toHaveLength(1);
  });

  it('to server_vad ends it by silence alone', async () => {
    await open({ settled: ['i would like to'], final: 'i would like to' });
    client.append(tone(600));
    await pause(400);
    await update({ type: 'server_vad', silence_duration_ms: 500 });
    await pause(200);
    expect(stops()).toHaveLength(1);
  });
});
