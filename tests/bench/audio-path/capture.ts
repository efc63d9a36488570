/** Measures in the program, as it comes: a chunk of the microphone on its way to the socket. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../figure';
import type { SoundCard } from '../sound-card';
import { type Gaps, gapsOf, type HeldUp, heldUp, latencies, type Span } from './arrivals';
import { createNow } from './now';
import { type Program, startProgram } from './program';
import { startScriptedServer } from './scripted-server';
import { placeSent } from './socket-arrivals';
import { chunksOf } from './timeline';
import { BETWEEN_BLOCKS_MS, BLOCK_MS, SETTLE_MS, type Trials } from './trials';

export interface CaptureRuns {
  latencyMs: number[];
  idleGaps: Gaps;
  blocked: HeldUp[];
  /** Appends that could not be told apart. */
  unknown: number;
}

export async function measureCapture(
  bench: Bench,
  card: SoundCard,
  trials: Trials['capture'],
): Promise<CaptureRuns> {
  const now = createNow();
  const server = await startScriptedServer();
  let program: Program | null = null;
  try {
    program = await startProgram(bench, mkdtempSync(join(bench.work, 'capture-')), {
      serverUrl: server.url,
      card,
      // As it comes: each chunk is heard on this computer too.
      ear: 'full',
    });
    await server.ready();
    await sleep(SETTLE_MS);
    const fromMs = now();
    await sleep(trials.seconds * 1000);
    const toMs = now();
    const blocks: Span[] = [];
    for (let i = 0; i < trials.blocks; i++) {
      blocks.push(await program.blockUi(BLOCK_MS));
      await sleep(BETWEEN_BLOCKS_MS);
    }
    const { timeline, microphone, clock } = await program.quit();
    const chunks = chunksOf(timeline);
    const { arrivals, unknown } = placeSent(server.appends, chunks, microphone);
    const idle = arrivals.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
    return {
      latencyMs: latencies(idle, clock),
      idleGaps: gapsOf(idle),
      blocked: heldUp(arrivals, blocks),
      unknown,
    };
  } finally {
    await program?.close();
    await server.close();
  }
}
