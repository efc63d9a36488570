import { afterEach, describe, expect, it } from 'vitest';
import { converse, type Utterance } from '../../src/cli/converse';
import { type RunningServer, startServer } from '../../src/server';
import { createFakeBackends, type FakeScript } from '../../src/server/backends/fake';
import { msToSamples, rms } from '../../src/shared/audio';
import { silentLogger } from '../../src/shared/log';

const TOKEN = 'a-token';
let server: RunningServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

async function start(script: FakeScript = {}) {
  const { backends } = createFakeBackends(script);
  server = await startServer({ port: 0, token: TOKEN, backends, log: silentLogger, version: '0' });
  return server;
}

/** Loud enough for the fake VAD, with silence behind it as files have. */
function utterance(name: string, ms = 600, silenceMs = 100): Utterance {
  const pcm = new Int16Array(msToSamples(ms + silenceMs));
  for (let i = 0; i < msToSamples(ms); i++) pcm[i] = 8000 * Math.sin(i / 5);
  return { name, pcm };
}

const answerOf = (ms: number) => new Int16Array((16_000 * ms) / 1000).fill(6000);

function hold(options: Partial<Parameters<typeof converse>[0]>) {
  if (!server) throw new Error('no server');
  return converse({
    target: { url: server.url, key: TOKEN },
    questions: [utterance('q.wav')],
    bargeIn: null,
    answerTimeoutMs: 5000,
    log: silentLogger,
    ...options,
  });
}

describe('converse', () => {
  it('gives what was heard and said, and waits until the answer was played out', async () => {
    await start({
      ttsSampleRate: 16_000,
      speech: [{ final: 'what time is it' }],
      answers: [['It is noon.']],
      speak: () => [answerOf(1200)],
    });
    const result = await hold({});
    expect(result.errors).toEqual([]);
    expect(result.turns).toEqual([
      {
        heard: 'what time is it',
        said: 'It is noon.',
        speechEndToFirstAudioMs: expect.any(Number),
        interrupted: false,
      },
    ]);
    // Not before the server has waited through its 500 ms of silence.
    expect(result.turns[0]?.speechEndToFirstAudioMs).toBeGreaterThan(400);
    expect(result.recording.length).toBeGreaterThanOrEqual(msToSamples(1200));
    expect(rms(result.recording)).toBeGreaterThan(0.1);
  });

  it('takes several turns and tells each as it is finished', async () => {
    await start({
      speech: [{ final: 'one' }, { final: 'two' }],
      answers: [['First.'], ['Second.']],
    });
    const told: [string, number][] = [];
    const result = await hold({
      questions: [utterance('a.wav'), utterance('b.wav')],
      onTurn: (report, at) => told.push([report.heard, at]),
    });
    expect(result.errors).toEqual([]);
    expect(result.turns.map((t) => [t.heard, t.said])).toEqual([
      ['one', 'First.'],
      ['two', 'Second.'],
    ]);
    expect(told.map(([heard]) => heard)).toEqual(['one', 'two']);
    expect((told[1] as [string, number])[1]).toBeGreaterThan((told[0] as [string, number])[1]);
  });

  it('cuts the answer by barge-in, has it truncated, and hears the interruption as a turn', async () => {
    await start({
      ttsSampleRate: 16_000,
      speech: [{ final: 'tell me a story' }, { final: 'stop' }],
      answers: [['Once upon a time there was a king.'], ['Fine.']],
      speak: (text) => [answerOf(text.startsWith('Once') ? 20_000 : 200)],
    });
    const result = await hold({ bargeIn: { ...utterance('stop.wav'), afterMs: 400 } });
    expect(result.errors).toEqual([]);
    expect(result.turns.map((t) => [t.heard, t.interrupted])).toEqual([
      ['tell me a story', true],
      ['stop', false],
    ]);
    expect(result.turns[0]?.said.length).toBeLessThan('Once upon a time there was a king.'.length);
    expect(result.turns[1]?.said).toBe('Fine.');
    expect(result.recording.length).toBeLessThan(msToSamples(5000));
  });

  it('says when the barge-in cut nothing, because the answer was over', async () => {
    await start({ speech: [{ final: 'one' }, { final: 'two' }], speak: () => [answerOf(100)] });
    const result = await hold({ bargeIn: { ...utterance('late.wav'), afterMs: 1500 } });
    expect(result.errors).toEqual(['The answer to q.wav was not cut by late.wav.']);
    expect(result.turns.map((t) => t.interrupted)).toEqual([false, false]);
  });

  it('says when there was no speech in the file', async () => {
    await start();
    const result = await hold({
      questions: [{ name: 'silence.wav', pcm: new Int16Array(4800) }],
      answerTimeoutMs: 1000,
    });
    expect(result.errors).toEqual(['The server heard no speech in silence.wav.']);
    expect(result.turns).toEqual([
      { heard: '', said: '', speechEndToFirstAudioMs: null, interrupted: false },
    ]);
  });

  it('says when nothing was understood, and invents nothing', async () => {
    await start({ speech: [{ final: '' }] });
    const result = await hold({});
    expect(result.errors).toEqual(['Nothing was understood of q.wav.']);
    expect(result.turns[0]).toMatchObject({ heard: '', said: '' });
  });

  it('says when no answer comes, and does not wait for ever', async () => {
    await start({ answers: [[new Promise<void>(() => undefined)]] });
    const result = await hold({ answerTimeoutMs: 1500 });
    expect(result.errors).toEqual(['q.wav was not answered within 1.5 s.']);
    expect(result.turns[0]).toMatchObject({ heard: 'hello', said: '', speechEndToFirstAudioMs: null });
  });

  it('tells a failed response', async () => {
    await start({ answers: [[new Error('the model is on fire')]] });
    const result = await hold({});
    expect(result.errors[0]).toMatch(/^server-error: /);
    expect(result.turns[0]).toMatchObject({ heard: 'hello', said: '' });
  });

  it('ends when the server goes away in the middle of an answer', async () => {
    await start({ speak: () => [answerOf(20_000)] });
    const leave = setTimeout(() => void server?.close(), 2000);
    const result = await hold({});
    clearTimeout(leave);
    expect(result.errors.length).toBeGreaterThan(0);
    expect(result.errors[0]).toMatch(/^server-lost: /);
  });

  it('tells a wrong key and a server that is not there', async () => {
    const { url, port } = await start();
    const wrong = await hold({ target: { url, key: 'wrong' } });
    expect(wrong).toMatchObject({ turns: [], errors: [expect.stringMatching(/^key-rejected: /)] });
    await server?.close();
    const gone = await hold({ target: { url: `ws://127.0.0.1:${port}/v1/realtime`, key: TOKEN } });
    expect(gone).toMatchObject({ turns: [], errors: [expect.stringMatching(/^server-unreachable: /)] });
  });
});
