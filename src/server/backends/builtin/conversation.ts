import {
  type LlmContext,
  type LlmConversation,
  LlmError,
  type LlmMessage,
  type LlmPart,
  type LlmRequest,
} from '../index';
import { isSilence } from '../silence';
import { answer } from './answer';
import type { Outcome } from './skills/timers';
import { countWords, streamWords } from './stream';
import type { TimerBook } from './timers/timer-book';
import { understandConversation } from './understand';

/** Said when the user says nothing for long. */
const STILL_THERE = 'Are you still there? I am listening.';

export interface Surroundings {
  now: () => Date;
  random: () => number;
  timeZone: () => string;
}

/** One session's conversation. `timers` is closed with it when it belongs to it alone. */
export function openConversation(
  context: LlmContext,
  timers: TimerBook,
  around: Surroundings,
): LlmConversation {
  const speaker = { speakUp: (text: string) => context.speakUp(text) };
  const detach = timers.attach(speaker);
  let lastSaid: string | null = null;

  async function* respond(
    request: LlmRequest,
    signal: AbortSignal,
    committed: Promise<void> = Promise.resolve(),
  ): AsyncGenerator<LlmPart, void, undefined> {
    if (signal.aborted) return;
    refuseForcedTools(request);
    const { messages } = request;
    const now = around.now();
    const timeZone = around.timeZone();
    const spoken = messages.filter((message) => !isSilence(message));
    const intent = understandConversation(spoken, now, timeZone);
    const situation = {
      now,
      timeZone,
      random: around.random,
      pending: timers.pending(),
      said: restored(messages, lastSaid),
    };
    const outcome: Outcome = isSilence(messages.at(-1)) ? { text: STILL_THERE } : answer(intent, situation);
    // Not left to the reader, who may stop in the middle of the answer: what was said to be done is done.
    const complaint = committed.then(async () => {
      if (signal.aborted) return '';
      lastSaid = outcome.text;
      const added = await applied(outcome);
      lastSaid += added;
      return added;
    });
    const inputWords = messages.reduce((sum, message) => sum + countWords(wordsIn(message)), 0);
    const limits = { inputWords, maxWords: request.maxOutputTokens, signal };
    // What can only be done once the answer is wanted may still add a sentence; everything else need not wait for that.
    const rest = outcome.effect ? complaint : null;
    yield* streamWords(outcome.text, rest, limits);
  }

  /** Does what the outcome asks for; gives what must be added to the answer when it did not fully work. */
  async function applied({ effect }: Outcome): Promise<string> {
    if (!effect) return '';
    const saved =
      effect.type === 'add' ? await timers.add(effect.timer, speaker) : await timers.cancel(effect.ids);
    return saved ? '' : ' I could not write that down, so it holds only until I am restarted.';
  }

  return { canPrepare: true, respond, close: detach };
}

function refuseForcedTools({ toolChoice }: LlmRequest): void {
  if (toolChoice === 'auto' || toolChoice === 'none') return;
  throw new LlmError(
    'The built-in assistant cannot call tools. Connect a language model, or let tool_choice be auto or none.',
  );
}

/** Earlier answers. Of an interrupted one the history holds what was heard; to repeat it, all of it is wanted. */
function restored(messages: readonly LlmMessage[], lastSaid: string | null): string[] {
  const said = messages.flatMap((message) => (message.role === 'assistant' ? [message.text] : []));
  const last = said[said.length - 1];
  if (last !== undefined && lastSaid?.startsWith(last.trim())) said[said.length - 1] = lastSaid;
  return said;
}

function wordsIn(message: LlmMessage): string {
  switch (message.role) {
    case 'tool-call':
      return message.arguments;
    case 'tool-result':
      return message.output;
    default:
      return message.text;
  }
}
