/** The server hears the user under guard: whether it was meant for the assistant, by the words. Pure. */
import type { Hearing } from '../ear';
import { countWords, isBackchannel, isInterrupter } from './backchannel';
import {
  BRIEF_VOICE_MS,
  commitDeadline,
  isClear,
  type JudgeAction,
  type JudgeInput,
  type Judgement,
  type JudgePolicy,
  NO_DEADLINE,
  QUIET,
  TRANSCRIPT_MS,
  type Trial,
  to,
  yielded,
} from './judgement';

export function inTrial(trial: Trial, input: JudgeInput, policy: JudgePolicy): Judgement {
  switch (input.type) {
    case 'hearing':
      return heardInTrial(trial, input.hearing, input.answer, policy);
    case 'over':
      return withoutAnswerInTrial(trial, policy);
    case 'speech-started':
      return to({ ...trial, speaking: input.itemId }, commitDeadline(policy));
    case 'committed':
      return to(
        {
          ...trial,
          speaking: trial.speaking === input.itemId ? null : trial.speaking,
          items: [...trial.items, input.itemId],
        },
        { do: 'deadline', ms: TRANSCRIPT_MS },
      );
    case 'words':
      return toldInTrial(trial, input, policy);
    case 'guard-refused':
      // The server goes on by its own rules, as if there had been no trial.
      return to(yielded(trial.runningMs > 0), ...cut(trial), NO_DEADLINE);
    case 'response-created':
      return to(QUIET, ...cut(trial), 'unguard', NO_DEADLINE);
    case 'deadline':
      if (trial.items.length > 0) return meant(trial, policy);
      if (trial.runningMs > 0 && trial.speaking === null) return to(trial, commitDeadline(policy));
      return to(QUIET, 'clear', 'unguard', 'resume', NO_DEADLINE);
    case 'stopped':
      if (input.leaving) return meant(trial, policy);
      return to(
        { ...trial, spokenMs: trial.spokenMs + trial.runningMs, runningMs: 0 },
        ...(trial.items.length === 0 ? [commitDeadline(policy)] : []),
      );
    case 'lost': {
      // Its sound is sent again to the next session, where it is another item.
      const gone = trial.items.map((itemId): JudgeAction => ({ do: 'delete', itemId }));
      return to(yielded(trial.runningMs > 0), ...cut(trial), ...gone, NO_DEADLINE);
    }
    case 'connected':
      return to(trial);
    default:
      return input satisfies never;
  }
}

const cut = (trial: Trial): 'interrupt'[] => (trial.over ? [] : ['interrupt']);

function heardInTrial(trial: Trial, hearing: Hearing, answer: boolean, policy: JudgePolicy): Judgement {
  if (!answer && !trial.over) return withoutAnswerInTrial(trial, policy);
  const runningMs = hearing.stretchMs > 0 ? hearing.voiceMs : 0;
  const ended = trial.runningMs > 0 && hearing.stretchMs === 0;
  const spokenMs = trial.spokenMs + (ended ? trial.runningMs : 0);
  const next = { ...trial, runningMs, spokenMs };
  const { wordless } = hearing;
  if (trial.held && runningMs > 0 && isClear({ voiceMs: spokenMs + runningMs, wordless })) {
    return meant(next, policy);
  }
  return to(next, ...(ended && trial.items.length === 0 ? [commitDeadline(policy)] : []));
}

function withoutAnswerInTrial(trial: Trial, policy: JudgePolicy): Judgement {
  if (trial.over) return to(trial);
  const over = { ...trial, over: true };
  if (trial.items.length > 0) return to(over, 'resume');
  const { state, actions } = meant(over, policy);
  return { state, actions: [{ do: 'resume' }, ...actions] };
}

function toldInTrial(
  trial: Trial,
  { itemId, transcript, final }: Extract<JudgeInput, { type: 'words' }>,
  policy: JudgePolicy,
): Judgement {
  if (itemId !== trial.speaking && !trial.items.includes(itemId)) return to(trial);
  if (!final) {
    const enough = !trial.held && isInterruption(transcript, policy.words);
    return enough ? meant(trial, policy) : to(trial);
  }
  const means = trial.over
    ? transcript === null || transcript.trim() !== ''
    : trial.held
      ? isCutIn(trial, transcript)
      : isInterruption(transcript, policy.words);
  if (means) return meant(trial, policy);
  const items = trial.items.filter((other) => other !== itemId);
  const rest = { ...trial, items };
  const forget: JudgeAction = { do: 'delete', itemId };
  if (items.length > 0) return to(rest, forget);
  if (trial.runningMs > 0 || trial.speaking !== null) return to(rest, forget, commitDeadline(policy));
  return to(QUIET, forget, 'unguard', 'resume', NO_DEADLINE);
}

/** Of a syllable only the words count by which people cut in; a recogniser makes others of clicks and coughs. */
function isCutIn({ spokenMs, runningMs }: Trial, transcript: string | null): boolean {
  if (spokenMs + runningMs >= BRIEF_VOICE_MS) return isInterruption(transcript, 1);
  return transcript !== null && isInterrupter(transcript);
}

/** Words that could not be recognised may be any. */
const isInterruption = (transcript: string | null, words: number) =>
  transcript === null || (countWords(transcript) >= words && !isBackchannel(transcript));

/** It was meant for the assistant: an ordinary turn from here on, which is to be answered. */
function meant(trial: Trial, policy: JudgePolicy): Judgement {
  const goesOn = trial.runningMs > 0 || trial.speaking !== null;
  // Not committed, or followed by more: the server answers by itself when it commits what is being said.
  if (trial.items.length === 0 || goesOn) {
    const owes = trial.items.length > 0;
    return to(yielded(trial.runningMs > 0, owes), ...cut(trial), 'unguard', commitDeadline(policy));
  }
  return to(QUIET, ...cut(trial), 'request', 'unguard', NO_DEADLINE);
}
