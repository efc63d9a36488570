/** A spoken question, and how long it takes until an answer sounds. */
import { existsSync, readFileSync } from 'node:fs';
import type { TraceEvent } from '../../../src/server/trace';
import { firstAudible } from '../analysis';
import { CARD_RATE } from '../sound-card';
import type { Stimulus } from '../stimuli';
import { findOnset } from './interrupt';
import type { Stage } from './stage';

/** A question without an answer by then is not answered. */
const ANSWER_MS = 6000;

export interface Answered {
  stimulus: Stimulus;
  /** From the last sample of the voice to the first audible sample of the loudspeaker; null without an answer. */
  waitMs: number | null;
  /** Wall clock of both, as near as the card's recording tells. */
  endEpochMs: number;
  audibleEpochMs: number;
}

const samples = (ms: number): number => Math.round((ms * CARD_RATE) / 1000);

/** Asks in silence; what is left of an answer tells nothing, so it is cut off. */
export async function ask(stage: Stage, stimulus: Stimulus): Promise<Answered> {
  const { card } = stage;
  const { tracks } = card;
  await stage.hush(700);
  const from = tracks.length;
  await card.play(stimulus.wav).done;
  await tracks.reaches(from + stimulus.samples.length + samples(200));
  const { onset } = findOnset(stage, stimulus, from);
  const end = onset + stimulus.end - stimulus.onset;
  let first: number | null = null;
  for (let at = end; first === null && at < end + samples(ANSWER_MS); at += samples(100)) {
    await tracks.reaches(at + samples(100));
    const found = firstAudible(tracks.speaker(at, at + samples(100)));
    if (found !== null) first = at + found;
  }
  return {
    stimulus,
    waitMs: first === null ? null : ((first - end) * 1000) / CARD_RATE,
    endEpochMs: tracks.epochMsOf(end),
    audibleEpochMs: tracks.epochMsOf(first ?? end),
  };
}

/** Where a wait went, in milliseconds; `endpoint` without the silence that is waited for anyway. */
export interface WaitSplit {
  endpoint: number;
  stt: number;
  llm: number;
  tts: number;
  playback: number;
  /** The wait if each stage had begun only when the one before it was done. */
  inSequenceMs: number;
}

export function readTrace(file: string): TraceEvent[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as TraceEvent);
}

/** What the server did for this answer; null where its trace does not hold all of it. */
export function splitWait(
  answered: Answered,
  trace: readonly TraceEvent[],
  silenceMs: number,
): WaitSplit | null {
  const { waitMs, endEpochMs, audibleEpochMs } = answered;
  if (waitMs === null) return null;
  const events = trace.filter(({ atMs }) => atMs >= endEpochMs - 100 && atMs <= audibleEpochMs + 50);
  const at = (kind: TraceEvent['kind']): number | null =>
    events.filter((event) => event.kind === kind).at(-1)?.atMs ?? null;
  const [end, transcript, llmFirst, ttsFirst, sent] = [
    at('turn-end'),
    at('transcript'),
    at('llm-first'),
    at('tts-first'),
    at('audio-sent'),
  ];
  if (end === null || transcript === null || llmFirst === null || ttsFirst === null || sent === null)
    return null;
  // What was done before the end of the turn cost nobody a wait.
  const waited = (from: number, to: number): number => Math.max(0, to - Math.max(end, from));
  // What was prepared took its time from the pause on; what was not, from the end of the turn on.
  const early = events.filter((event) => event.kind === 'transcript' && event.prepared).at(-1)?.atMs;
  const pause = at('speech-end') ?? end;
  const recognition = early === undefined ? transcript - end : early - pause;
  const inSequence = recognition + (llmFirst - (early ?? transcript)) + (ttsFirst - llmFirst);
  const playback = audibleEpochMs - sent;
  const endpoint = end - endEpochMs - silenceMs;
  return {
    endpoint,
    stt: waited(end, transcript),
    llm: waited(transcript, llmFirst),
    tts: waited(llmFirst, Math.max(ttsFirst, sent)),
    playback,
    inSequenceMs: end - endEpochMs + Math.max(0, inSequence) + playback,
  };
}
