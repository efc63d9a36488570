/** What must not cut an answer off: its own echo, noise, music, coughs, backchannels. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { firstAudible, missingFrom } from '../analysis';
import type { Bench, Measurement } from '../figure';
import { CARD_RATE } from '../sound-card';
import { disturbances, interruptions, type Stimulus } from '../stimuli';
import type { Entry } from '../timeline';
import { cardOrCannot } from './card-or-cannot';
import { type Disturbance, disturb, selfHeard } from './disturb';
import { interrupt, type Trial } from './interrupt';
import { openStage, type Stage } from './stage';
import { TRIALS } from './trials';

/** dB of the answer in the microphone below that at the loudspeaker: close to it, on a table, across a room. */
const ROOMS_DB = [-6, -16, -26];
/** The room in which every third sound is made. */
const ROOM_DB = -20;
const GOAL_CUT = 5;
const SENTENCE_S = 4.3;
/** An answer that is disturbed sounds for about 70 s. */
const DISTURBED_SENTENCES = 16;
/** So much of an answer may be inaudible where it was faded out and in. */
const FADES_MS = 400;

export async function measureDisturbances(bench: Bench): Promise<Measurement[]> {
  cardOrCannot();
  const counts = TRIALS[bench.mode];
  const folder = join(bench.work, 'disturbances');
  mkdirSync(folder, { recursive: true });
  const sounds = await disturbances(folder, counts.disturbances);
  const [interjection] = await interruptions(folder, 1);
  const stage = await openStage({
    root: bench.root,
    ear: 'full',
    sentences: 1,
    recording: join(bench.work, 'disturbed'),
  });
  try {
    const echo = await measureEcho(bench, stage, counts, interjection as Stimulus);
    const cuts = await measureCuts(bench, stage, sounds, echo.undisturbed);
    return [echo.figure, cuts];
  } finally {
    await stage.close();
  }
}

interface EchoRun {
  name: string;
  seconds: number;
  events: Entry[];
  ducks: number;
}

async function measureEcho(
  bench: Bench,
  stage: Stage,
  { echoSeconds, echoSecondsBare }: { echoSeconds: number; echoSecondsBare: number },
  interjection: Stimulus,
): Promise<{ figure: Measurement; undisturbed: Int16Array }> {
  const { card, app, chat } = stage;
  const runs: EchoRun[] = [];
  let undisturbed: Int16Array = new Int16Array(0);
  const interjections: Trial[] = [];
  for (const [canceller, seconds] of [
    [true, echoSeconds],
    [false, echoSecondsBare],
  ] as const) {
    await stage.silent(1000);
    if (!canceller) await app.update({ echoCancellation: false });
    chat.sentences = Math.ceil((seconds + 12) / SENTENCE_S);
    await card.room(ROOMS_DB[0] as number);
    await sleep(1000);
    const begin = card.tracks.length;
    await app.type('Please tell me a long story.');
    const first = await firstSound(stage, begin);
    for (const room of ROOMS_DB) {
      await card.room(room);
      const mark = app.timeline.mark();
      await sleep((seconds * 1000) / ROOMS_DB.length);
      const heard = selfHeard(app.timeline.entries().slice(mark));
      const name = `${room} dB, ${canceller ? 'with' : 'without'} the system's canceller`;
      runs.push({ name, seconds: seconds / ROOMS_DB.length, ...heard });
      bench.say(`Own echo at ${name}: ${heard.events.length} events, ${heard.ducks} ducks.`);
    }
    if (canceller) undisturbed = card.tracks.speaker(first, card.tracks.length);
    await card.room(ROOMS_DB[1] as number);
    interjections.push(await interrupt(stage, interjection, 0));
    chat.sentences = 1;
  }
  await app.update({ echoCancellation: true });
  await card.room(null);
  await stage.silent(1500);
  const count = runs.reduce((sum, { events }) => sum + events.length, 0);
  const heard = interjections.map(({ outcome }) =>
    outcome.type === 'silence' ? `after ${Math.round(outcome.totalMs)} ms` : `not at all (${outcome.type})`,
  );
  return {
    undisturbed,
    figure: {
      name: 'ownEcho',
      unit: 'count',
      n: runs.length,
      samples: [],
      value: count,
      goal: 'none, and a real interjection still cuts',
      met: count === 0 && interjections.every(({ outcome }) => outcome.type === 'silence'),
      baseline: null,
      notes: [
        `Events (speech_started, hold, flush) while nobody spoke: ${runs.map(({ name, seconds, events, ducks }) => `${events.length} at ${name} in ${Math.round(seconds)} s${ducks > 0 ? ` (ducked ${ducks} times)` : ''}`).join('; ')}.`,
        `A real interjection at the end silenced the answer ${heard.join(', and without the canceller ')}.`,
        'The room is a straight loopback of the loudspeaker into the microphone, 20 ms later and as much softer: no reverberation.',
      ],
    },
  };
}

async function firstSound(stage: Stage, from: number): Promise<number> {
  const { tracks } = stage.card;
  for (let at = from; ; ) {
    await tracks.reaches(at + CARD_RATE / 10);
    const found = firstAudible(tracks.speaker(at, at + CARD_RATE / 10));
    if (found !== null) return at + found;
    at += CARD_RATE / 10;
    if (at > from + 20 * CARD_RATE) throw new Error('No answer was sounding.');
  }
}

async function measureCuts(
  bench: Bench,
  stage: Stage,
  sounds: Stimulus[],
  undisturbed: Int16Array,
): Promise<Measurement> {
  const { card, app, chat } = stage;
  chat.sentences = DISTURBED_SENTENCES;
  const begin = card.tracks.length;
  const mark = app.timeline.mark();
  const results: Disturbance[] = [];
  for (const [index, sound] of sounds.entries()) {
    await card.room(index % 3 === 2 ? ROOM_DB : null);
    const result = await disturb(stage, sound);
    results.push(result);
    const came = result.cut
      ? 'CUT'
      : result.lost
        ? 'LOST'
        : result.held
          ? 'held'
          : result.ducked
            ? 'ducked'
            : 'none';
    bench.say(`${came.padStart(6)}  ${sound.name}`);
  }
  await card.room(null);
  // What is sounding now is let go on: the last answer tells whether parts of one are missing.
  await app.timeline
    .next(({ kind, type }) => kind === 'playback' && type === 'finished', 100_000, 'the end of the answer')
    .catch(() => undefined);
  const missingMs = missingOfWholeAnswers(stage, begin, app.timeline.entries().slice(mark), undisturbed);
  const cut = results.filter((result) => result.cut);
  const lost =
    results.filter((result) => result.lost).length + missingMs.filter((ms) => ms > FADES_MS).length;
  const share = (100 * cut.length) / Math.max(1, results.length);
  const names = (list: Disturbance[]): string => list.map(({ stimulus }) => stimulus.name).join('; ');
  const held = results.filter((result) => result.held && !result.cut);
  return {
    name: 'falseInterruptions',
    unit: '%',
    n: results.length,
    samples: [],
    value: share,
    goal: `at most ${GOAL_CUT} % cut, none lost`,
    met: share <= GOAL_CUT && lost === 0,
    baseline: null,
    notes: [
      `Lost (an answer that did not come back, or with a part missing): ${lost}. Whole answers compared with an undisturbed one: ${missingMs.length}; missing of them ${missingMs.map((ms) => `${ms} ms`).join(', ') || 'nothing'} (up to ${FADES_MS} ms are the fades).`,
      `Held for a while and resumed: ${held.length}${held.length > 0 ? ` (${names(held)})` : ''}; only ducked: ${results.filter((result) => result.ducked && !result.held).length}.`,
      ...(cut.length > 0 ? [`Cut: ${names(cut)}.`] : []),
      'Noise bursts, a fan, music, coughs, throat clearing, keys, knocks and hums are synthesised; spoken backchannels are by Flite and eSpeak NG. Every third was made while the microphone heard the answer at -20 dB.',
    ],
  };
}

/** Of each answer that sounded to its end: how much of the undisturbed one cannot be found in it. */
function missingOfWholeAnswers(
  stage: Stage,
  begin: number,
  entries: readonly Entry[],
  undisturbed: Int16Array,
): number[] {
  const { card, app } = stage;
  const missing: number[] = [];
  let from: number | null = null;
  for (const entry of entries) {
    if (entry.kind !== 'playback') continue;
    const index = card.tracks.indexOf(app.timeline.epochMs(entry));
    if (entry.type === 'started') from = Math.max(begin, index - CARD_RATE / 5);
    if (entry.type === 'flushed' && entry.items.length > 0) from = null;
    if (entry.type === 'finished' && from !== null) {
      const heard = card.tracks.speaker(from, index + CARD_RATE / 2);
      // Less than the reference when the answer is shorter than it.
      const first = firstAudible(heard) ?? 0;
      missing.push(missingFrom(heard.subarray(first), undisturbed, CARD_RATE));
      from = null;
    }
  }
  return missing;
}
