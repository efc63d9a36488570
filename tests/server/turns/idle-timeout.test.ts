import { afterEach, describe, expect, it } from 'vitest';
import { type FakeScript, tone } from '../../../src/server/backends/fake';
import { SILENCE } from '../../../src/server/backends/silence';
import { type DirectSession, openDirectSession } from '../../helpers/direct-session';
import { silence } from '../../helpers/server-client';

const NEVER = new Promise<void>(() => undefined);
let session: DirectSession;

/** The first answer is 'Fine.', 50 ms of sound. */
function open(script: FakeScript = {}, turnDetection: object = {}): void {
  session = openDirectSession({ speech: [{ final: 'hello' }, {}], ...script });
  detect({ type: 'server_vad', idle_timeout_ms: 6000, ...turnDetection });
}
afterEach(() => session.close());

const detect = (turn_detection: object | null) =>
  session.send({
    type: 'session.update',
    session: { type: 'realtime', audio: { input: { turn_detection, transcription: {} } } },
  });

/** A turn and its answer. */
async function answered(): Promise<void> {
  session.append(tone(500));
  session.append(silence(700));
  await session.next('response.done');
}
const timeouts = () => session.of('input_audio_buffer.timeout_triggered');

describe('idle_timeout_ms', () => {
  it('runs from the end of the answer’s playback; the silence is committed and answered', async () => {
    open();
    await answered();
    expect(session.clock.nextMs()).toBe(50);
    session.append(silence(300));
    session.clock.advance(50);
    // In pieces that are taken at once.
    for (let ms = 0; ms < 2000; ms += 500) session.append(silence(500));
    session.clock.advance(5999);
    expect(timeouts()).toEqual([]);
    const from = session.events.length;
    session.clock.advance(1);
    await session.next('response.done', 2);
    const types = session.events.slice(from).map(({ type }) => type);
    expect(types.slice(0, 5)).toEqual([
      'input_audio_buffer.timeout_triggered',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      'response.created',
    ]);
    const [timeout] = timeouts();
    expect(timeout).toMatchObject({ audio_start_ms: 1500, audio_end_ms: 3500 });
    const item_id = session.of('input_audio_buffer.committed')[1]?.item_id;
    expect(timeout?.item_id).toBe(item_id);
    const completed = await session.next('conversation.item.input_audio_transcription.completed', 2);
    expect(completed).toMatchObject({ item_id, transcript: '', usage: { seconds: 2 } });
    expect(server().messages.at(-1)).toEqual(SILENCE);
    // And again: the next answer's playback has begun.
    expect(session.clock.nextMs()).toBe(50);
  });
  const server = () => session.record.llm.requests.at(-1) ?? { messages: [] };

  it('hears what was said too softly for the VAD', async () => {
    open({ speech: [{ final: 'hello' }, { final: 'are you there' }] });
    await answered();
    session.clock.advance(6050);
    await session.next('response.done', 2);
    expect(server().messages.at(-1)).toEqual({ role: 'user', text: 'are you there' });
  });

  it('does not need a client that sends silence', async () => {
    open();
    await answered();
    session.clock.advance(6050);
    await session.next('response.done', 2);
    expect(timeouts()[0]).toMatchObject({ audio_start_ms: 1200, audio_end_ms: 1200 });
  });

  it('commits and does not answer when create_response is off', async () => {
    open({}, { create_response: false });
    session.send({ type: 'response.create' });
    await session.next('response.done');
    session.clock.advance(6050);
    expect(timeouts()).toHaveLength(1);
    await session.next('conversation.item.input_audio_transcription.completed');
    expect(session.of('response.created')).toHaveLength(1);
  });

  it('does not run before the first answer', async () => {
    open();
    session.append(silence(1000));
    expect(session.clock.nextMs()).toBeNull();
  });

  const stopping: Array<[string, () => void]> = [
    ['speech', () => session.append(tone(200))],
    [
      'a commit',
      () => {
        session.append(silence(200));
        session.send({ type: 'input_audio_buffer.commit' });
      },
    ],
    [
      'a message',
      () => {
        const content = [{ type: 'input_text', text: 'wait' }];
        session.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
      },
    ],
    ['turn detection switched off', () => detect(null)],
    ['semantic_vad, which has none', () => detect({ type: 'semantic_vad' })],
    ['no timeout any more', () => detect({ type: 'server_vad', idle_timeout_ms: null })],
    ['the end of the session', () => session.close()],
  ];
  it.each(stopping)('is stopped by %s', async (_name, stop) => {
    open();
    await answered();
    session.clock.advance(3000);
    expect(session.clock.nextMs()).not.toBeNull();
    stop();
    expect(session.clock.nextMs()).toBeNull();
    session.clock.advance(60_000);
    expect(timeouts()).toEqual([]);
  });

  it('is stopped by a response, and runs anew after it', async () => {
    open({ answers: [['Fine.'], ['One. ', NEVER]] });
    await answered();
    session.clock.advance(3000);
    session.send({ type: 'response.create' });
    await session.next('response.created', 2);
    expect(session.clock.nextMs()).toBeNull();
    session.send({ type: 'response.cancel' });
    await session.next('response.done', 2);
    expect(session.clock.nextMs()).not.toBeNull();
  });

  it('goes on beside a response out of band', async () => {
    open();
    await answered();
    session.clock.advance(3000);
    session.send({ type: 'response.create', response: { conversation: 'none' } });
    await session.next('response.done', 2);
    session.clock.advance(3050);
    expect(timeouts()).toHaveLength(1);
  });

  it('that changes counts from the same beginning', async () => {
    open();
    await answered();
    session.clock.advance(3050);
    detect({ type: 'server_vad', idle_timeout_ms: 20_000 });
    session.clock.advance(16_999);
    expect(timeouts()).toEqual([]);
    session.clock.advance(1);
    expect(timeouts()).toHaveLength(1);
  });

  const without: Array<[string, FakeScript, string]> = [
    ['failed', { answers: [[new Error('down')]] }, 'failed'],
    [
      'calls a tool',
      { answers: [[{ type: 'tool-call', callId: 'c', name: 'f', arguments: '{}' }]] },
      'completed',
    ],
  ];
  it.each(without)('does not run after an answer that %s', async (_name, script, status) => {
    open(script);
    session.send({
      type: 'session.update',
      session: { type: 'realtime', tools: [{ type: 'function', name: 'f' }] },
    });
    await answered();
    expect(session.of('response.done')[0]?.response.status).toBe(status);
    expect(session.clock.nextMs()).toBeNull();
  });

  it('does not run after an answer that was talked over', async () => {
    open({ answers: [['One. ', NEVER]] });
    session.append(tone(500));
    session.append(silence(700));
    await session.next('response.output_audio.delta');
    session.append(tone(300));
    await session.next('response.done');
    expect(session.clock.nextMs()).toBeNull();
  });

  it('does not begin with a noise before the first answer', async () => {
    open({ speech: [{}] });
    session.append(tone(300));
    session.append(silence(700));
    await session.next('conversation.item.input_audio_transcription.completed');
    expect(session.clock.nextMs()).toBeNull();
  });

  it('does not begin in the middle of words that nobody committed', async () => {
    open();
    await answered();
    session.clock.advance(3000);
    detect(null);
    session.append(tone(500));
    session.clock.advance(60_000);
    detect({ type: 'server_vad', idle_timeout_ms: 6000 });
    expect(session.clock.nextMs()).toBeNull();
    session.append(silence(500));
    session.append(silence(200));
    await session.next('response.done', 2);
    expect(timeouts()).toEqual([]);
  });

  it('begins anew after a noise that was no words', async () => {
    open();
    await answered();
    session.clock.advance(3000);
    session.append(tone(300));
    session.append(silence(700));
    await session.next('conversation.item.input_audio_transcription.completed', 2);
    expect(session.clock.nextMs()).toBe(6000);
  });
});
