/** Runs the baseline program: sound on the UI thread, microphone in pieces of 8,192 bytes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import { electronPath, sandboxArguments } from '../../../scripts/electron.mjs';
import type { Bench } from '../figure';
import type { SoundCard } from '../sound-card';
import { type Arrival, type HeldUp, heldUp, latencies, type Span } from './arrivals';
import { createNow } from './now';
import { ANSWER_MS, BETWEEN_BLOCKS_MS, BLOCK_MS, interruptAfterMs, phaseMs, type Trials } from './trials';

export interface BaselineRuns {
  idleFlushMs: number[];
  blockedFlushMs: number[];
  captureMs: number[];
  blockedCapture: HeldUp[];
}

/** What baseline/page.js sends; `processedAt` is when its first sample was processed. */
interface Piece {
  frame: number;
  samples: number;
  processedAt: number;
}

/** What baseline/main.cjs leaves. */
interface Result {
  idleFlushMs: (number | null)[];
  blockedFlushMs: (number | null)[];
  idle: { fromMs: number; toMs: number };
  blocks: Span[];
}

const SETTLE_MS = 1500;
const BETWEEN_ANSWERS_MS = 60;
/** Deltas of an answer come in pieces of about this length. */
const DELTA_MS = 100;
const TIMEOUT_MS = 240_000;

export async function measureBaseline(
  bench: Bench,
  card: SoundCard,
  trials: Trials['baseline'],
): Promise<BaselineRuns> {
  const folder = mkdtempSync(join(bench.work, 'baseline-'));
  const resultFile = join(folder, 'result.json');
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  await once(server, 'listening');
  const now = createNow();
  const arrivals: Arrival[] = [];
  const processedMs = new Map<number, number>();
  server.on('connection', (socket) =>
    socket.on('message', (data) => {
      const atMs = now();
      const { frame, samples, processedAt } = JSON.parse(data.toString()) as Piece;
      processedMs.set(frame, processedAt);
      arrivals.push({ frame, samples, atMs });
    }),
  );
  const plan = {
    resultFile,
    socketUrl: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    settleMs: SETTLE_MS,
    answerMs: ANSWER_MS,
    deltaMs: DELTA_MS,
    flushAfterMs: Array.from({ length: trials.idle }, (_, i) => interruptAfterMs(i)),
    betweenMs: BETWEEN_ANSWERS_MS,
    blockMs: BLOCK_MS,
    phasesMs: Array.from({ length: trials.blocks }, (_, i) => phaseMs(i, trials.blocks)),
    betweenBlocksMs: BETWEEN_BLOCKS_MS,
  };
  try {
    await runElectron(bench, folder, card, plan);
  } finally {
    for (const client of server.clients) client.terminate();
    server.close();
  }
  const result = JSON.parse(readFileSync(resultFile, 'utf8')) as Result;
  const { fromMs, toMs } = result.idle;
  return {
    idleFlushMs: result.idleFlushMs.filter((ms) => ms !== null),
    blockedFlushMs: result.blockedFlushMs.filter((ms) => ms !== null),
    captureMs: latencies(
      arrivals.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs),
      (frame) => processedMs.get(frame) ?? null,
    ),
    blockedCapture: heldUp(arrivals, result.blocks),
  };
}

async function runElectron(bench: Bench, folder: string, card: SoundCard, plan: object): Promise<void> {
  const child = spawn(
    electronPath().executable,
    [
      join(bench.root, 'tests/bench/audio-path/baseline'),
      `--user-data-dir=${join(folder, 'profile')}`,
      '--use-fake-ui-for-media-stream',
      ...sandboxArguments(),
    ],
    {
      env: { ...process.env, ...card.env, BASELINE_PLAN: JSON.stringify(plan) },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said = `${said}${data}`.slice(-2000);
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
  const [code] = await once(child, 'exit');
  clearTimeout(timer);
  if (code !== 0) throw new Error(`The baseline program ended with ${code}: ${said.trim()}`);
}
