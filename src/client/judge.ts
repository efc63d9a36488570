/**
 * What a sound over an answer means, and what is done about it. Pure: `judge` folds what the ear hears and what the
 * server tells into one state and a list of actions.
 */
import type { Hearing } from '../ear';
import {
  commitDeadline,
  DUCKED_MAX_MS,
  HELD_MAX_MS,
  isClear,
  isWord,
  type JudgeInput,
  type Judgement,
  type JudgePolicy,
  type JudgeState,
  NO_DEADLINE,
  QUIET,
  RESPONSE_GRACE_MS,
  SERVER_HEARS_MS,
  type Stretch,
  TRANSCRIPT_MS,
  to,
  trialOf,
  yielded,
} from './judgement';
import { inTrial } from './trial';

export function judge(state: JudgeState, input: JudgeInput, policy: JudgePolicy): Judgement {
  switch (state.name) {
    case 'quiet':
    case 'ignoring':
    case 'ducked':
    case 'held':
      return beforeTrial(state, input, policy);
    case 'trial':
      return inTrial(state, input, policy);
    case 'yielded':
      return afterwards(state, input, policy);
    default:
      return state satisfies never;
  }
}

/** Nothing was sent of the sound yet. */
type Before = Exclude<JudgeState, { name: 'trial' | 'yielded' }>;

function beforeTrial(state: Before, input: JudgeInput, policy: JudgePolicy): Judgement {
  switch (input.type) {
    case 'hearing':
      return input.answer ? heardOverAnswer(state, input.hearing, input.ms, policy) : withoutAnswer(state);
    case 'over':
      return withoutAnswer(state);
    case 'stopped':
      if (state.name !== 'held') return withoutAnswer(state);
      if (input.leaving && isWord(state)) return to(yielded(false), 'interrupt', 'release');
      return stretchEnded(state, policy);
    case 'speech-started':
    case 'committed':
    case 'words':
    case 'guard-refused':
    case 'response-created':
    case 'deadline':
    case 'lost':
    case 'connected':
      return to(state);
    default:
      return input satisfies never;
  }
}

/** Nothing is to be heard any more: whoever was heard clearly goes on, as an ordinary turn. */
function withoutAnswer(state: Before): Judgement {
  switch (state.name) {
    case 'quiet':
      return to(state);
    case 'ignoring':
      return to(QUIET);
    case 'ducked':
      return to(QUIET, 'resume');
    case 'held':
      return to(yielded(true), 'resume', 'release');
    default:
      return state satisfies never;
  }
}

function heardOverAnswer(state: Before, hearing: Hearing, ms: number, policy: JudgePolicy): Judgement {
  switch (state.name) {
    case 'quiet':
      if (policy.when === 'by-key') return to(state);
      if (hearing.sound === 'voice') return confirmed(state, hearing, ms, policy);
      return hearing.sound === 'likely' ? to({ name: 'ducked', forMs: ms }, 'duck') : to(state);
    case 'ducked': {
      if (hearing.sound === 'voice') return confirmed(state, hearing, ms, policy);
      if (hearing.stretchMs === 0) return to(QUIET, 'resume');
      const forMs = state.forMs + ms;
      return forMs < DUCKED_MAX_MS
        ? to({ name: 'ducked', forMs })
        : to({ name: 'ignoring', voice: false }, 'resume');
    }
    case 'ignoring':
      if (hearing.stretchMs === 0) return to(QUIET);
      if (hearing.sound !== 'voice' || (state.voice && !isClear(hearing))) return to(state);
      return confirmed(state, hearing, ms, policy);
    case 'held': {
      if (hearing.stretchMs === 0) return stretchEnded(hearing, policy);
      if (isClear(hearing)) return to(yielded(true), 'interrupt', 'release');
      const forMs = state.forMs + ms;
      if (forMs >= HELD_MAX_MS) {
        return isWord(hearing)
          ? to(yielded(true), 'interrupt', 'release')
          : to({ name: 'ignoring', voice: true }, 'resume');
      }
      return to({ name: 'held', forMs, voiceMs: hearing.voiceMs, wordless: hearing.wordless });
    }
    default:
      return state satisfies never;
  }
}

function confirmed(state: Before, hearing: Hearing, ms: number, policy: JudgePolicy): Judgement {
  if (policy.when === 'after-words') {
    // Without a server nobody tells the words: the answer plays on softly.
    if (!policy.connected)
      return state.name === 'ducked' ? to(state) : to({ name: 'ducked', forMs: 0 }, 'duck');
    const trial = trialOf(false, { spokenMs: 0, runningMs: hearing.voiceMs });
    return to(trial, ...(state.name === 'ducked' ? [] : (['duck'] as const)), 'guard', 'release');
  }
  if (isClear(hearing)) return to(yielded(true), 'interrupt', 'release');
  const { voiceMs, wordless } = hearing;
  return to({ name: 'held', forMs: ms, voiceMs, wordless }, 'hold');
}

/** The stretch that the answer is held for is over, and was too short to be clear. */
function stretchEnded(stretch: Stretch, policy: JudgePolicy): Judgement {
  if (!isWord(stretch)) return to(QUIET, 'resume');
  if (!policy.connected) return to(yielded(false), 'interrupt', 'release');
  const trial = trialOf(true, { spokenMs: stretch.voiceMs, runningMs: 0 });
  return to(trial, 'guard', 'release', { do: 'deadline', ms: SERVER_HEARS_MS });
}

function afterwards(
  state: Extract<JudgeState, { name: 'yielded' }>,
  input: JudgeInput,
  policy: JudgePolicy,
): Judgement {
  switch (input.type) {
    case 'hearing': {
      // The next answer is there, so the turn has come to its end.
      if (input.answer) return to(QUIET, NO_DEADLINE);
      const running = input.hearing.stretchMs > 0;
      if (running === state.running) return to(state);
      return to({ ...state, running }, running ? NO_DEADLINE : commitDeadline(policy));
    }
    case 'committed':
      if (!input.lifting) return to(QUIET, NO_DEADLINE);
      return to({ ...state, owes: true }, { do: 'deadline', ms: TRANSCRIPT_MS });
    case 'words':
      // A server that decides only now whether to answer does it at once.
      if (!state.owes || !input.final) return to(state);
      return to(state, { do: 'deadline', ms: RESPONSE_GRACE_MS });
    case 'response-created':
      return to(QUIET, NO_DEADLINE);
    case 'deadline':
      if (!policy.connected) return to(state);
      return to(QUIET, ...(state.owes ? (['request'] as const) : []));
    case 'stopped':
      return to({ ...state, running: false }, commitDeadline(policy));
    case 'connected':
      return state.running ? to(state) : to(state, commitDeadline(policy));
    case 'over':
    case 'speech-started':
    case 'guard-refused':
    case 'lost':
      return to(state);
    default:
      return input satisfies never;
  }
}
