/** What is prepared while the user is silent: used when the turn ends, gone without a trace when it does not. */
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeScript, tone } from '../../../src/server/backends/fake';
import type { TraceEvent } from '../../../src/server/trace';
import { silence, startTestServer, TestClient, type TestServer } from '../../helpers/server-client';

let server: TestServer;
let client: TestClient;
let traced: TraceEvent[];

async function open(script: FakeScript, turnDetection: object = {}): Promise<void> {
  traced = [];
  server = await startTestServer({ canPrepare: true, ...script }, { trace: (event) => traced.push(event) });
  client = await TestClient.open(server.url);
  await update({ turn_detection: { type: 'server_vad', ...turnDetection }, transcription: {} });
}
afterEach(async () => {
  client.close();
  await server.close();
});

const update = (input: object, session: object = {}) =>
  client.ask(
    { type: 'session.update', session: { type: 'realtime', audio: { input }, ...session } },
    'session.updated',
  );
const requests = () => server.record.llm.requests.map(({ messages }) => messages.map(textOf));
const textOf = (message: object) => ('text' in message ? message.text : null);
const spoken = () => server.record.tts.spoken.map(({ text }) => text);
const kinds = () => traced.map(({ kind }) => kind);

/** Speech and a pause in which nothing ends. */
async function pause(): Promise<void> {
  client.append(tone(480));
  client.append(silence(256));
  await client.settle();
}
/** Waits until what goes on beside the socket has come as far as `condition`. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await client.settle();
}
/** The rest of the silence that ends the turn. */
const endTurn = () => client.append(silence(400));

const settledScript = (text: string, ...more: string[]): FakeScript => ({
  speech: [{ settled: [text, ...more], final: more.at(-1) ?? text }],
});

describe('a turn that ends in the pause', () => {
  it('is answered with what was prepared: one request, one voice, events in order', async () => {
    await open({ ...settledScript('what time is it'), answers: [['It is noon. ', 'The sun is high.']] });
    const from = client.events.length;
    await pause();
    await until(() => spoken().length > 0);
    // Nothing of it shows, and only the first sentence is spoken.
    expect(client.types(from)).toEqual(['input_audio_buffer.speech_started']);
    expect(spoken()).toEqual(['It is noon.']);
    expect(server.record.llm.committed).toEqual([]);
    endTurn();
    const { response } = await client.next('response.done');
    await client.next('rate_limits.updated');
    expect(client.types(from).slice(1)).toEqual([
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      'conversation.item.input_audio_transcription.delta',
      'conversation.item.input_audio_transcription.completed',
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
      'response.output_audio_transcript.delta',
      'response.output_audio.delta',
      'response.output_audio_transcript.delta',
      'response.output_audio.delta',
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'conversation.item.done',
      'response.output_item.done',
      'response.done',
      'rate_limits.updated',
    ]);
    expect(response).toMatchObject({
      status: 'completed',
      output: [{ content: [{ transcript: 'It is noon. The sun is high.' }] }],
    });
    expect(requests()).toEqual([['what time is it']]);
    expect(server.record.llm.committed).toEqual([0]);
    expect(spoken()).toEqual(['It is noon.', 'The sun is high.']);
    expect(server.record.stt).toHaveLength(1);
    expect(server.record.stt[0]).toMatchObject({ settles: 1, ended: true });
  });

  it('tells the stages in order to those who look for lost time, and no words', async () => {
    await open(settledScript('what time is it'));
    await pause();
    await until(() => kinds().includes('tts-first'));
    endTurn();
    await client.next('response.done');
    expect(kinds()).toEqual([
      'speech-end',
      'transcript',
      'llm-first',
      'tts-first',
      'turn-end',
      'transcript',
      'audio-sent',
    ]);
    expect(traced[0]).toMatchObject({ audioMs: expect.closeTo(480, -1) });
    expect(traced[4]).toMatchObject({
      audioMs: expect.closeTo(980, -1.5),
      silenceMs: expect.closeTo(500, -1.5),
    });
    expect(traced[6]).toMatchObject({ prepared: true, sessionId: expect.stringMatching(/^sess_/u) });
    expect(JSON.stringify(traced)).not.toContain('time is');
  });

  it('waits for a preparation that is under way, and asks nothing twice', async () => {
    let settle = (_text: string) => {};
    const settled = new Promise<string>((resolve) => {
      settle = resolve;
    });
    let speak = () => {};
    const gate = new Promise<void>((resolve) => {
      speak = resolve;
    });
    await open({ speech: [{ settled: [settled], final: 'hello' }], speak: () => [gate, tone(100)] });
    await pause();
    settle('hello');
    await until(() => spoken().length > 0);
    endTurn();
    await client.next('response.created');
    await client.settle();
    expect(client.of('response.output_audio.delta')).toEqual([]);
    speak();
    expect((await client.next('response.done')).response.status).toBe('completed');
    expect(requests()).toEqual([['hello']]);
    expect(spoken()).toEqual(['Fine.']);
  });

  it('is answered anew when the final transcript is another', async () => {
    await open({
      speech: [{ settled: ['stop'], final: 'stop it' }],
      answers: [['Wrong. ', new Promise(() => undefined)], ['Right.']],
    });
    await pause();
    await until(() => spoken().length > 0);
    endTurn();
    const { response } = await client.next('response.done');
    expect(response.output[0].content[0].transcript).toBe('Right.');
    expect(requests()).toEqual([['stop'], ['stop it']]);
    expect(server.record.llm.aborted).toBe(1);
    expect(server.record.llm.committed).toEqual([1]);
  });

  it('can be interrupted as any other answer', async () => {
    await open({ ...settledScript('hello'), answers: [['One. ', 'Two. ', new Promise(() => undefined)]] });
    await pause();
    await until(() => spoken().length > 0);
    endTurn();
    await client.next('response.output_audio.delta');
    const { response } = await client.ask({ type: 'response.cancel' }, 'response.done');
    expect(response).toMatchObject({ status: 'cancelled', output: [{ status: 'incomplete' }] });
    await until(() => server.record.llm.aborted === 1);
    expect(client.of('response.created')).toHaveLength(1);
  });
});

describe('a turn that goes on', () => {
  it('leaves no trace of what was prepared', async () => {
    const never = new Promise<void>(() => undefined);
    await open({
      ...settledScript('what time', 'what time is it'),
      answers: [['Which time? ', never], ['It is noon.']],
    });
    const from = client.events.length;
    await pause();
    await until(() => spoken().length > 0);
    client.append(tone(320));
    await until(() => server.record.llm.aborted === 1);
    client.append(silence(256));
    await until(() => requests().length === 2);
    expect(client.types(from)).toEqual(['input_audio_buffer.speech_started']);
    endTurn();
    const { response } = await client.next('response.done');
    expect(response.output[0].content[0].transcript).toBe('It is noon.');
    const { transcript } = await client.next('conversation.item.input_audio_transcription.completed');
    expect(transcript).toBe('what time is it');
    expect(requests()).toEqual([['what time'], ['what time is it']]);
    expect(server.record.llm.committed).toEqual([1]);
    expect(client.of('response.created')).toHaveLength(1);
    expect(JSON.stringify(client.events)).not.toContain('Which time?');
    expect(kinds().filter((kind) => kind === 'speech-resumed')).toHaveLength(1);
  });

  it('is heard whole: the sound of the pause goes to the STT when the user goes on', async () => {
    await open({ ...settledScript('a', 'b') });
    await pause();
    const held = server.record.stt[0]?.samples ?? 0;
    client.append(tone(320));
    await client.settle();
    client.append(silence(256));
    await client.settle();
    const heardMs = (server.record.stt[0]?.samples ?? 0) / 16;
    // Up to the second pause, which begins within 230 ms of silence.
    expect(heardMs).toBeGreaterThan(480 + 256 + 320);
    expect(heardMs).toBeLessThan(480 + 256 + 320 + 230);
    expect(held / 16).toBeLessThan(480 + 230);
  });

  it('late: a transcript that comes when the user speaks again prepares nothing', async () => {
    let settle = (_text: string) => {};
    const settled = new Promise<string>((resolve) => {
      settle = resolve;
    });
    await open({ speech: [{ settled: [settled, null], final: 'all of it' }] });
    await pause();
    client.append(tone(320));
    await client.settle();
    settle('a part');
    await client.settle();
    expect(requests()).toEqual([]);
    client.append(silence(256));
    endTurn();
    await client.next('response.done');
    expect(requests()).toEqual([['all of it']]);
  });
});

describe('nothing is prepared', () => {
  const cases: Array<[string, FakeScript, object]> = [
    ['when the LLM does not allow it', { ...settledScript('hello'), canPrepare: false }, {}],
    ['when the STT cannot tell before the end', { speech: [{ final: 'hello' }] }, {}],
    ['when it would cost too much', { speech: [{ settled: [null], final: 'hello' }] }, {}],
    ['when nothing was recognised', { speech: [{ settled: [''], final: 'hello' }] }, {}],
    ['when the client asks for answers itself', settledScript('hello'), { create_response: false }],
  ];
  it.each(cases)('%s', async (_name, script, turnDetection) => {
    await open(script, turnDetection);
    await pause();
    expect(requests()).toEqual([]);
    endTurn();
    await client.next('conversation.item.input_audio_transcription.completed');
    client.send({ type: 'response.create' });
    await client.next('response.done');
    expect(requests()[0]).toEqual(['hello']);
    expect(server.record.stt[0]?.samples).toBeGreaterThan(480 * 16);
  });

  it('while an answer is active', async () => {
    let finish = () => {};
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await open({ ...settledScript('hello'), answers: [['One. ', gate]] }, { interrupt_response: false });
    client.send({ type: 'response.create' });
    await client.next('response.output_audio.delta');
    await pause();
    expect(requests()).toHaveLength(1);
    endTurn();
    await client.next('conversation.item.input_audio_transcription.completed');
    await client.settle();
    expect(client.of('error').map(({ error }) => error.code)).toContain(
      'conversation_already_has_active_response',
    );
    finish();
    await client.next('response.done');
    expect(client.of('response.created')).toHaveLength(1);
  });
});

describe('between the pause and the end of the turn', () => {
  async function prepared(answers: FakeScript['answers'] = [['Old.'], ['New.']]): Promise<void> {
    await open({ ...settledScript('hello'), answers });
    await pause();
    await until(() => spoken().length > 0);
  }
  const answered = async () => {
    endTurn();
    const { response } = await client.next('response.done');
    expect(client.of('response.created')).toHaveLength(1);
    return response.output[0].content[0].transcript;
  };

  it('new instructions are followed', async () => {
    await prepared();
    await update({}, { instructions: 'Be brief.' });
    expect(await answered()).toBe('New.');
    expect(server.record.llm.requests[1]?.instructions).toBe('Be brief.');
    expect(server.record.llm.committed).toEqual([1]);
  });

  it('a new voice speaks', async () => {
    await prepared();
    await client.ask(
      { type: 'session.update', session: { type: 'realtime', audio: { output: { voice: 'cedar' } } } },
      'session.updated',
    );
    expect(await answered()).toBe('New.');
    expect(server.record.tts.spoken.map(({ voice }) => voice)).toEqual(['alloy', 'cedar']);
  });

  it('a new item is read', async () => {
    await prepared();
    const content = [{ type: 'input_text', text: 'by the way' }];
    await client.ask(
      { type: 'conversation.item.create', item: { type: 'message', role: 'user', content } },
      'conversation.item.done',
    );
    expect(await answered()).toBe('New.');
    expect(requests()).toEqual([['hello'], ['by the way', 'hello']]);
  });

  it('the sound can be cleared: nothing was ever said', async () => {
    await prepared([['Old. ', new Promise(() => undefined)]]);
    await client.ask({ type: 'input_audio_buffer.clear' }, 'input_audio_buffer.cleared');
    await until(() => server.record.llm.aborted === 1);
    endTurn();
    await client.settle();
    expect(client.of('response.created')).toEqual([]);
    expect(client.of('input_audio_buffer.committed')).toEqual([]);
  });

  it('answers can be switched off', async () => {
    await prepared([['Old. ', new Promise(() => undefined)]]);
    await update({ turn_detection: { type: 'server_vad', create_response: false } });
    endTurn();
    await client.next('conversation.item.input_audio_transcription.completed');
    await until(() => server.record.llm.aborted === 1);
    expect(client.of('response.created')).toEqual([]);
  });

  it('turn detection can be switched off: no sound is lost, and the client commits', async () => {
    await prepared([['Old. ', new Promise(() => undefined)], ['New.']]);
    await update({ turn_detection: null });
    await until(() => server.record.llm.aborted === 1);
    client.append(tone(320));
    client.send({ type: 'input_audio_buffer.commit' });
    await client.settle();
    const heardMs = (server.record.stt[0]?.samples ?? 0) / 16;
    expect(heardMs).toBeCloseTo(480 + 256 + 320, -1);
  });

  it('a VAD that breaks costs no sound', async () => {
    let broken = false;
    await open({
      ...settledScript('hello'),
      probability: (frame) => {
        if (broken) throw new Error('gone');
        return frame.some((sample) => Math.abs(sample) > 1000) ? 1 : 0;
      },
    });
    await pause();
    broken = true;
    client.append(tone(320));
    await client.settle();
    expect((server.record.stt[0]?.samples ?? 0) / 16).toBeGreaterThan(480 + 256 + 300);
  });

  it('a request of the client’s own gets an answer of its own, and the turn one too', async () => {
    await prepared([['Old.'], ['Asked.'], ['New.']]);
    client.send({ type: 'response.create' });
    await client.next('response.done');
    endTurn();
    await client.next('response.done', { count: 2 });
    expect(requests()).toEqual([['hello'], [], ['Asked.', 'hello']]);
    expect(server.record.llm.committed).toEqual([1, 2]);
  });

  it('a cancel has nothing to cancel', async () => {
    await prepared();
    const { error } = await client.ask({ type: 'response.cancel' }, 'error');
    expect(error.code).toBe('response_cancel_not_active');
    expect(await answered()).toBe('Old.');
  });

  it('a manual commit and a request take what was prepared', async () => {
    await prepared();
    client.send({ type: 'input_audio_buffer.commit' });
    client.send({ type: 'response.create' });
    const { response } = await client.next('response.done');
    expect(response.output[0].content[0].transcript).toBe('Old.');
    expect(requests()).toEqual([['hello']]);
    expect(server.record.llm.committed).toEqual([0]);
  });

  it('a client that goes takes everything with it', async () => {
    await prepared([['Old. ', new Promise(() => undefined)]]);
    client.close();
    while (server.record.llm.aborted === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(server.record.llm.committed).toEqual([]);
    expect(server.record.stt[0]).toMatchObject({ cancelled: true });
  });
});

describe('the LLM is warmed', () => {
  it('when somebody begins to speak, and when they pause', async () => {
    await open({});
    client.append(silence(300));
    await client.settle();
    expect(server.record.llm.warmed).toBe(0);
    client.append(tone(200));
    await client.next('input_audio_buffer.speech_started');
    await client.settle();
    expect(server.record.llm.warmed).toBe(1);
    client.append(silence(256));
    await client.settle();
    expect(server.record.llm.warmed).toBe(2);
  });

  it('when sound for a manual turn begins', async () => {
    await open({});
    await update({ turn_detection: null });
    client.append(tone(200));
    client.append(tone(200));
    await client.settle();
    expect(server.record.llm.warmed).toBe(1);
  });
});
