/** Onset to silence, and who was not heard: real interruptions of the program, beside its floor and the server alone. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Measurement } from '../figure';
import { percentile } from '../report/statistics';
import { cardOrCannot } from '../sound-card';
import { interruptions, type Stimulus } from '../stimuli';
import { createRandom } from '../stimuli-noise';
import { interrupt, type Trial } from './interrupt';
import { openStage, type Stage } from './stage';
import { TRIALS } from './trials';

const GOAL_MS = { p50: 180, p95: 300 };
const GOAL_OVER_FLOOR_MS = { p50: 64, p95: 130 };
const GOAL_MISSED = 2;
/** dB by which the answer is softer in the microphone than at the loudspeaker. */
const ROOM_DB = -16;
/** An answer sounds for this long at least, and up to as much longer, before it is interrupted. */
const BEFORE_MS = 300;
const SPREAD_MS = 600;
/** How often an interruption that never had a chance is tried again. */
const RETRIES = 3;
/** Sentences of an answer: about half a minute. */
const SENTENCES = 8;

export async function measureInterruptions(bench: Bench): Promise<Measurement[]> {
  cardOrCannot();
  const counts = TRIALS[bench.mode];
  const folder = join(bench.work, 'voices');
  mkdirSync(folder, { recursive: true });
  const stimuli = await interruptions(folder, counts.interruptions);
  const overEcho = await interruptions(folder, counts.overEcho, [
    { level: 'normal' },
    { level: 'normal' },
    { level: 'quiet' },
  ]);

  bench.say(
    `Onset to silence: ${stimuli.length} interruptions, ${overEcho.length} more over the echo of a loud answer.`,
  );
  const full = await withStage(bench, 'full', async (stage) => {
    const plain = await series(bench, stage, stimuli);
    await stage.card.room(ROOM_DB);
    return { plain, room: await series(bench, stage, overEcho) };
  });
  bench.say(`Floor of the device path: ${counts.floor} interruptions by level alone.`);
  // The same voices as the program hears, spread over the list.
  const spread = (list: Stimulus[], count: number): Stimulus[] =>
    Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)] as Stimulus);
  // Level alone takes the noise before a voice for the voice.
  const clear = stimuli.filter(({ inNoise }) => !inNoise);
  const floor = await withStage(bench, 'energy', (stage) =>
    series(bench, stage, spread(clear, counts.floor)),
  );
  bench.say(`Server detection only: ${counts.serverOnly} interruptions.`);
  const server = await withStage(bench, 'off', (stage) =>
    series(bench, stage, spread(stimuli, counts.serverOnly)),
  );
  return [onsetToSilence(full.plain, floor, server), missed(full.plain, full.room, server)];
}

async function withStage<T>(
  bench: Bench,
  ear: 'full' | 'energy' | 'off',
  run: (stage: Stage) => Promise<T>,
): Promise<T> {
  const recording = join(bench.work, `interruptions-${ear}`);
  const stage = await openStage({ root: bench.root, ear, sentences: SENTENCES, recording });
  try {
    return await run(stage);
  } finally {
    await stage.close();
  }
}

interface Series {
  trials: Trial[];
  /** Attempts that never had a chance, by why. */
  repeated: Record<string, number>;
}

async function series(bench: Bench, stage: Stage, stimuli: readonly Stimulus[]): Promise<Series> {
  const random = createRandom(stimuli.length);
  const trials: Trial[] = [];
  const repeated: Record<string, number> = {};
  for (const stimulus of stimuli) {
    for (let attempt = 0; attempt <= RETRIES; attempt++) {
      const trial = await interrupt(stage, stimulus, BEFORE_MS + random() * SPREAD_MS);
      const { outcome } = trial;
      if (outcome.type !== 'no-chance') {
        trials.push(trial);
        bench.say(`${line(trial)}  ${stimulus.name}`);
        break;
      }
      repeated[outcome.why] = (repeated[outcome.why] ?? 0) + 1;
    }
  }
  return { trials, repeated };
}

function line({ outcome }: Trial): string {
  if (outcome.type !== 'silence') return `${outcome.type.padStart(6)}`;
  const { split, totalMs } = outcome;
  const parts = split ? ` = ${[split.detection, split.flush, split.device].map(Math.round).join(' + ')}` : '';
  return `${Math.round(totalMs).toString().padStart(4)} ms${parts}`;
}

function silences(series: Series): number[] {
  return series.trials.flatMap(({ outcome }) => (outcome.type === 'silence' ? [outcome.totalMs] : []));
}

function onsetToSilence(full: Series, floor: Series, server: Series): Measurement {
  const samples = silences(full);
  const floorSamples = silences(floor);
  const serverSamples = silences(server);
  const splits = full.trials.flatMap(({ outcome }) =>
    outcome.type === 'silence' && outcome.split ? [outcome.split] : [],
  );
  const over = {
    p50: percentile(samples, 50) - percentile(floorSamples, 50),
    p95: percentile(samples, 95) - percentile(floorSamples, 95),
  };
  const met =
    percentile(samples, 50) <= GOAL_MS.p50 &&
    percentile(samples, 95) <= GOAL_MS.p95 &&
    over.p50 <= GOAL_OVER_FLOOR_MS.p50 &&
    over.p95 <= GOAL_OVER_FLOOR_MS.p95;
  return {
    name: 'onsetToSilence',
    unit: 'ms',
    n: samples.length,
    samples,
    goal: 'p50 <= 180 ms, p95 <= 300 ms, and at most 64 / 130 ms above the floor of the device path',
    met,
    baseline: { name: 'server detection only', samples: serverSamples },
    split: {
      detection: splits.map(({ detection }) => detection),
      flush: splits.map(({ flush }) => flush),
      device: splits.map(({ device }) => device),
      floor: floorSamples,
    },
    notes: [
      `The floor of the device path (anything loud silences the answer; ${floorSamples.length} trials, voices without noise): p50 ${ms(percentile(floorSamples, 50))}, p95 ${ms(percentile(floorSamples, 95))}; the program is ${ms(over.p50)} and ${ms(over.p95)} above it.`,
      'The onset is the first sample that reaches 20 dB below the level of the voice; the end is one after the last sample of the loudspeaker above -50 dBFS before a silence of 500 ms.',
      'Voices: Flite and eSpeak NG at several pitches, and recordings of people (pocketsphinx-testdata); levels -22, -42 and -13 dBFS; noise at 20 and 12 dB under the voice. None of them is the assistant’s: nobody in a room speaks with the assistant’s own voice.',
      'The sound card is virtual (PulseAudio, one null sink, blocks of about 10 ms); the parts of a wait are off by as much, their sum is not.',
      ...chances('Counted apart and tried again', full),
      ...unheard('No silence within 1.5 s of the voice', full),
      ...unheard('The same, by level alone', floor),
      ...unheard('The same, with server detection only', server),
    ],
  };
}

function chances(what: string, { repeated }: Series): string[] {
  const reasons = Object.entries(repeated).map(([why, count]) => `${why} ${count}`);
  return reasons.length === 0 ? [] : [`${what}: ${reasons.join(', ')}.`];
}

function unheard(what: string, { trials }: Series): string[] {
  const missed = trials.filter(({ outcome }) => outcome.type === 'missed');
  if (missed.length === 0) return [];
  return [
    `${what}: ${missed.length} of ${trials.length} (${missed.map(({ stimulus }) => stimulus.name).join('; ')}).`,
  ];
}

function missed(full: Series, room: Series, server: Series): Measurement {
  const hard = [...full.trials.filter(({ stimulus }) => stimulus.level === 'quiet'), ...room.trials];
  const share = (trials: Trial[]): number =>
    trials.length === 0
      ? 0
      : (100 * trials.filter(({ outcome }) => outcome.type === 'missed').length) / trials.length;
  const quiet = server.trials.filter(({ stimulus }) => stimulus.level === 'quiet');
  return {
    name: 'missedInterruptions',
    unit: '%',
    n: hard.length,
    samples: [],
    value: share(hard),
    goal: `at most ${GOAL_MISSED} % of quiet voices and of voices over a loud answer`,
    met: share(hard) <= GOAL_MISSED,
    baseline: { name: 'server detection only', samples: [], value: share(quiet) },
    notes: [
      `Quiet voices (-42 dBFS), and ${room.trials.length} voices while the microphone hears the answer at ${ROOM_DB} dB. Missed: no silence within 1.5 s.`,
      `The baseline heard quiet voices without an echo only (${quiet.length}).`,
      ...unheard('Missed', { ...full, trials: hard }),
      ...chances('Counted apart and tried again over the echo', room),
    ],
  };
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}
