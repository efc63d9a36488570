/** What must not cut an answer off: its own echo, noise, music, coughs, backchannels. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import wavefile from 'wavefile';
import { missingFrom } from '../analysis';
import type { Bench, Measurement } from '../figure';
import { cardOrCannot } from '../sound-card';
import { disturbances, interruptions, type Stimulus } from '../stimuli';
import type { Entry } from '../timeline';
import { type Disturbance, disturb, selfHeard } from './disturb';
import { interrupt, type Trial } from './interrupt';
import { isStart, openStage, type Stage } from './stage';
import { TRIALS } from './trials';

/** dB of the answer in the microphone below that at the loudspeaker: close to it, on a table, across a room. */
const ROOMS_DB = [-6, -16, -26];
/** The room in which every third sound is made. */
const ROOM_DB = -20;
/** How often an interjection that never had a chance is tried again. */
const RETRIES = 3;
const GOAL_CUT = 5;
const SENTENCE_S = 4.3;
/** Hz of what the program renders. */
const APP_RATE = 24_000;
/** An answer that is disturbed sounds for a minute at most: few of them end, so little is waited for the next. */
const DISTURBED_SENTENCES = 15;
/** Seconds that one sound takes, and those an answer still needs behind the last. */
const SOUND_S = 3.5;
const REST_S = 10;
/** Who interjected is answered by then. */
const ANSWERED_MS = 2000;
/** So much of an answer is not known again where it was made soft or silent once, or came back. */
const FADE_MS = 100;

export async function measureDisturbances(bench: Bench): Promise<Measurement[]> {
  cardOrCannot();
  const counts = TRIALS[bench.mode];
  const folder = join(bench.work, 'disturbances');
  mkdirSync(folder, { recursive: true });
  const sounds = await disturbances(folder, counts.disturbances);
  const [interjection] = await interruptions(folder, 1);
  const recording = join(bench.work, 'disturbed');
  const stage = await openStage({ root: bench.root, ear: 'full', sentences: 1, recording });
  try {
    const echo = await measureEcho(bench, stage, counts, interjection as Stimulus);
    const results = await measureCuts(bench, stage, sounds);
    await stage.close();
    const entries = stage.app.timeline.entries();
    // The first answer of all had nothing but its echo to disturb it.
    return [echo, cutsFigure(results, missingOfWholeAnswers(recording, entries, counts.echoSeconds))];
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
): Promise<Measurement> {
  const { card, app, chat } = stage;
  const runs: EchoRun[] = [];
  const interjections: Trial[] = [];
  for (const [canceller, seconds] of [
    [true, echoSeconds],
    [false, echoSecondsBare],
  ] as const) {
    if (!canceller) await app.update({ echoCancellation: false });
    chat.sentences = Math.ceil((seconds + 12) / SENTENCE_S);
    await card.room(ROOMS_DB[0] as number);
    await sleep(1000);
    const asked = app.timeline.mark();
    await app.type('Please tell me a long story.');
    await app.timeline.next(isStart, 20_000, 'an answer', asked);
    for (const room of ROOMS_DB) {
      await card.room(room);
      const mark = app.timeline.mark();
      await sleep((seconds * 1000) / ROOMS_DB.length);
      const heard = selfHeard(app.timeline.entries().slice(mark));
      const name = `${room} dB, ${canceller ? 'with' : 'without'} the system's canceller`;
      runs.push({ name, seconds: seconds / ROOMS_DB.length, ...heard });
      bench.say(`Own echo at ${name}: ${heard.events.length} events, ${heard.ducks} ducks.`);
    }
    await card.room(ROOMS_DB[1] as number);
    let trial = await interrupt(stage, interjection, 0);
    for (let i = 0; i < RETRIES && trial.outcome.type === 'no-chance'; i++) {
      trial = await interrupt(stage, interjection, 0);
    }
    interjections.push(trial);
    await stage.hush(ANSWERED_MS);
  }
  await app.update({ echoCancellation: true });
  await card.room(null);
  const count = runs.reduce((sum, { events }) => sum + events.length, 0);
  const heard = interjections.map(({ outcome }) =>
    outcome.type === 'silence'
      ? `after ${Math.round(outcome.totalMs)} ms`
      : `not at all (${outcome.type === 'no-chance' ? outcome.why : outcome.type})`,
  );
  return {
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
  };
}

async function measureCuts(bench: Bench, stage: Stage, sounds: Stimulus[]): Promise<Disturbance[]> {
  const { card, app, chat } = stage;
  const results: Disturbance[] = [];
  for (const [index, sound] of sounds.entries()) {
    // The next answer, if this one ends here; the last one is waited for.
    const neededS = (sounds.length - index) * SOUND_S + REST_S;
    chat.sentences = Math.min(DISTURBED_SENTENCES, Math.ceil(neededS / SENTENCE_S));
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
  // What is sounding now is let go on: an answer that ends tells whether parts of it are missing.
  const last = ({ kind, type }: Entry): boolean => kind === 'playback' && type === 'finished';
  await app.timeline.next(last, 100_000, 'the end of the answer').catch(() => undefined);
  return results;
}

function cutsFigure(results: Disturbance[], answers: WholeAnswer[]): Measurement {
  const cut = results.filter((result) => result.cut);
  const lost =
    results.filter((result) => result.lost).length +
    answers.filter(({ missingMs, fadesMs }) => missingMs > fadesMs).length;
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
      `Lost (an answer that did not come back, or with a part missing): ${lost}. Whole answers compared with an undisturbed one: ${answers.length}; not found in them ${answers.map(({ missingMs, fadesMs }) => `${missingMs} ms (fades explain ${fadesMs})`).join(', ') || 'nothing'}.`,
      `Held for a while and resumed: ${held.length}${held.length > 0 ? ` (${names(held)})` : ''}; only ducked: ${results.filter((result) => result.ducked && !result.held).length}.`,
      ...(cut.length > 0 ? [`Cut: ${names(cut)}.`] : []),
      'Noise bursts, a fan, music, coughs, throat clearing, keys, knocks and hums are synthesised; spoken backchannels are by Flite and eSpeak NG. Every third was made while the microphone heard the answer at -20 dB.',
    ],
  };
}

interface WholeAnswer {
  missingMs: number;
  /** What fading out and in explains of it. */
  fadesMs: number;
}

/**
 * Of each answer that sounded to its end: how many milliseconds of an undisturbed one were not rendered. Read from what the
 * audio thread rendered, since a machine with too much to do makes holes of its own at the sound card.
 */
function missingOfWholeAnswers(
  recording: string,
  entries: readonly Entry[],
  undisturbedS: number,
): WholeAnswer[] {
  const first = entries.find(({ kind, type }) => kind === 'playback' && type === 'rendered');
  if (!first) return [];
  const wav = new wavefile.WaveFile(readFileSync(join(recording, 'answer.wav')));
  const rendered = wav.getSamples(false, Int16Array as never) as unknown as Int16Array;
  const at = (frame: number): number => frame - (first.frame as number);
  let expected: Int16Array | null = null;
  const answers: WholeAnswer[] = [];
  let from: number | null = null;
  let fades = 0;
  for (const { kind, type, frame, items, heard } of entries) {
    if (kind === 'duck' || kind === 'hold' || kind === 'resume') fades += 1;
    if (kind !== 'playback') continue;
    if (type === 'started') fades = 0;
    if (type === 'started') from = at(frame);
    if (type === 'started') expected ??= rendered.subarray(at(frame), at(frame) + undisturbedS * APP_RATE);
    if (type === 'flushed' && items.length > 0) from = null;
    if (type !== 'finished' || from === null || expected === null) continue;
    const whole = expected.subarray(0, heard.receivedFrames);
    const missingMs = missingFrom(rendered.subarray(from, at(frame)), whole, APP_RATE);
    answers.push({ missingMs, fadesMs: fades * FADE_MS });
    from = null;
  }
  return answers;
}
