/** From launch to ready, beside a bare Electron window started in turn. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Measurement, Part } from '../figure';
import { percentile } from '../report/statistics';
import { writeBareWindow } from './bare-window';
import { launch } from './launch';

const PAIRS: Record<Bench['mode'], number> = { smoke: 1, quick: 3, full: 12 };
const GOAL_RATIO = 1.5;

export const start: Part = {
  figures: ['startToReady'],
  modes: ['quick', 'full'],
  async measure(bench) {
    const work = join(bench.work, 'start');
    const bare = writeBareWindow(join(work, 'bare'));
    const profile = join(work, 'profile');
    mkdirSync(profile, { recursive: true });
    writeFileSync(join(profile, 'settings.json'), JSON.stringify({ language: 'en' }));

    const shown: number[] = [];
    const connected: number[] = [];
    const bareShown: number[] = [];
    // The first pair fills the system's file cache and makes the profiles, and is not counted.
    for (let pair = 0; pair <= PAIRS[bench.mode]; pair++) {
      const own = await startParley(bench.root, profile, join(work, `recording-${pair}`));
      const other = await startBare(bare, join(work, 'bare-profile'));
      bench.say(`start ${pair}: Parley ${own.shownMs.toFixed(0)} ms, bare window ${other.toFixed(0)} ms`);
      if (pair === 0) continue;
      shown.push(own.shownMs);
      connected.push(own.connectedMs);
      bareShown.push(other);
    }
    return [measurement(shown, connected, bareShown)];
  },
};

async function startParley(
  root: string,
  profile: string,
  recording: string,
): Promise<{ shownMs: number; connectedMs: number }> {
  const program = await launch({
    program: root,
    profile,
    args: ['--use-fake-device-for-media-stream'],
    env: { PARLEY_RECORD: recording },
  });
  let shownMs = 0;
  try {
    shownMs = await program.shownMs();
    await program.until(
      "window.parley && window.parley.command('ready').then(({ state }) => state.connection === 'connected')",
    );
  } finally {
    await program.quit();
  }
  // Read when the program has ended: until then the end of the file may not be written yet.
  return { shownMs, connectedMs: connectedAtMs(recording) - program.launchedAtMs };
}

async function startBare(folder: string, profile: string): Promise<number> {
  const program = await launch({
    program: folder,
    profile,
    args: ['--use-fake-device-for-media-stream'],
  });
  try {
    return await program.shownMs();
  } finally {
    await program.quit();
  }
}

/** Wall clock of the first connected state that the program recorded. */
function connectedAtMs(recording: string): number {
  const entries = readFileSync(join(recording, 'timeline.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"state"') || line.includes('"begin"'))
    .map((line) => JSON.parse(line));
  const begin = entries.find(({ kind }) => kind === 'begin');
  const connected = entries.find(({ kind, connection }) => kind === 'state' && connection === 'connected');
  return begin.epochMs + connected.atMs;
}

function measurement(shown: number[], connected: number[], bare: number[]): Measurement {
  const ratio = percentile(shown, 50) / percentile(bare, 50);
  return {
    name: 'startToReady',
    unit: 'ms',
    n: shown.length,
    samples: shown,
    goal: `p50 <= ${GOAL_RATIO} x the bare window`,
    met: ratio <= GOAL_RATIO,
    baseline: { name: 'bare Electron window', samples: bare },
    split: { 'shown, with its state': shown, 'connected to the local server': connected },
    notes: [
      'Ready is when the window first shows its content: the state word and the controls. The local server, a process of its own, is connected later, which the split tells.',
      'Launches after the first one of each, so the files are in the system’s cache. The display is a virtual one without a graphics card.',
    ],
  };
}
