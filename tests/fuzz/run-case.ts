/** Plays one case against a session of the server's own, without a socket: everything happens in the same order each time. */
import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Session } from '../../src/server/session';
import { createLogger, type Logger } from '../../src/shared/log';
import type { FuzzCase } from './actions';
import { createEngines, type FuzzEngines, SCRIPTED } from './engines';
import { FuzzClient } from './fuzz-client';

/** Turns of the event loop in which nothing may happen before a session counts as idle, and most that it may take. */
const QUIET_ROUNDS = 30;
const MAX_ROUNDS = 5000;

/** Time, as far as a session waits for it. */
export interface Clock {
  advance(ms: number): void;
  /** Timers that wait. */
  pending(): number;
}

export interface Played {
  /** What does not hold; nothing when all is well. */
  problems: string[];
  /** What the client sent, one event a line. */
  sent: string[];
  received: number;
}

export async function playInProcess(
  { kind, engines: script, actions }: FuzzCase,
  clock: Clock,
): Promise<Played> {
  const engines = createEngines(script);
  const problems: string[] = [];
  let session: Session | null = null;
  let closed = false;
  const client = new FuzzClient(kind, { send: (frame) => receive(frame), immediate: true });
  const receive = (frame: string | Buffer) => session?.receive(Buffer.from(frame), Buffer.isBuffer(frame));
  session = new Session({
    kind,
    model: 'fuzz',
    backends: engines.backends,
    log: bugLogger(problems),
    send: (text) => {
      if (closed) problems.push('something was sent after the end');
      client.take(JSON.parse(text));
    },
  });
  const close = () => {
    closed = true;
    session?.close();
  };
  for (const action of actions) {
    switch (action.do) {
      case 'run':
        for (let round = 0; round < action.rounds; round++) await setImmediate();
        break;
      case 'gate':
        engines.gates.release(action.index);
        break;
      case 'tick':
        clock.advance(action.ms);
        break;
      case 'speakUp':
        if (!closed) engines.contexts[0]?.speakUp(action.text);
        break;
      case 'disconnect':
        close();
        break;
      default:
        if (closed) receive(JSON.stringify({ type: 'response.create' }));
        else client.perform(action);
    }
  }
  if (!closed) {
    engines.gates.openAll();
    if (!(await idle(client, engines))) problems.push('the session does not come to rest');
    problems.push(...client.unfinished());
    if (client.allProblems().length === 0 && problems.length === 0) {
      problems.push(...(await answersStill(client, engines)));
    }
    close();
  }
  // Nothing is let go on for a session that is over: what waits must have been stopped.
  for (let round = 0; round < QUIET_ROUNDS; round++) await setImmediate();
  const left = Object.entries(engines.open).filter(([, count]) => count !== 0);
  if (left.length > 0)
    problems.push(`left open: ${left.map(([name, count]) => `${count} ${name}`).join(', ')}`);
  if (clock.pending() > 0) problems.push(`${clock.pending()} timers are left`);
  return {
    problems: [...client.allProblems(), ...problems],
    sent: client.sent,
    received: client.checker.count,
  };
}

/** A session that went through all that is still one that can be talked to. */
async function answersStill(client: FuzzClient, engines: FuzzEngines): Promise<string[]> {
  const before = client.checker.count;
  const rest = { outOfBand: true, named: true, modality: null, input: [], voice: null, rest: {} };
  client.perform({ do: 'respond', response: rest });
  if (!(await idle(client, engines))) return ['the session does not come to rest'];
  return client.checker.count > before ? client.unfinished() : ['the session does not answer any more'];
}

async function idle(client: FuzzClient, { open }: FuzzEngines): Promise<boolean> {
  const handled = client.fence();
  let seen = { count: -1, open: { ...open } };
  for (let round = 0, quiet = 0; round < MAX_ROUNDS; round++) {
    await setImmediate();
    const now = { count: client.checker.count, open: { ...open } };
    quiet = isDeepStrictEqual(now, seen) ? quiet + 1 : 0;
    seen = now;
    if (quiet >= QUIET_ROUNDS && handled() && open.answer === 0 && open.voice === 0) return true;
  }
  return false;
}

/** Tells errors that no script asked for: a bug that was caught and logged is one all the same. */
export function bugLogger(problems: string[]): Logger {
  return createLogger(({ message, fields }) => {
    if (!isScripted(fields.error)) problems.push(`${message}: ${(fields.error as Error).stack}`);
  }, 'warn');
}

function isScripted(error: unknown): boolean {
  return (
    !(error instanceof Error) ||
    error.message === SCRIPTED ||
    (error.cause !== undefined && isScripted(error.cause))
  );
}
