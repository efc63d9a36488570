/** Turn detection that changes in the middle of things, and the flags that say what follows a turn. */
import { describe, expect, it } from 'vitest';
import { type FakeScript, tone } from '../../../src/server/backends/fake';
import { pcm16ToBytes } from '../../../src/shared/audio';
import { openSession } from '../../helpers/open-session';
import { silence, type TestClient, type TestServer } from '../../helpers/server-client';

let server: TestServer;
let client: TestClient;

async function open(script: FakeScript = {}, turnDetection: object | null = {}): Promise<void> {
  ({ server, client } = await openSession(script));
  await detect(turnDetection === null ? null : { type: 'server_vad', ...turnDetection });
}

const detect = (turn_detection: object | null) =>
  client.ask(
    {
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { turn_detection, transcription: {} } } },
    },
    'session.updated',
  );
const stops = () => client.of('input_audio_buffer.speech_stopped');

/** The bytes of the only item that was committed. */
async function committedAudio(): Promise<Buffer> {
  const [committed, ...more] = client.of('input_audio_buffer.committed');
  expect(more).toEqual([]);
  const retrieved = await client.ask(
    { type: 'conversation.item.retrieve', item_id: committed?.item_id },
    'conversation.item.retrieved',
  );
  return Buffer.from(retrieved.item.content[0].audio, 'base64');
}

describe('create_response and interrupt_response', () => {
  const cases: Array<[boolean, boolean, { statuses: string[]; errors: string[] }]> = [
    [true, true, { statuses: ['cancelled', 'completed'], errors: [] }],
    // As OpenAI does: no second response while one is active, and the turn stays unanswered.
    [true, false, { statuses: ['completed'], errors: ['conversation_already_has_active_response'] }],
    [false, true, { statuses: ['cancelled'], errors: [] }],
    [false, false, { statuses: ['completed'], errors: [] }],
  ];
  it.each(cases)(
    '%s and %s: speech over an answer',
    async (create_response, interrupt_response, expected) => {
      let finish = () => {};
      const gate = new Promise<void>((resolve) => {
        finish = resolve;
      });
      await open({ answers: [['One. ', gate, 'Two.']] }, { create_response, interrupt_response });
      client.send({ type: 'response.create' });
      await client.next('response.output_audio.delta');
      client.append(tone(500));
      client.append(silence(700));
      await client.next('conversation.item.input_audio_transcription.completed');
      await client.settle();
      finish();
      await client.next('response.done', { count: expected.statuses.length });
      await client.settle();
      expect(client.of('response.done').map(({ response }) => response.status)).toEqual(expected.statuses);
      expect(client.of('response.created')).toHaveLength(expected.statuses.length);
      const errors = client.of('error').filter(({ error }) => !error.event_id?.startsWith('settle_'));
      expect(errors.map(({ error }) => error.code)).toEqual(expected.errors);
      const about = client.types().filter((type) => type.startsWith('input_audio_buffer.'));
      expect(about).toEqual([
        'input_audio_buffer.speech_started',
        'input_audio_buffer.speech_stopped',
        'input_audio_buffer.committed',
      ]);
    },
  );

  it('changed while somebody speaks act at the end of the turn', async () => {
    await open({}, { create_response: false });
    client.append(tone(500));
    await client.next('input_audio_buffer.speech_started');
    await detect({ type: 'server_vad', create_response: true });
    client.append(silence(700));
    expect((await client.next('response.done')).response.status).toBe('completed');
  });
});

describe('fields that change while somebody speaks', () => {
  it('silence_duration_ms ends the running turn', async () => {
    await open({}, { silence_duration_ms: 5000 });
    client.append(tone(500));
    client.append(silence(1000));
    await client.settle();
    expect(stops()).toEqual([]);
    await detect({ type: 'server_vad', silence_duration_ms: 300 });
    client.append(silence(20));
    const { audio_end_ms } = await client.next('input_audio_buffer.speech_stopped');
    expect(audio_end_ms).toBeGreaterThan(1490);
  });

  it('threshold tells from then on what is speech', async () => {
    await open({ probability: (frame) => (frame.some((sample) => Math.abs(sample) > 1000) ? 0.6 : 0) });
    client.append(tone(500));
    await client.next('input_audio_buffer.speech_started');
    await detect({ type: 'server_vad', threshold: 0.9 });
    client.append(tone(700));
    await client.next('input_audio_buffer.speech_stopped');
  });

  it('prefix_padding_ms is that of the next turn', async () => {
    await open({}, { prefix_padding_ms: 0, create_response: false });
    client.append(tone(320));
    await client.next('input_audio_buffer.speech_started');
    await detect({ type: 'server_vad', prefix_padding_ms: 1000 });
    client.append(silence(2016));
    client.append(tone(320));
    const started = await client.next('input_audio_buffer.speech_started', { count: 2 });
    expect(Math.abs(started.audio_start_ms - (320 + 2016 - 1000))).toBeLessThanOrEqual(32);
  });
});

describe('turn detection switched off and on', () => {
  it('in the middle of a word: one turn with all of the sound', async () => {
    await open();
    const sound = tone(1200);
    client.append(sound.subarray(0, 400 * 24));
    await client.next('input_audio_buffer.speech_started');
    await detect(null);
    client.append(sound.subarray(400 * 24, 800 * 24));
    await client.settle();
    await detect({ type: 'server_vad' });
    client.append(sound.subarray(800 * 24));
    client.append(silence(700));
    await client.next('input_audio_buffer.speech_stopped');
    expect(client.of('input_audio_buffer.speech_started')).toHaveLength(1);
    const audio = await committedAudio();
    expect(audio.subarray(0, sound.length * 2).equals(Buffer.from(pcm16ToBytes(sound)))).toBe(true);
    expect(server.record.stt).toHaveLength(1);
    expect((server.record.stt[0]?.samples ?? 0) / 16).toBeGreaterThan(1200);
  });

  it('with a pause while it was off', async () => {
    await open();
    client.append(tone(400));
    await client.next('input_audio_buffer.speech_started');
    await detect(null);
    client.append(silence(2000));
    await detect({ type: 'semantic_vad' });
    await detect({ type: 'server_vad' });
    client.append(silence(700));
    await client.next('input_audio_buffer.speech_stopped');
    expect((await committedAudio()).length / 48).toBeGreaterThan(2400);
  });

  it('on, after words that nobody committed: they are a turn, whole', async () => {
    await open({ speech: [{}, { final: 'all of it' }] }, null);
    client.append(silence(1000));
    client.append(tone(400));
    client.append(silence(1500));
    client.append(tone(400));
    await client.settle();
    const from = client.events.length;
    await detect({ type: 'server_vad' });
    expect(client.types(from)).toEqual(['session.updated']);
    client.append(silence(700));
    await client.next('response.done');
    const [started] = client.of('input_audio_buffer.speech_started');
    expect(Math.abs((started?.audio_start_ms ?? 0) - 700)).toBeLessThanOrEqual(32);
    expect((await committedAudio()).length / 48).toBeGreaterThan(300 + 400 + 1500 + 400 + 450);
    expect(server.record.stt.map(({ cancelled, ended }) => ({ cancelled, ended }))).toEqual([
      { cancelled: true, ended: false },
      { cancelled: false, ended: true },
    ]);
    expect(server.record.llm.requests[0]?.messages).toEqual([{ role: 'user', text: 'all of it' }]);
  });

  it('on, after words that were over long ago: the turn ends with the next sound', async () => {
    await open({}, null);
    client.append(tone(400));
    client.append(silence(3000));
    await detect({ type: 'server_vad' });
    client.append(silence(20));
    await client.next('response.done');
    expect(stops()).toHaveLength(1);
  });

  it('on, after silence: no turn', async () => {
    await open({}, null);
    client.append(silence(3000));
    await detect({ type: 'server_vad' });
    client.append(silence(1000));
    await client.settle();
    expect(client.types().filter((type) => type.startsWith('input_audio_buffer.'))).toEqual([]);
    client.append(tone(400));
    await client.next('input_audio_buffer.speech_started');
  });

  it('on and off again: what was appended is committed whole', async () => {
    await open({}, null);
    const sound = tone(600);
    client.append(sound.subarray(0, 300 * 24));
    await detect({ type: 'server_vad' });
    await detect(null);
    client.append(sound.subarray(300 * 24));
    await client.ask({ type: 'input_audio_buffer.commit' }, 'input_audio_buffer.committed');
    expect((await committedAudio()).equals(Buffer.from(pcm16ToBytes(sound)))).toBe(true);
  });

  it('on: a commit or a clear before the next sound is about what was appended', async () => {
    await open({}, null);
    client.append(tone(300));
    await detect({ type: 'server_vad' });
    await client.ask({ type: 'input_audio_buffer.commit' }, 'input_audio_buffer.committed');
    expect((await committedAudio()).length / 48).toBe(300);
    await detect(null);
    client.append(tone(300));
    await detect({ type: 'server_vad' });
    await client.ask({ type: 'input_audio_buffer.clear' }, 'input_audio_buffer.cleared');
    client.append(silence(800));
    await client.settle();
    expect(client.of('input_audio_buffer.speech_started')).toEqual([]);
  });
});
