/** How many conversations one core serves: real-time sound in, events and answers out, engines scripted. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { isOnPath } from '../../../scripts/system.mjs';
import type { Bench, Measurement, Part } from '../figure';
import { percentile } from '../report/statistics';
import type { Trial, TrialResult } from './callers.process';
import { mostThatHeld, type Step, searchMost } from './search';

const GOAL_SESSIONS = 100;
const GOAL_LAG_MS = 50;
/** More than this, and what is seen is the callers' own machine. */
const LIMIT = 3200;
const WARM_UP_MS = 1000;
const WINDOW_MS: Record<Bench['mode'], number> = { smoke: 2400, quick: 4800, full: 14_400 };
const PRECISION: Record<Bench['mode'], number> = { smoke: 0.3, quick: 0.12, full: 0.05 };
/** Each takes six or seven seconds in the quick mode. */
const TRIALS: Record<Bench['mode'], number> = { smoke: 4, quick: 6, full: 16 };
/** Fewer tell nothing; below 100 the p99 is the worst of all. */
const MIN_LAGS = 10;

export const serverLoad: Part = {
  figures: ['sessionsPerCore'],
  modes: ['quick', 'full'],
  async measure(bench) {
    const pinned = isOnPath('taskset') && cpus().length > 1;
    const callersCores = cpus().length > 2 ? `1-${cpus().length - 1}` : '1';
    const callers = startProcess(bench, 'callers.process.mjs', pinned ? callersCores : null);
    try {
      const steps = await search(bench, callers, pinned);
      return [measurement(steps, pinned)];
    } finally {
      callers.kill();
    }
  },
};

export const parts = [serverLoad];

async function search(bench: Bench, callers: ChildProcess, pinned: boolean): Promise<Step<TrialResult>[]> {
  const windowMs = WINDOW_MS[bench.mode];
  let triggers: TrialResult['triggers'] | null = null;
  return searchMost(
    async (sessions) => {
      // A new server for each trial: what one that was overloaded still has to do is not the next one's.
      const server = startProcess(bench, 'server.process.mjs', pinned ? '0' : null);
      try {
        const { url } = await answer<{ url: string }>(server);
        const ask = (known: Trial['triggers']) => {
          const trial: Trial = { url, sessions, triggers: known, warmUpMs: WARM_UP_MS, windowMs };
          callers.send(trial);
          return answer<TrialResult>(callers);
        };
        triggers ??= (await ask(null)).triggers;
        const result = await ask(triggers);
        const lag = lagOf(result);
        bench.say(
          `${sessions} sessions: p99 event lag ${lag.toFixed(1)} ms, ${result.missed} events missing`,
        );
        return { holds: lag < GOAL_LAG_MS && result.missed === 0, result };
      } finally {
        server.kill();
      }
    },
    { from: GOAL_SESSIONS, limit: LIMIT, precision: PRECISION[bench.mode], trials: TRIALS[bench.mode] },
  );
}

function lagOf({ lagsMs }: TrialResult): number {
  return lagsMs.length < MIN_LAGS ? Number.POSITIVE_INFINITY : percentile(lagsMs, 99);
}

/** Electron's server has one event loop and, with scripted engines, does nothing on other threads. */
const ENV = { ...process.env, UV_THREADPOOL_SIZE: '1' };

function startProcess(bench: Bench, name: string, cores: string | null): ChildProcess {
  const program = join(bench.root, 'out', 'bench', name);
  if (cores === null) return fork(program, [], { env: ENV });
  // Started through taskset, whose only effect is to say on which cores the process may run.
  return fork(program, [], { env: ENV, execPath: 'taskset', execArgv: ['-c', cores, process.execPath] });
}

/** The next message of a process. Rejects when it ends instead, or says what went wrong. */
async function answer<T>(child: ChildProcess): Promise<T> {
  const done = new AbortController();
  const { signal } = done;
  try {
    const ended = once(child, 'exit', { signal }).then(([code]) => {
      throw new Error(`${child.spawnargs.at(-1)} ended with ${code}`);
    });
    const [message] = await Promise.race([once(child, 'message', { signal }), ended]);
    if (message.error) throw new Error(message.error);
    return message;
  } finally {
    done.abort();
  }
}

function measurement(steps: readonly Step<TrialResult>[], pinned: boolean): Measurement {
  const most = mostThatHeld(steps);
  const atGoal = steps.find(({ sessions }) => sessions === GOAL_SESSIONS);
  const lag = atGoal ? lagOf(atGoal.result) : Number.POSITIVE_INFINITY;
  const tried = steps.map(({ sessions, holds }) => `${sessions} ${holds ? 'held' : 'did not'}`).join(', ');
  const late = most && percentile(most.result.lateMs, 99).toFixed(1);
  return {
    name: 'sessionsPerCore',
    unit: 'sessions',
    n: most?.result.lagsMs.length ?? 0,
    samples: [],
    value: most?.sessions ?? 0,
    higherIsBetter: true,
    goal: `p99 event lag < ${GOAL_LAG_MS} ms at ${GOAL_SESSIONS} sessions`,
    met: lag < GOAL_LAG_MS && atGoal?.result.missed === 0,
    baseline: null,
    split: {
      ...(atGoal ? { [`event lag at ${GOAL_SESSIONS} sessions`]: atGoal.result.lagsMs } : {}),
      ...(most && most !== atGoal ? { [`event lag at ${most.sessions} sessions`]: most.result.lagsMs } : {}),
    },
    notes: [
      `At ${GOAL_SESSIONS} sessions the p99 event lag was ${lag.toFixed(1)} ms. Tried: ${tried}; a number holds when the p99 lag is below ${GOAL_LAG_MS} ms and no event is missing.`,
      `One server process, one event loop, UV_THREADPOOL_SIZE=1, ${pinned ? 'pinned to one core; the callers have the others' : 'not pinned to a core, because taskset or a second core is missing'}. Loopback socket, no compression.`,
      'Every caller sends 20 ms appends in real time (1.6 s of voice, 3.2 s of silence, over and over) and is answered with 3 s of sound. Lag is from when the append that brings an event about was due, so a late caller counts against us, to the arrival of speech_started, speech_stopped and the first audio of the answer.',
      `The engines are scripted: what is measured is the server (parsing, resampling, turn detection, events), not recognition or synthesis.${late ? ` The callers themselves were late by ${late} ms (p99).` : ''}`,
    ],
  };
}
