/** Fifty sessions at once on the same engines, good and bad ones. Everything is counted; nothing depends on the clock. */
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { bytesToPcm16 } from '../../src/shared/audio';
import {
  createLoudnessEngines,
  type LoudnessEngines,
  levelIn,
  loudnessOf,
} from '../helpers/loudness-engines';
import {
  silence,
  startTestServer,
  TestClient,
  type TestServer,
  type WireEvent,
} from '../helpers/server-client';

const SESSIONS = 50;
const TURNS = 6;
/** Turns that one session may be ahead of another: all began at once and do the same. */
const MAX_AHEAD = 2;

/** The last sessions are the bad ones. */
const BREAKS = { stt: 40, llm: 41, tts: 42 };
const CUT = [43, 44, 45];
const GARBAGE = [46, 47];
const LONG = 48;
const ENDLESS = 49;
const GOOD = Array.from({ length: 40 }, (_, session) => session);

class Talker {
  /** Turns that are over. */
  turns = 0;
  readonly level: number;

  private constructor(
    readonly client: TestClient,
    session: number,
  ) {
    this.level = loudnessOf(session);
  }

  static async open(url: string, session: number): Promise<Talker> {
    return new Talker(await TestClient.open(url), session);
  }

  say(): void {
    this.client.append(new Int16Array(24 * 300).fill(this.level));
    this.client.append(silence(700));
  }

  /** A whole conversation: an answer, one that is interrupted, one with a tool call, and again. */
  async converse(onTurn: () => void): Promise<void> {
    const { client } = this;
    for (let turn = 1; turn <= TURNS; turn++) {
      let from = client.events.length;
      // In every third turn this interrupts an answer that would not end.
      this.say();
      if (turn % 3 === 2) await client.next('response.output_audio.delta', { from });
      else {
        const { output } = await this.completed(from);
        const call = output.find(({ type }: WireEvent) => type === 'function_call');
        expect(call !== undefined).toBe(turn % 3 === 0);
        if (call !== undefined) {
          expect(JSON.parse(call.arguments)).toEqual({ level: this.level });
          from = client.events.length;
          const item = { type: 'function_call_output', call_id: call.call_id, output: 'seen' };
          client.send({ type: 'conversation.item.create', item });
          client.send({ type: 'response.create' });
          await this.completed(from);
        }
      }
      this.turns = turn;
      onTurn();
    }
  }

  /** Everything that came to this client and is of another session. */
  foreign(): string[] {
    const sound = this.client.of('response.output_audio.delta').flatMap(({ delta }) => {
      const other = bytesToPcm16(Buffer.from(delta, 'base64')).find((sample) => sample !== this.level);
      return other === undefined ? [] : [`sound of ${other} at ${this.level}`];
    });
    const words = this.client.events.flatMap(({ delta, transcript }) => {
      const level = levelIn(transcript ?? delta ?? '');
      return Number.isNaN(level) || level === this.level ? [] : [`words of ${level} at ${this.level}`];
    });
    return [...sound, ...words];
  }

  private async completed(from: number): Promise<WireEvent> {
    for (let count = 1; ; count++) {
      const { response } = await this.client.next('response.done', { from, count });
      if (response.status === 'completed') return response;
    }
  }
}

/** What the bad ones do while the good ones talk. */
async function misbehave(talkers: readonly Talker[]): Promise<void> {
  const of = (session: number) => talkers[session] as Talker;
  const repeat = async (session: number, failure: string) => {
    const { client } = of(session);
    for (let turn = 1; turn <= TURNS; turn++) {
      of(session).say();
      await client.next(failure, { count: turn });
    }
  };
  const cut = async (session: number) => {
    of(session).say();
    await of(session).client.next('response.output_audio.delta');
    of(session).client.close();
  };
  const garbage = async (session: number) => {
    const { client } = of(session);
    for (let n = 0; n < 300; n++) client.socket.send(n % 2 === 0 ? '{"type":' : Buffer.from([n % 256]));
    await client.next('error', { count: 300 });
  };
  const long = async () => {
    const { client } = of(LONG);
    for (let n = 0; n < 3; n++) {
      client.append(silence(120_000));
      await client.settle();
    }
  };
  const endless = async () => {
    of(ENDLESS).say();
    await of(ENDLESS).client.next('response.output_audio.delta', { count: 50 });
  };
  await Promise.all([
    repeat(BREAKS.stt, 'error'),
    repeat(BREAKS.llm, 'response.done'),
    repeat(BREAKS.tts, 'response.done'),
    ...CUT.map(cut),
    ...GARBAGE.map(garbage),
    long(),
    endless(),
  ]);
}

/** All of it once. Nothing of it is kept. */
async function wave(server: TestServer): Promise<void> {
  const talkers = await Promise.all(Array.from({ length: SESSIONS }, (_, n) => Talker.open(server.url, n)));
  const good = GOOD.map((session) => talkers[session] as Talker);
  const ahead = () => {
    const turns = good.map((talker) => talker.turns);
    return Math.max(...turns) - Math.min(...turns);
  };
  let mostAhead = 0;
  const onTurn = () => {
    mostAhead = Math.max(mostAhead, ahead());
  };
  await Promise.all([...good.map((talker) => talker.converse(onTurn)), misbehave(talkers)]);
  expect(good.map(({ turns }) => turns)).toEqual(GOOD.map(() => TURNS));
  expect(mostAhead).toBeLessThanOrEqual(MAX_AHEAD);
  expect(talkers.flatMap((talker) => talker.foreign())).toEqual([]);
  for (const session of [BREAKS.llm, BREAKS.tts]) {
    const statuses = talkers[session]?.client.of('response.done').map(({ response }) => response.status);
    expect(statuses).toEqual(Array.from({ length: TURNS }, () => 'failed'));
  }
  // Nobody who was good was told of an error.
  expect(good.flatMap(({ client }) => client.of('error'))).toEqual([]);
  for (const { client } of talkers) client.close();
  await Promise.all(talkers.map(({ client }) => client.closed));
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

/** What is still held, after as many turns of the event loop as it takes, and not more than a thousand. */
async function remaining(engines: LoudnessEngines): Promise<{ open: number; sessions: number }> {
  const now = () => ({
    open: engines.open,
    sessions: engines.given.filter((ref) => ref.deref() !== undefined).length,
  });
  for (let round = 0; round < 1000; round++) {
    await setImmediate();
    if (round % 100 === 99) collectGarbage();
    if (engines.open === 0 && round % 100 === 0 && now().sessions === 0) break;
  }
  return now();
}

/** Sockets and timers that keep this process busy. */
function handles(): Record<string, number> {
  const counts: Record<string, number> = { TCPSocketWrap: 0, TCPServerWrap: 0, Timeout: 0 };
  for (const name of process.getActiveResourcesInfo())
    if (name in counts) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Bytes in use after everything that can go has gone. */
function bytesHeld(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

it('fifty sessions: all finish, none starves, no sound or fault crosses over, and nothing is left', async () => {
  const before = handles();
  const engines = createLoudnessEngines({
    breaks: {
      stt: loudnessOf(BREAKS.stt),
      llm: loudnessOf(BREAKS.llm),
      tts: loudnessOf(BREAKS.tts),
    },
    endless: loudnessOf(ENDLESS),
  });
  const server = await startTestServer({}, { backends: engines.backends });
  await wave(server);
  expect(engines.given.length).toBeGreaterThanOrEqual(2 * SESSIONS);
  expect(await remaining(engines)).toEqual({ open: 0, sessions: 0 });
  const held = bytesHeld();
  await wave(server);
  expect(await remaining(engines)).toEqual({ open: 0, sessions: 0 });
  // Fifty sessions hold more than 20 MB of sound and words while they last.
  expect(bytesHeld() - held).toBeLessThan(4_000_000);
  await server.close();
  for (let round = 0; round < 100; round++) await setImmediate();
  for (const [name, count] of Object.entries(handles()))
    expect(count, name).toBeLessThanOrEqual(before[name] ?? 0);
}, 120_000);

it('a long append of one session lets the others be served in between', async () => {
  const server = await startTestServer();
  const long = await TestClient.open(server.url);
  const other = await TestClient.open(server.url);
  long.append(silence(240_000));
  let taken = false;
  const settled = long.settle().then(() => {
    taken = true;
  });
  let served = 0;
  for (; !taken; served++) await other.settle();
  await settled;
  // It is taken in 480 blocks of half a second.
  expect(served).toBeGreaterThan(50);
  long.close();
  other.close();
  await server.close();
});
