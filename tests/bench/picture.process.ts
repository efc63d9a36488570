/** Holds one conversation on the virtual sound card, a backchannel and an interruption in it, and draws docs/demonstration.svg. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../../scripts/root.mjs';
import { findOnset, interrupt, isCommand } from './acoustic/interrupt';
import { isStart, openStage, type Stage } from './acoustic/stage';
import { firstAudible } from './analysis';
import { type Picture, pictureSvg } from './picture-svg';
import { CARD_RATE } from './sound-card';
import { disturbances, type Stimulus, spoken } from './stimuli';
import { openVoices } from './stimuli-voice';

/** A conversation does not always go as it is to be shown: the voices may not be understood. */
const ATTEMPTS = 4;
/** Milliseconds by which every attempt interrupts later than the one before: the answer is always the same, with its pauses. */
const LATER_MS = 400;
/** The answer must be heard within so many samples before the interruption, 60 ms: a silence that was there shows nothing. */
const SOUNDING_SAMPLES = (CARD_RATE * 60) / 1000;
/** Samples per second of the picture's tracks. */
const PICTURE_RATE = 8000;

interface Said {
  question: Stimulus;
  backchannel: Stimulus;
  interruption: Stimulus;
}

const folder = mkdtempSync(join(tmpdir(), 'parley-picture-'));
try {
  const said = await prepare();
  let picture: Picture | string = '';
  for (let attempt = 0; attempt < ATTEMPTS && typeof picture === 'string'; attempt++) {
    picture = await converse(said, 3000 + attempt * LATER_MS);
    if (typeof picture === 'string') console.error(`Once more: ${picture}`);
  }
  if (typeof picture === 'string') {
    process.exitCode = 1;
  } else {
    const file = join(root, 'docs', 'demonstration.svg');
    writeFileSync(file, pictureSvg(picture));
    console.error(`Drawn: ${file}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit();

async function prepare(): Promise<Said> {
  const voices = await openVoices();
  const speaker = { engine: 'flite', voice: 'rms' } as const;
  const speak = async (text: string): Promise<Stimulus> => {
    const stimulus = await spoken(folder, voices, { speaker, text, level: 'normal' });
    if (!stimulus) throw new Error('The voice of the conversation is not there.');
    return stimulus;
  };
  const hum = (await disturbances(folder, 2)).find(({ name }) => name.includes('mm-hm'));
  if (!hum) throw new Error('There is no backchannel.');
  return {
    question: await speak('Tell me a story.'),
    backchannel: hum,
    interruption: await speak('Wait a moment.'),
  };
}

/** The picture, or why there is none. */
async function converse(said: Said, interruptedAfterMs: number): Promise<Picture | string> {
  const stage = await openStage({ root, ear: 'full', sentences: 6 });
  try {
    return await held(stage, said, interruptedAfterMs);
  } finally {
    await stage.close();
  }
}

async function held(
  stage: Stage,
  { question, backchannel, interruption }: Said,
  interruptedAfterMs: number,
): Promise<Picture | string> {
  const { card, app, chat } = stage;
  const { tracks } = card;
  await sleep(1500);
  const begin = tracks.length;
  const seconds = (index: number): number => (index - begin) / CARD_RATE;
  const place = (atEpochMs: number): number => seconds(tracks.indexOf(atEpochMs));

  const asked = app.timeline.mark();
  await card.play(question.wav).done;
  const started = await app.timeline.next(isStart, 10_000, 'an answer', asked);
  await sleep(4000);

  const doubted = app.timeline.mark();
  const humAt = tracks.length;
  await card.play(backchannel.wav).done;
  await sleep(interruptedAfterMs);
  const { onset: humOnset } = findOnset(stage, backchannel, humAt);
  const doubt = app.timeline.entries().slice(doubted);
  if (doubt.some(({ type }) => type === 'conversation.item.truncate'))
    return 'the backchannel cut the answer';
  const soft = doubt.find((entry) => isCommand(entry) || (entry.kind === 'duck' && entry.on));
  const back = doubt
    .filter((entry) => entry.kind === 'resume' || (entry.kind === 'duck' && !entry.on))
    .at(-1);
  if (!stage.heardWithin(500)) return 'the answer did not come back';

  chat.sentences = 1;
  const cutAt = app.timeline.mark();
  const { outcome, onset } = await interrupt(stage, interruption, 0);
  if (outcome.type !== 'silence' || !outcome.split) return `the interruption: ${outcome.type}`;
  if (firstAudible(tracks.speaker(onset - SOUNDING_SAMPLES, onset)) === null)
    return 'the answer paused just when it was interrupted';
  const next = await app.timeline.next(isStart, 8000, 'the next answer', cutAt).catch(() => null);
  if (!next) return 'nobody answered the interruption';
  await sleep(2500);

  const end = tracks.length;
  const { split, totalMs } = outcome;
  return {
    title: 'A conversation with Parley, as it was heard',
    rate: PICTURE_RATE,
    user: peaks(tracks.mic(begin, end)),
    answer: peaks(tracks.speaker(begin, end)),
    captions: [
      { track: 'user', fromS: seconds(findOnset(stage, question, begin).onset), text: '“Tell me a story.”' },
      { track: 'user', fromS: seconds(humOnset), text: '“mm-hm”' },
      { track: 'user', fromS: seconds(onset), text: '“Wait a moment.”' },
      { track: 'answer', fromS: place(app.timeline.epochMs(started)), text: 'a long answer' },
      { track: 'answer', fromS: place(app.timeline.epochMs(next)), text: 'the next answer' },
    ],
    doubts:
      soft && back
        ? [
            {
              fromS: place(app.timeline.epochMs(soft)),
              toS: place(app.timeline.epochMs(back)),
              text: doubt.some((entry) => entry.kind === 'hold')
                ? 'pauses, and goes on'
                : 'softer, and goes on',
            },
          ]
        : [],
    cut: {
      onsetS: seconds(onset),
      silenceS: seconds(onset) + totalMs / 1000,
      shares: [
        { text: 'detected', ms: split.detection },
        { text: 'flushed', ms: split.flush },
        { text: 'device', ms: split.device },
      ],
    },
  };
}

/** The loudest sample of every few, so that a smaller track looks the same. */
function peaks(sound: Int16Array): Int16Array {
  const step = CARD_RATE / PICTURE_RATE;
  return Int16Array.from({ length: Math.floor(sound.length / step) }, (_, i) => {
    let max = 0;
    for (let k = 0; k < step; k++) {
      const s = sound[i * step + k] as number;
      if (Math.abs(s) > Math.abs(max)) max = s;
    }
    return max;
  });
}
