/** What Parley costs while nobody speaks: hidden in the tray, free mic, the microphone open on the virtual sound card. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bench, CannotMeasure, type Measurement, type Part } from '../figure';
import { openSoundCard } from '../sound-card';
import { writeBareWindow } from './bare-window';
import { growthOf, type MemoryPoint, watchGrowth } from './growth';
import { type Launched, type LaunchOptions, launch } from './launch';
import { cpuMsBetween, memoryMbOf, processesOf } from './processes';

const WINDOW_MS: Record<Bench['mode'], { own: number; others: number }> = {
  smoke: { own: 5_000, others: 5_000 },
  quick: { own: 20_000, others: 6_000 },
  full: { own: 60_000, others: 60_000 },
};
/**
 * After this a program has done what it does at its start. Parley sends what the microphone hears until it has been
 * silent for REST_AFTER_MS (6 s) and rests from then on; what lasts for hours is measured, not the seconds before.
 */
const SETTLE_MS = { own: 10_000, others: 4_000 };
const CPU_GOAL = 2;

/** Opens the microphone and the loudspeaker as a program with sound does, and does nothing with them. */
const OPEN_DEVICES = `navigator.mediaDevices.getUserMedia({ audio: true }).then((stream) => {
  const context = new AudioContext({ sampleRate: 24000, latencyHint: 'interactive' });
  const silent = new GainNode(context, { gain: 0 });
  context.createMediaStreamSource(stream).connect(silent).connect(context.destination);
  return context.resume();
})`;

interface Idle {
  cpuPercent: number;
  memoryMb: number;
  processes: number;
}

export const idle: Part = {
  figures: ['idleCpu', 'idleMemory'],
  modes: ['quick', 'full'],
  async measure(bench) {
    if (process.platform !== 'linux') throw new CannotMeasure('processes are read from the /proc of Linux');
    const work = join(bench.work, 'idle');
    const bare = writeBareWindow(join(work, 'bare'));
    const parley = parleyProfile(work);
    const card = await openSoundCard();
    const args = ['--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required'];
    const bareOptions = { program: bare, profile: join(work, 'bare-profile'), args, env: card.env };
    const { own: windowMs, others: otherMs } = WINDOW_MS[bench.mode];
    try {
      bench.say(`idle: bare window, ${otherMs / 1000} s`);
      const nothing = await whileRunning(bareOptions, async (program) => {
        await program.shownMs();
        return idleOf(program, SETTLE_MS.others, otherMs);
      });
      bench.say(`idle: bare window with open sound devices, ${otherMs / 1000} s`);
      const devices = await whileRunning(bareOptions, async (program) => {
        await program.shownMs();
        await program.page.evaluate(OPEN_DEVICES);
        return idleOf(program, SETTLE_MS.others, otherMs);
      });
      bench.say(`idle: Parley in the tray, free mic, ${windowMs / 1000} s`);
      const options = { program: bench.root, profile: parley, env: card.env };
      return await whileRunning(options, async (program) => {
        await program.until(
          "window.parley && window.parley.command('ready').then(({ state }) => state.connection === 'connected' && state.microphone.status === 'open')",
        );
        const own = await idleOf(program, SETTLE_MS.own, windowMs);
        const growth = bench.mode === 'full' ? await watchGrowth(program, bench) : null;
        return [cpuMeasurement(own, nothing, devices), memoryMeasurement(own, nothing, devices, growth)];
      });
    } finally {
      await card.close();
    }
  },
};

function parleyProfile(work: string): string {
  const profile = join(work, 'profile');
  mkdirSync(profile, { recursive: true });
  writeFileSync(join(profile, 'settings.json'), JSON.stringify({ language: 'en', talkMode: 'free-mic' }));
  return profile;
}

async function whileRunning<T>(options: LaunchOptions, use: (program: Launched) => Promise<T>): Promise<T> {
  const program = await launch({ ...options, inspected: true });
  try {
    return await use(program);
  } finally {
    await program.quit();
  }
}

async function idleOf(program: Launched, settleMs: number, windowMs: number): Promise<Idle> {
  await program.hide();
  await sleep(settleMs);
  const before = processesOf(program.pid);
  const startedMs = performance.now();
  await sleep(windowMs);
  const after = processesOf(program.pid);
  const elapsedMs = performance.now() - startedMs;
  if (after.length === 0) throw new Error('The program ended while it was to be idle.');
  return {
    cpuPercent: (cpuMsBetween(before, after) / elapsedMs) * 100,
    memoryMb: memoryMbOf(program.pid),
    processes: after.length,
  };
}

const BASELINE = 'bare Electron window';

function cpuMeasurement(own: Idle, bare: Idle, devices: Idle): Measurement {
  return {
    name: 'idleCpu',
    unit: '%',
    n: 1,
    samples: [],
    value: own.cpuPercent,
    goal: `<= ${CPU_GOAL} % of a core`,
    met: own.cpuPercent <= CPU_GOAL,
    baseline: { name: BASELINE, samples: [], value: bare.cpuPercent },
    split: { 'bare window with open microphone and loudspeaker': [devices.cpuPercent] },
    notes: [
      'User and system time of all processes of the program together, in percent of one core. The sound server is not part of it.',
      'The microphone is open, and its sound is digital silence. The program hears all of it, in bundles of 100 ms (docs/adr/0006), and sends nothing to the local server, as after every 6 s without a sound.',
    ],
  };
}

function memoryMeasurement(
  own: Idle,
  bare: Idle,
  devices: Idle,
  growth: readonly MemoryPoint[] | null,
): Measurement {
  const rate = growth && growthOf(growth);
  return {
    name: 'idleMemory',
    unit: 'MB',
    n: 1,
    samples: [],
    value: own.memoryMb,
    goal: rate && `grows <= ${rate.goalMb} MB in ${rate.minutes} minutes`,
    met: rate && rate.grownMb <= rate.goalMb,
    baseline: { name: BASELINE, samples: [], value: bare.memoryMb },
    split: {
      'bare window with open microphone and loudspeaker': [devices.memoryMb],
      ...(growth ? { 'minute by minute': growth.map(({ memoryMb }) => memoryMb) } : {}),
    },
    notes: [
      `Proportional set size (PSS) of all ${own.processes} processes, the engines of the local server among them: memory that several processes share is counted once.`,
      rate
        ? `With an answer every minute it grew by ${rate.grownMb.toFixed(1)} MB in ${rate.minutes} minutes (slope of a line through one value a minute).`
        : 'Growth is measured over half an hour in the full mode only.',
    ],
  };
}
