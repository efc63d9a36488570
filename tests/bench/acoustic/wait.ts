/** End of speech to first audio: spoken questions to the local server with its offline engines. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Measurement } from '../figure';
import { percentile } from '../report/statistics';
import { cardOrCannot } from '../sound-card';
import { type Stimulus, spoken } from '../stimuli';
import { openVoices, type Speaker } from '../stimuli-voice';
import { type Answered, ask, readTrace, splitWait, type WaitSplit } from './question';
import { openStage } from './stage';
import { TRIALS } from './trials';

/** `silence_duration_ms` of the session; the program's default. */
const SILENCE_MS = 500;
const GOAL_OVERHEAD_MS = { p50: 150, p95: 300 };

/** Their answers are short, and the offline recogniser knows these voices. */
const QUESTIONS = [
  'What time is it?',
  'What is your name?',
  'What is the date today?',
  'What is ten percent of two hundred?',
];
const SPEAKERS: Speaker[] = [
  { engine: 'flite', voice: 'slt' },
  { engine: 'flite', voice: 'rms' },
  { engine: 'flite', voice: 'slt', pitchHz: 200 },
];

export async function measureWait(bench: Bench): Promise<Measurement[]> {
  cardOrCannot();
  const count = TRIALS[bench.mode].questions;
  const questions = await questionsOf(bench, count);
  bench.say(`End of speech to first audio: ${count} spoken questions.`);
  const trace = join(bench.work, 'trace.jsonl');
  const stage = await openStage({
    root: bench.root,
    ear: 'full',
    sentences: 1,
    settings: { llm: { kind: 'builtin', baseUrl: 'http://127.0.0.1:9', model: '' } },
    trace,
    recording: join(bench.work, 'questions'),
  });
  const answers: Answered[] = [];
  try {
    for (const question of questions) {
      const answered = await ask(stage, question);
      answers.push(answered);
      bench.say(
        `${answered.waitMs === null ? 'no answer' : `${Math.round(answered.waitMs)} ms`}  ${question.name}`,
      );
    }
  } finally {
    await stage.close();
  }
  const events = readTrace(trace);
  const splits = answers.flatMap((answered) => splitWait(answered, events, SILENCE_MS) ?? []);
  return figures(answers, splits);
}

async function questionsOf(bench: Bench, count: number): Promise<Stimulus[]> {
  const folder = join(bench.work, 'questions');
  mkdirSync(folder, { recursive: true });
  const voices = await openVoices();
  const found: Stimulus[] = [];
  for (let i = 0; found.length < count; i++) {
    const stimulus = await spoken(folder, voices, {
      speaker: SPEAKERS[Math.floor(i / QUESTIONS.length) % SPEAKERS.length] as Speaker,
      text: QUESTIONS[i % QUESTIONS.length] as string,
      level: 'normal',
    });
    if (stimulus) found.push(stimulus);
  }
  return found;
}

function figures(answers: Answered[], splits: WaitSplit[]): Measurement[] {
  const waits = answers.flatMap(({ waitMs }) => (waitMs === null ? [] : [waitMs]));
  const overheads = waits.map((wait) => wait - SILENCE_MS);
  const unanswered = answers.length - waits.length;
  const stage = (name: keyof WaitSplit): number[] => splits.map((split) => split[name]);
  const split =
    splits.length === 0
      ? {}
      : {
          split: {
            endpoint: stage('endpoint'),
            stt: stage('stt'),
            llm: stage('llm'),
            tts: stage('tts'),
            playback: stage('playback'),
          },
        };
  const inSequence = stage('inSequenceMs');
  const baseline = (lessMs: number): Measurement['baseline'] =>
    inSequence.length === 0
      ? null
      : { name: 'each stage after the one before it', samples: inSequence.map((ms) => ms - lessMs) };
  const shared = [
    'Builtin language model, PocketSphinx and Flite on this machine; silence_duration_ms 500.',
    'The baseline is computed: the same stages with the times they took in this run, each begun when the one before it was done.',
    ...(unanswered > 0 ? [`${unanswered} of ${answers.length} questions had no answer within 6 s.`] : []),
    ...(splits.length < waits.length
      ? [`The server's trace told the stages of ${splits.length} of ${waits.length} answers.`]
      : []),
  ];
  return [
    {
      name: 'endOfSpeechToFirstAudio',
      unit: 'ms',
      n: waits.length,
      samples: waits,
      goal: 'silence_duration_ms and p50 <= 150 ms, p95 <= 300 ms more',
      met: unanswered === 0 && meets(overheads),
      baseline: baseline(0),
      ...split,
      notes: ['`endpoint` is without the 500 ms that are waited for.', ...shared],
    },
    {
      name: 'endpointOverhead',
      unit: 'ms',
      n: overheads.length,
      samples: overheads,
      goal: 'p50 <= 150 ms, p95 <= 300 ms',
      met: unanswered === 0 && meets(overheads),
      baseline: baseline(SILENCE_MS),
      ...split,
      notes: shared,
    },
  ];
}

function meets(overheads: number[]): boolean {
  return (
    overheads.length > 0 &&
    percentile(overheads, 50) <= GOAL_OVERHEAD_MS.p50 &&
    percentile(overheads, 95) <= GOAL_OVERHEAD_MS.p95
  );
}
