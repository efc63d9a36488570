/** One sound that must not cut a sounding answer off, and what came of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CARD_RATE } from '../sound-card';
import type { Stimulus } from '../stimuli';
import type { Entry } from '../timeline';
import { isCommand } from './interrupt';
import type { Stage } from './stage';

/** After the sound: the time in which the program decides and an answer that was held comes back. */
const SETTLE_MS = 1700;
const LATEST_MS = 5000;

export interface Disturbance {
  stimulus: Stimulus;
  /** The answer did not go on: it was truncated, or the server was told to stop it. */
  cut: boolean;
  /** It was silenced for a while and came back. */
  held: boolean;
  ducked: boolean;
  /** It neither was cut nor came back. */
  lost: boolean;
}

/** Plays `stimulus` while an answer sounds that has long to go. */
export async function disturb(stage: Stage, stimulus: Stimulus): Promise<Disturbance> {
  const { card, app } = stage;
  const lengthMs = (stimulus.samples.length / CARD_RATE) * 1000;
  await stage.sounding(400, lengthMs + LATEST_MS, 'let-end');
  const mark = app.timeline.mark();
  await card.play(stimulus.wav).done;
  const since = Date.now();
  await sleep(SETTLE_MS);
  while (
    !stage.heardWithin(400) &&
    !isCut(app.timeline.entries().slice(mark)) &&
    Date.now() - since < LATEST_MS
  ) {
    await sleep(50);
  }
  const entries = app.timeline.entries().slice(mark);
  const cut = isCut(entries);
  return {
    stimulus,
    cut,
    held: entries.some(isCommand),
    ducked: entries.some(({ kind }) => kind === 'duck'),
    lost: !cut && !stage.heardWithin(400),
  };
}

function isCut(entries: readonly Entry[]): boolean {
  return entries.some(
    ({ kind, type }) =>
      (kind === 'client' && (type === 'conversation.item.truncate' || type === 'response.cancel')) ||
      (kind === 'server' && type === 'conversation.item.truncated'),
  );
}

/** What the program took for a user while nobody spoke: our own voice, heard again. */
export function selfHeard(entries: readonly Entry[]): { events: Entry[]; ducks: number } {
  return {
    events: entries.filter(
      (entry) =>
        isCommand(entry) || (entry.kind === 'server' && entry.type === 'input_audio_buffer.speech_started'),
    ),
    ducks: entries.filter(({ kind, on }) => kind === 'duck' && on !== false).length,
  };
}
