/** The callers of a load trial, in a process of their own so that they do not share a thread with anything else. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  APPEND_MS,
  APPENDS_PER_CYCLE,
  APPENDS_PER_PHASE,
  type Caller,
  EVENTS,
  type EventName,
  openCaller,
  type Triggers,
} from './caller';

export interface Trial {
  url: string;
  sessions: number;
  triggers: Triggers | null;
  warmUpMs: number;
  windowMs: number;
}

export interface TrialResult {
  /** Milliseconds from when the append that brings an event about was due to the event's arrival. */
  lagsMs: number[];
  /** Events that were due in the window and did not come. */
  missed: number;
  /** How late the callers themselves were, which is part of the lags. */
  lateMs: number[];
  triggers: Triggers;
}

const OPENED_AT_ONCE = 10;
/** An event this late is one that did not come. */
const GRACE_MS = 1000;
/** Where in a cycle a caller may begin to speak. */
const PHASES = APPENDS_PER_CYCLE / APPENDS_PER_PHASE;
/** Shares no factor with PHASES, so neighbours begin far apart. */
const PRIME = 7;

process.on('message', (trial: Trial) => {
  const work = trial.triggers ? load(trial, trial.triggers) : calibrate(trial.url);
  work.then(
    (result) => process.send?.(result),
    (error: Error) => process.send?.({ error: error.message }),
  );
});
process.once('disconnect', () => process.exit(0));

/** Which append brings each event about: one caller, one append at a time, on a server that has nothing else to do. */
async function calibrate(url: string): Promise<TrialResult> {
  const triggers: Partial<Record<EventName, number | undefined>> = {};
  let current = 0;
  const caller = await openCaller(url, null, 0, (name) => {
    triggers[name] = Math.max(current, triggers[name] ?? 0);
  });
  for (let cycle = 0; cycle < 3; cycle++) {
    for (current = 0; current < APPENDS_PER_CYCLE; current++) {
      caller.append(0);
      await caller.settle();
    }
  }
  caller.close();
  // The answer begins when the turn ends; how long the server takes to it is part of the lag.
  triggers['response.output_audio.delta'] = triggers['input_audio_buffer.speech_stopped'];
  const missing = EVENTS.find((name) => triggers[name] === undefined);
  if (missing) throw new Error(`The idle server never sent ${missing}.`);
  return { lagsMs: [], missed: 0, lateMs: [], triggers: triggers as Triggers };
}

async function load(trial: Trial, triggers: Triggers): Promise<TrialResult> {
  const lagsMs: number[] = [];
  const lateMs: number[] = [];
  let expected = 0;
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = Number.POSITIVE_INFINITY;
  const counts = (dueMs: number) => dueMs >= fromMs && dueMs < toMs;
  const callers: Caller[] = [];
  while (callers.length < trial.sessions) {
    const count = Math.min(OPENED_AT_ONCE, trial.sessions - callers.length);
    const opened = Array.from({ length: count }, (_, i) => {
      const silentAppends = (((callers.length + i) * PRIME) % PHASES) * APPENDS_PER_PHASE;
      return openCaller(trial.url, triggers, silentAppends, (_name, dueMs) => {
        if (counts(dueMs)) lagsMs.push(performance.now() - dueMs);
      });
    });
    callers.push(...(await Promise.all(opened)));
  }

  const startMs = performance.now();
  fromMs = startMs + trial.warmUpMs;
  toMs = fromMs + trial.windowMs;
  const triggering = new Set(Object.values(triggers));
  const queue = callers.map((caller, i) => ({
    caller,
    // Spread over the 20 ms of an append, as they are over the cycle by when they begin to speak.
    nextMs: startMs + (i * APPEND_MS) / callers.length,
  }));
  const allCame = () => performance.now() >= toMs && lagsMs.length >= expected;
  while (performance.now() < toMs + GRACE_MS && !allCame()) {
    for (const entry of queue) {
      while (entry.nextMs <= performance.now()) {
        const dueMs = entry.nextMs;
        entry.nextMs += APPEND_MS;
        if (counts(dueMs)) {
          lateMs.push(performance.now() - dueMs);
          if (triggering.has(entry.caller.at)) expected += eventsAt(entry.caller.at, triggers);
        }
        entry.caller.append(dueMs);
      }
    }
    await sleep(1);
  }
  for (const caller of callers) caller.close();
  return { lagsMs, missed: expected - lagsMs.length, lateMs, triggers };
}

function eventsAt(append: number, triggers: Triggers): number {
  return EVENTS.filter((name) => triggers[name] === append).length;
}
