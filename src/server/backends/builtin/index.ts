import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Logger } from '../../../shared/log';
import type { Llm, LlmConversation } from '../index';
import { openConversation, type Surroundings } from './conversation';
import { announcements } from './skills/timers';
import { type Clock, systemClock } from './timers/clock';
import { TimerBook } from './timers/timer-book';
import { timerFile } from './timers/timer-file';
import { understandConversation } from './understand';

export interface BuiltinLlmOptions {
  /** Folder for pending timers, which then outlive conversations and restarts; null ties them to their conversation. */
  stateDir: string | null;
  log: Logger;
  now?: () => Date;
  /** 0 <= x < 1. */
  random?: () => number;
  /** IANA name; the machine's own when left out. */
  timeZone?: string;
  setTimer?: Clock['setTimer'];
  monotonicMs?: Clock['monotonicMs'];
}

const TIMERS_FILE = 'timers.json';

/**
 * An honest small assistant for when there is no language model: clock and calendar, arithmetic, units, timers that
 * speak up, chance, small talk. What it does not clearly understand it declines, and it never guesses facts.
 *
 * The session's instructions are not followed, and tools are never called: both need a language model. A request that
 * forces a tool call throws an LlmError.
 */
export function createBuiltinLlm(options: BuiltinLlmOptions): Llm {
  const { stateDir } = options;
  const log = options.log.child({ engine: 'builtin' });
  const clock: Clock = {
    now: options.now ?? systemClock.now,
    monotonicMs: options.monotonicMs ?? systemClock.monotonicMs,
    setTimer: options.setTimer ?? systemClock.setTimer,
  };
  const around: Surroundings = {
    now: clock.now,
    random: options.random ?? Math.random,
    // Asked each time: a travelling laptop changes its zone while the server runs.
    timeZone: () => options.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  const book = (file: Parameters<typeof timerFile>[0] | null) =>
    new TimerBook({ clock, file: file === null ? null : timerFile(file, log), announce: announcements });
  const shared = stateDir === null ? null : book(join(stateDir, TIMERS_FILE));

  void warmUp(clock.now());

  return {
    name: 'builtin',
    open(context): LlmConversation {
      if (shared) return openConversation(context, shared, around);
      const own = book(null);
      const conversation = openConversation(context, own, around);
      return {
        canPrepare: true,
        respond: conversation.respond,
        close() {
          conversation.close();
          own.close();
        },
      };
    },
  };
}

const USUAL = [
  'what time is it in tokyo',
  'twenty two plus two',
  'remind me on july fourth at six pm to call',
  'convert ten miles to kilometers',
];

/**
 * The libraries build their tables at the first use; that must not be what the first answer waits for. One sentence
 * at a time, so that a server that is starting up is not held up either.
 */
async function warmUp(now: Date): Promise<void> {
  for (const text of USUAL) {
    await setImmediate();
    understandConversation([{ role: 'user', text }], now, 'UTC');
  }
}
