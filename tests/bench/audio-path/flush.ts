/** Measures in the program: a server says that the user speaks, and the output falls silent. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../figure';
import type { SoundCard } from '../sound-card';
import type { Span } from './arrivals';
import { createNow } from './now';
import { type Program, startProgram } from './program';
import { type AnswerScript, startScriptedServer } from './scripted-server';
import { type Flush, flushesOf } from './timeline';
import {
  ANSWER_MS,
  BETWEEN_BLOCKS_MS,
  BLOCK_MS,
  interruptAfterMs,
  SETTLE_MS,
  STALL,
  type Trials,
} from './trials';

/** Flushes of something that sounds. */
export interface FlushRuns {
  idle: Flush[];
  /** Of answers whose delivery stalled by `STALL.pauseMs`; nothing else happened. */
  stalled: Flush[];
  /** While the UI thread was blocked. */
  blocked: Flush[];
}

const BETWEEN_ANSWERS_MS = 30;

export async function measureFlush(
  bench: Bench,
  card: SoundCard,
  trials: Trials['flush'],
): Promise<FlushRuns> {
  const now = createNow();
  const server = await startScriptedServer();
  let answers = 0;
  const interruptOne = async (stall?: AnswerScript['stall']): Promise<void> => {
    await server.interruptedAnswer({
      answerMs: ANSWER_MS,
      interruptAfterMs: interruptAfterMs(answers++),
      ...(stall ? { stall } : {}),
    });
    await sleep(BETWEEN_ANSWERS_MS);
  };
  let program: Program | null = null;
  try {
    program = await startProgram(bench, mkdtempSync(join(bench.work, 'flush-')), {
      serverUrl: server.url,
      card,
      // The scripted server alone decides when somebody speaks.
      ear: 'off',
    });
    await server.ready();
    await sleep(SETTLE_MS);
    for (let i = 0; i < trials.idle; i++) await interruptOne();
    const stallsFromMs = now();
    for (let i = 0; i < trials.stalled; i++) await interruptOne(STALL);
    const stallsToMs = now();
    const blocks: Span[] = [];
    for (let i = 0; i < trials.blocks; i++) {
      let over = false;
      const block = program.blockUi(BLOCK_MS).finally(() => {
        over = true;
      });
      while (!over) await interruptOne();
      blocks.push(await block);
      await sleep(BETWEEN_BLOCKS_MS);
    }
    const { timeline, epochMs, clock } = await program.quit();
    return sortFlushes(flushesOf(timeline, epochMs, clock), epochMs, { stallsFromMs, stallsToMs, blocks });
  } finally {
    await program?.close();
    await server.close();
  }
}

/** When what was tried, in milliseconds since 1970. */
export interface FlushPhases {
  stallsFromMs: number;
  stallsToMs: number;
  blocks: readonly Span[];
}

/** Sorts the flushes of something that sounds by what was tried then; `epochMs` is the time of their 0. */
export function sortFlushes(flushes: readonly Flush[], epochMs: number, phases: FlushPhases): FlushRuns {
  const { stallsFromMs, stallsToMs, blocks } = phases;
  const between = (fromMs: number, toMs: number) =>
    flushes.filter(({ sounding, atMs }) => sounding && epochMs + atMs >= fromMs && epochMs + atMs < toMs);
  return {
    idle: between(0, stallsFromMs),
    stalled: between(stallsFromMs, stallsToMs),
    blocked: blocks.flatMap(({ startMs, endMs }) => between(startMs, endMs - BLOCK_MARGIN_MS)),
  };
}

/** A flush this late in a block would be answered after it even if it had to wait for the UI thread. */
const BLOCK_MARGIN_MS = 50;
