import { afterEach, expect, it } from 'vitest';
import { createConnection } from '../../src/client/connection';
import { createSession } from '../../src/client/session';
import type { SessionConfig } from '../../src/client/session-config';
import { startServer } from '../../src/server';
import { createFakeBackends, type FakeScript } from '../../src/server/backends/fake';
import type { ConversationEvent, Problem } from '../../src/shared/ipc';
import { silentLogger } from '../../src/shared/log';
import { createScriptedEar } from '../helpers/client-ear';
import { createScriptedMicrophone, createScriptedSpeaker } from '../helpers/client-fakes';
import { TEST_CONFIG } from '../helpers/client-session';

/** The client and our own server over a real socket; only the engines, the microphone and the speaker are scripted. */

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const TOKEN = 'local-token-1234';

async function serve(script: FakeScript = {}) {
  const { backends, record } = createFakeBackends(script);
  const server = await startServer({ port: 0, token: TOKEN, backends, log: silentLogger, version: '0' });
  let closed: Promise<void> | null = null;
  const close = () => {
    closed ??= server.close();
    return closed;
  };
  closers.push(close);
  return { url: server.url, record, close };
}

function talkTo(url: () => string, config: Partial<SessionConfig> = {}, key = TOKEN) {
  const microphone = createScriptedMicrophone();
  const speaker = createScriptedSpeaker();
  const connection = createConnection({
    resolveTarget: async () => ({ url: url(), key }),
    log: silentLogger,
  });
  const session = createSession({
    connection,
    microphone,
    speaker,
    config: { ...TEST_CONFIG, ...config },
    log: silentLogger,
  });
  const events: ConversationEvent[] = [];
  const problems: Problem[] = [];
  let wake: () => void = () => undefined;
  session.onConversation((event) => {
    events.push(event);
    wake();
  });
  session.onProblem((problem) => problems.push(problem));
  session.onState(() => wake());
  connection.onStatus(() => wake());
  closers.push(() => session.close());
  session.start();
  /** Waits until something that the conversation, the state or the connection tells is so. */
  const until = async (condition: () => boolean) => {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const connected = () => until(() => events.some((e) => e.type === 'session.updated'));
  const shown = () => session.conversation.entries.map((e) => `${e.role}:${e.text}:${e.status}`);
  const answered = (count: number) =>
    until(
      () => events.filter((e) => e.type === 'response.done').length === count && !session.state.responseOpen,
    );
  const ask = async (ms = 500) => {
    session.press();
    microphone.hear(ms, 8000);
    session.release();
  };
  return {
    session,
    connection,
    microphone,
    speaker,
    events,
    problems,
    until,
    connected,
    answered,
    shown,
    ask,
  };
}

it('a push-to-talk turn is heard and answered', async () => {
  const server = await serve({ speech: [{ final: 'what time is it' }], answers: [['It is noon.']] });
  const t = talkTo(() => server.url);
  await t.connected();
  await t.ask();
  await t.answered(1);
  await t.until(() => t.shown().includes('user:what time is it:completed'));
  expect(t.shown()).toEqual(['user:what time is it:completed', 'assistant:It is noon.:completed']);
  expect(t.speaker.queuedMs).toBeGreaterThan(0);
  t.speaker.render(60_000);
  expect(t.session.state.playing).toBe(false);
  expect(t.problems).toEqual([]);
  expect(server.record.stt[0]?.samples).toBeGreaterThanOrEqual(7900);
});

it('an interrupted answer: server and client agree on what was heard', async () => {
  const answer = 'One two three four five six seven eight nine ten.';
  const server = await serve({
    speech: [{ final: 'count' }, { final: 'stop' }],
    answers: [[answer], ['Fine.']],
  });
  const t = talkTo(() => server.url);
  await t.connected();
  await t.ask();
  await t.answered(1);
  t.speaker.render(200);
  await t.ask();
  expect(t.speaker.queuedMs).toBe(0);
  await t.answered(2);

  const entry = t.session.conversation.entries.find((e) => e.status === 'interrupted');
  expect(entry?.text).toBe(answer);
  expect(entry?.heardText).toBe('One two three four');
  expect(t.events.filter((e) => e.type === 'conversation.item.truncated')).toMatchObject([
    { audio_end_ms: 200 },
  ]);
  const remembered = server.record.llm.requests[1]?.messages.find((m) => m.role === 'assistant');
  expect(remembered).toMatchObject({ text: expect.stringMatching(/^One two three/) });
  expect(JSON.stringify(remembered)).not.toContain('ten');
  expect(t.problems).toEqual([]);
});

it('an answer that is still being made is cancelled, and nothing of it is heard later', async () => {
  let goOn: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const server = await serve({ answers: [['First sentence. ', gate, 'Second sentence.'], ['Fine.']] });
  const t = talkTo(() => server.url);
  await t.connected();
  t.session.sendText('talk');
  await t.until(() => t.events.some((e) => e.type === 'response.output_audio_transcript.delta'));
  t.session.sendText('stop');
  await t.until(() => t.events.some((e) => e.type === 'response.done'));
  goOn();
  await t.answered(2);
  expect(t.shown().at(-1)).toBe('assistant:Fine.:completed');
  expect(JSON.stringify(t.session.conversation.entries)).not.toContain('Second');
  expect(server.record.tts.spoken.map((s) => s.text)).not.toContain('Second sentence.');
  expect(t.problems).toEqual([]);
});

/** In free mic with an ear, in the middle of the first answer. `say` speaks so that both the ear and the server hear it. */
async function overAnswer(said: string[], config: Partial<SessionConfig> = {}) {
  const server = await serve({
    speech: ['hello', ...said].map((final) => ({ final })),
    answers: [['A very long answer.'], ['Fine.'], ['Good.']],
  });
  const t = talkTo(() => server.url, { talkMode: 'free-mic', ...config });
  const ear = createScriptedEar();
  t.session.setEar(ear);
  const hush = (ms: number) => {
    ear.sound = 'none';
    t.microphone.hear(ms, 0);
  };
  const say = (ms: number) => {
    ear.sound = 'voice';
    t.microphone.hear(ms, 8000);
  };
  await t.connected();
  say(600);
  hush(1000);
  await t.answered(1);
  t.speaker.render(50);
  const count = (type: string) => t.events.filter((e) => e.type === type).length;
  return { ...t, server, say, hush, count };
}

it('a backchannel over an answer: the server hears it, forgets it, and the answer plays on', async () => {
  const t = await overAnswer(['mm-hm', 'what time is it']);
  t.say(400);
  expect(t.speaker.held).toBe(true);
  t.hush(1000);
  await t.until(() => t.count('conversation.item.deleted') === 2);
  expect(t.speaker.commands).toEqual(['hold', 'resume']);
  t.speaker.render(60_000);
  expect(t.shown()).toEqual(['user:hello:completed', 'assistant:A very long answer.:completed']);

  t.hush(500);
  t.say(600);
  t.hush(1000);
  await t.answered(2);
  expect(t.shown().slice(2)).toEqual(['user:what time is it:completed', 'assistant:Fine.:completed']);
  const asked = t.server.record.llm.requests[1]?.messages.map((message) =>
    'text' in message ? message.text : '',
  );
  expect(asked?.join(' ')).not.toContain('mm-hm');
  expect(t.problems).toEqual([]);
});

it('a short word over an answer cuts it off and is answered once', async () => {
  const t = await overAnswer(['stop']);
  t.say(400);
  t.hush(1000);
  await t.answered(2);
  t.hush(1000);
  expect(t.shown()).toEqual([
    'user:hello:completed',
    expect.stringMatching(/^assistant:.*:interrupted$/),
    'user:stop:completed',
    'assistant:Fine.:completed',
  ]);
  expect(t.count('response.created')).toBe(2);
  expect(t.count('conversation.item.truncated')).toBe(1);
  expect(t.problems).toEqual([]);
});

it('a long turn over an answer cuts it off and is answered once, by the server itself', async () => {
  const t = await overAnswer(['what about tomorrow']);
  t.say(900);
  expect(t.speaker.queuedMs).toBe(0);
  t.hush(1000);
  await t.answered(2);
  expect(t.shown().slice(2)).toEqual(['user:what about tomorrow:completed', 'assistant:Fine.:completed']);
  expect(t.count('response.created')).toBe(2);
  expect(t.problems).toEqual([]);
});

it('who goes on after a short word is answered once, to all of it', async () => {
  const t = await overAnswer(['wait what about tomorrow']);
  t.say(400);
  t.hush(300);
  expect(t.speaker.held).toBe(true);
  t.say(500);
  expect(t.speaker.queuedMs).toBe(0);
  t.hush(1000);
  await t.answered(2);
  expect(t.shown().slice(2)).toEqual([
    'user:wait what about tomorrow:completed',
    'assistant:Fine.:completed',
  ]);
  expect(t.count('response.created')).toBe(2);
  expect(t.problems).toEqual([]);
});

it('after so many words: fewer let the answer play on, enough cut it off', async () => {
  const t = await overAnswer(['yes but', 'hold on please'], {
    interruption: { when: 'after-words', words: 3 },
  });
  t.say(400);
  expect(t.speaker.commands).toEqual(['duck']);
  t.hush(1000);
  await t.until(() => t.count('conversation.item.deleted') === 2);
  expect(t.speaker.commands).toEqual(['duck', 'swell']);
  t.say(800);
  t.hush(1000);
  await t.answered(2);
  expect(t.speaker.commands).toEqual(['duck', 'swell', 'duck', 'flush']);
  expect(t.count('response.created')).toBe(2);
  expect(t.problems).toEqual([]);
});

it('free mic: speech begins and ends by itself, and cuts the answer off', async () => {
  const server = await serve({
    speech: [{ final: 'hello' }, { final: 'stop' }],
    answers: [['A very long answer.'], ['Fine.']],
  });
  const t = talkTo(() => server.url, { talkMode: 'free-mic' });
  await t.connected();
  t.microphone.hear(600, 8000);
  t.microphone.hear(1000, 0);
  await t.answered(1);
  t.speaker.render(50);
  t.microphone.hear(600, 8000);
  await t.until(() => t.session.state.userSpeaking);
  expect(t.speaker.queuedMs).toBe(0);
  t.microphone.hear(1000, 0);
  await t.answered(2);
  await t.until(() => t.events.some((e) => e.type === 'conversation.item.truncated'));
  expect(t.session.conversation.entries.map((e) => `${e.role}:${e.status}`)).toEqual([
    'user:completed',
    'assistant:interrupted',
    'user:completed',
    'assistant:completed',
  ]);
  expect(t.problems).toEqual([]);
});

it('the server dies in mid-answer and comes back elsewhere: the next question is answered, with what was said', async () => {
  const first = await serve({
    speech: [{ final: 'my name is Ann' }],
    answers: [['Hello Ann. ', new Promise(() => undefined)]],
  });
  const second = await serve({ speech: [{ final: 'who am I' }], answers: [['You are Ann.']] });
  let url = first.url;
  const t = talkTo(() => url);
  await t.connected();
  await t.ask();
  await t.until(() => t.shown().some((line) => line.startsWith('assistant:Hello Ann')));
  await t.until(() => t.shown().includes('user:my name is Ann:completed'));
  url = second.url;
  await first.close();
  await t.until(() => t.connection.status.state === 'recovering');
  t.speaker.render(60_000);
  await t.ask();
  await t.until(() => t.shown().includes('assistant:You are Ann.:completed'));
  expect(t.shown()).toEqual([
    'user:my name is Ann:completed',
    expect.stringMatching(/^assistant:Hello Ann\.\s*:lost$/),
    'user:who am I:completed',
    'assistant:You are Ann.:completed',
  ]);
  expect(second.record.llm.requests[0]?.messages).toEqual([
    { role: 'user', text: 'my name is Ann' },
    { role: 'assistant', text: 'Hello Ann.' },
    { role: 'user', text: 'who am I' },
  ]);
  expect(t.problems).toEqual([]);
});

it('clear: the server forgets too', async () => {
  const server = await serve({ answers: [['One.'], ['Two.']] });
  const t = talkTo(() => server.url);
  await t.connected();
  t.session.sendText('first');
  await t.answered(1);
  t.session.clear();
  t.session.sendText('second');
  await t.answered(2);
  expect(t.shown()).toEqual(['user:second:completed', 'assistant:Two.:completed']);
  expect(server.record.llm.requests[1]?.messages).toEqual([{ role: 'user', text: 'second' }]);
  expect(t.problems).toEqual([]);
});

it('a wrong key is told as such and not tried again', async () => {
  const server = await serve();
  const t = talkTo(() => server.url, {}, 'wrong-key-9876');
  await t.until(() => t.connection.status.state === 'disconnected');
  expect(t.connection.status.problem?.code).toBe('key-rejected');
  expect(t.connection.status.problem?.detail).not.toContain('wrong-key-9876');
});

it('nothing heard: no invented text, and the next turn works', async () => {
  const server = await serve({
    speech: [{ final: '' }, { final: 'hello' }],
    answers: [['Hi.'], ['Hi.'], ['Hi.']],
  });
  const t = talkTo(() => server.url);
  await t.connected();
  await t.ask();
  await t.until(() => t.session.conversation.entries.some((e) => e.notice === 'not-heard'));
  await t.until(() => !t.session.state.responseOpen);
  await t.ask();
  await t.until(
    () => t.shown().includes('user:hello:completed') && t.shown().includes('assistant:Hi.:completed'),
  );
});
