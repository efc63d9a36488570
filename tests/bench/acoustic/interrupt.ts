/** One spoken interruption of a sounding answer, read from the recording of the card. */
import { firstAudible, locate, silenceAfter } from '../analysis';
import { CARD_RATE } from '../sound-card';
import type { Stimulus } from '../stimuli';
import type { Entry } from '../timeline';
import type { Stage } from './stage';

/**
 * Silence is what lasts this long: longer than the answer's own pauses (300 ms between sentences), shorter than the time
 * to the next answer.
 */
const SILENCE_MS = 500;
/** An interruption without silence by then is missed. */
const MISSED_MS = 1500;
/** Part of the stimulus that is looked for in the recording. */
const LOCATE_MS = 500;
/** The player takes up to this long to begin. */
const LATE_MS = 1500;
/** Less alike, and what was played has holes. */
const ALIKE = 0.97;
/** Uncertainty between the card's clock and the program's: one block of the card. */
const CLOCK_MS = 12;

export type Outcome =
  | {
      type: 'silence';
      /** From the voice's onset to the last audible sample of the loudspeaker, in milliseconds. */
      totalMs: number;
      /** Shares of it: to the command in the main process, to the answer of the worklet, the rest. */
      split: { detection: number; flush: number; device: number } | null;
    }
  /** No silence within 1.5 s of the onset. */
  | { type: 'missed' }
  /** Counted apart and tried again: the answer was silent when the voice began, ended by itself or paused just then, or the voice was not played as it is. */
  | { type: 'no-chance'; why: 'silent before' | 'answer ended' | 'pause of the answer' | 'player stumbled' };

export interface Trial {
  stimulus: Stimulus;
  outcome: Outcome;
  /** Where the voice began in the card's recording, in samples. */
  onset: number;
  /** How surely it was found there, 0..1. */
  likeness: number;
}

const samples = (ms: number): number => Math.round((ms * CARD_RATE) / 1000);

/** Plays `stimulus` into the microphone while an answer sounds, for the `forMs` before at least, and reads what came of it. */
export async function interrupt(stage: Stage, stimulus: Stimulus, forMs: number): Promise<Trial> {
  const { card, app } = stage;
  const lengthMs = (stimulus.samples.length / CARD_RATE) * 1000;
  await stage.sounding(forMs, lengthMs + 3000);
  const mark = app.timeline.mark();
  const from = card.tracks.length;
  await card.play(stimulus.wav).done;
  // The player may end before the card has played its last sample.
  await card.tracks.reaches(from + stimulus.samples.length + samples(250));
  const { onset, likeness } = findOnset(stage, stimulus, from);
  await card.tracks.reaches(onset + samples(MISSED_MS + SILENCE_MS + 50));
  const stumbled = card.roomDb === null && likeness < ALIKE;
  const outcome: Outcome = stumbled
    ? { type: 'no-chance', why: 'player stumbled' }
    : read(stage, onset, app.timeline.entries().slice(mark));
  return { stimulus, outcome, onset, likeness };
}

/** Where the voice of `stimulus`, played after `from`, begins in the recording. */
export function findOnset(
  stage: Pick<Stage, 'card'>,
  stimulus: Stimulus,
  from: number,
): { onset: number; likeness: number } {
  const end = Math.min(stimulus.samples.length, stimulus.onset + samples(LOCATE_MS));
  const part = stimulus.samples.subarray(stimulus.onset, end);
  const begin = from + stimulus.onset - samples(50);
  const { at, likeness } = locate(stage.card.tracks.mic(begin, begin + part.length + samples(LATE_MS)), part);
  return { onset: begin + at, likeness };
}

function read(stage: Stage, onset: number, entries: readonly Entry[]): Outcome {
  const { card, app } = stage;
  const { tracks } = card;
  const before = tracks.speaker(onset - samples(SILENCE_MS), onset);
  if (firstAudible(before) === null) return { type: 'no-chance', why: 'silent before' };
  const onsetEpochMs = tracks.epochMsOf(onset);
  const command = entries.find(
    (entry) => isCommand(entry) && app.timeline.epochMs(entry) >= onsetEpochMs - CLOCK_MS,
  );
  const heard = tracks.speaker(onset, onset + samples(MISSED_MS + SILENCE_MS + 50));
  const silent = silenceAfter(heard, 0, samples(SILENCE_MS));
  if (silent === null) return { type: 'missed' };
  if (silent === 0) return { type: 'no-chance', why: 'silent before' };
  const totalMs = (silent * 1000) / CARD_RATE;
  const silentEpochMs = onsetEpochMs + totalMs;
  const ended = entries.some(
    (entry) =>
      entry.kind === 'playback' &&
      entry.type === 'finished' &&
      app.timeline.epochMs(entry) < silentEpochMs + 200,
  );
  if (ended) return { type: 'no-chance', why: 'answer ended' };
  if (!command) return { type: 'silence', totalMs, split: null };
  // The last command before the silence: a hold that was taken back is none of it. The device takes longer than the clocks
  // are apart, so a silence that no command came before is a pause of the answer.
  const last = entries
    .filter((entry) => isCommand(entry) && app.timeline.epochMs(entry) <= silentEpochMs)
    .at(-1);
  if (!last) return { type: 'no-chance', why: 'pause of the answer' };
  if (app.timeline.epochMs(last) < onsetEpochMs - CLOCK_MS)
    return { type: 'no-chance', why: 'silent before' };
  const done = entries.find(
    (entry) => entry.kind === 'playback' && answers(entry, last) && entry.atMs >= last.atMs,
  );
  const detection = app.timeline.epochMs(last) - onsetEpochMs;
  const flush = done ? done.atMs - last.atMs : 0;
  return { type: 'silence', totalMs, split: { detection, flush, device: totalMs - detection - flush } };
}

/** A command of the main process that silences the loudspeaker. */
export function isCommand(entry: Entry): boolean {
  return entry.kind === 'hold' || entry.kind === 'flush';
}

function answers(entry: Entry, command: Entry): boolean {
  return command.kind === 'hold'
    ? entry.type === 'held' && entry.holdId === command.holdId
    : entry.type === 'flushed' && entry.flushId === command.flushId;
}
