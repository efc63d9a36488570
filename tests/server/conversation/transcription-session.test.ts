import { describe, expect, it } from 'vitest';
import { type FakeScript, tone } from '../../../src/server/backends/fake';
import { openSession } from '../../helpers/open-session';
import { silence, type TestClient, type TestServer } from '../../helpers/server-client';

const PREFIX = 'conversation.item.input_audio_transcription.';
let server: TestServer;
let client: TestClient;

async function open(script: FakeScript = {}): Promise<void> {
  ({ server, client } = await openSession(script, '?intent=transcription'));
}

const update = async (input: object, more: object = {}) => {
  const session = { type: 'transcription', audio: { input }, ...more };
  return (await client.ask({ type: 'session.update', session }, 'session.updated')).session;
};
function speak(): void {
  client.append(tone(500));
  client.append(silence(700));
}
const deltas = (item_id: string) =>
  client
    .of(`${PREFIX}delta`)
    .filter((event) => event.item_id === item_id)
    .map(({ delta }) => delta);

describe('a transcription session', () => {
  it('appends words and completes with what is right, in an order that can be followed', async () => {
    const partials = ['a', 'a b', 'a b', 'a b c', 'a b c d', 'a b c d'];
    await open({ speech: [{ partials, final: 'a b c e' }] });
    const from = client.events.length;
    speak();
    const { item_id, transcript, usage } = await client.next(`${PREFIX}completed`);
    // 'd' was given and is wrong: deltas cannot take it back, `completed` says what is right.
    expect(deltas(item_id).join('')).toBe('a b c d');
    expect(transcript).toBe('a b c e');
    expect(usage).toEqual({ type: 'duration', seconds: expect.closeTo(1, 0) });
    const types = client.types(from);
    expect(types.filter((type) => !type.endsWith('.delta'))).toEqual([
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      `${PREFIX}completed`,
    ]);
  });

  it('passes on languages, keywords and prompt, and takes new ones for the next turn', async () => {
    await open();
    await update({
      transcription: {
        model: 'gpt-transcribe',
        language: 'en',
        keywords: ['Parley'],
        prompt: 'About software.',
      },
    });
    speak();
    await client.next(`${PREFIX}completed`);
    const session = await update({
      transcription: { model: 'whisper-1', languages: ['de', 'fr'], language: '' },
    });
    expect(session.audio.input.transcription).toMatchObject({ model: 'whisper-1', languages: ['de', 'fr'] });
    speak();
    await client.next(`${PREFIX}completed`, { count: 2 });
    expect(server.record.stt[0]).toMatchObject({
      language: 'en',
      keywords: ['Parley'],
      prompt: 'About software.',
    });
    expect(server.record.stt[0]).not.toHaveProperty('languages');
    expect(server.record.stt[1]).toMatchObject({ languages: ['de', 'fr'], keywords: ['Parley'] });
    expect(server.record.stt[1]).not.toHaveProperty('language');
  });

  it('of the diarizing model gives a segment for each turn, of one speaker', async () => {
    await open({ speech: [{ final: 'good morning' }, { final: '' }] });
    await update({ transcription: { model: 'gpt-4o-transcribe-diarize' } });
    speak();
    const { item_id } = await client.next(`${PREFIX}completed`);
    const [segment] = client.of(`${PREFIX}segment`);
    expect(segment).toMatchObject({
      id: expect.stringMatching(/^seg_/u),
      item_id,
      content_index: 0,
      text: 'good morning',
      speaker: 'A',
      start: 0,
      end: expect.closeTo(1, 0),
    });
    expect(client.types()).toContain(`${PREFIX}segment`);
    expect(client.events.findIndex(({ type }) => type === `${PREFIX}segment`)).toBeLessThan(
      client.events.findIndex(({ type }) => type === `${PREFIX}completed`),
    );
    speak();
    await client.next(`${PREFIX}completed`, { count: 2 });
    expect(client.of(`${PREFIX}segment`)).toHaveLength(1);
  });

  it('of another model gives none', async () => {
    await open();
    speak();
    await client.next(`${PREFIX}completed`);
    expect(client.of(`${PREFIX}segment`)).toEqual([]);
  });

  it('takes turns by hand: nothing before the commit', async () => {
    await open({ speech: [{ partials: ['good', 'good morning'], final: 'good morning' }] });
    await update({ turn_detection: null });
    speak();
    await client.settle();
    expect(client.types().filter((type) => type.startsWith(PREFIX))).toEqual([]);
    const { item_id } = await client.ask(
      { type: 'input_audio_buffer.commit' },
      'input_audio_buffer.committed',
    );
    const completed = await client.next(`${PREFIX}completed`);
    expect(completed).toMatchObject({ item_id, transcript: 'good morning' });
    expect(deltas(item_id).join('')).toBe('good morning');
  });

  it('ends turns by what was said, too', async () => {
    await open({ speech: [{ settled: ['stop'], final: 'stop' }] });
    await update({ turn_detection: { type: 'semantic_vad', eagerness: 'high' } });
    client.append(tone(300));
    for (let ms = 0; ms < 600; ms += 100) {
      client.append(silence(100));
      await client.settle();
    }
    expect((await client.next(`${PREFIX}completed`)).transcript).toBe('stop');
  });

  it('echoes include, and has no logprobs to give', async () => {
    await open();
    const include = ['item.input_audio_transcription.logprobs'];
    expect((await update({}, { include })).include).toEqual(include);
    speak();
    expect(await client.next(`${PREFIX}completed`)).not.toHaveProperty('logprobs');
  });

  it('outlives what cannot be recognised', async () => {
    const failure = new Error('the engine broke');
    await open({ speech: [{ failure }, { openFailure: failure }, { final: 'back again' }] });
    for (const count of [1, 2]) {
      speak();
      const failed = await client.next(`${PREFIX}failed`, { count });
      expect(failed).toMatchObject({ content_index: 0, error: { type: 'server_error', code: 'stt_failed' } });
      expect(failed.item_id).toBe(client.of('input_audio_buffer.committed')[count - 1]?.item_id);
    }
    speak();
    expect((await client.next(`${PREFIX}completed`)).transcript).toBe('back again');
    expect(client.of('error')).toEqual([]);
  });
});
