import { type BuiltinLlmOptions, createBuiltinLlm } from '../../../../src/server/backends/builtin';
import type { Clock } from '../../../../src/server/backends/builtin/timers/clock';
import type { LlmConversation, LlmMessage, LlmPart, LlmRequest } from '../../../../src/server/backends/index';
import { createLogger, type LogEntry } from '../../../../src/shared/log';

/** A clock that stands still until it is told to go on; timers fire in order while it does. */
export class TestClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;
  #waiting: { atMs: number; callback: () => void }[] = [];
  /** Every delay that was asked for. */
  readonly delays: number[] = [];

  constructor(start: string) {
    this.#wallMs = Date.parse(start);
  }

  readonly now = () => new Date(this.#wallMs);
  readonly monotonicMs = () => this.#monotonicMs;
  readonly setTimer = (callback: () => void, delayMs: number) => {
    const entry = { atMs: this.#monotonicMs + delayMs, callback };
    this.delays.push(delayMs);
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
    };
  };

  /** Lets `ms` pass. */
  advance(ms: number): void {
    const endMs = this.#monotonicMs + ms;
    for (;;) {
      const [next] = this.#waiting.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
      if (!next) break;
      this.#waiting = this.#waiting.filter((entry) => entry !== next);
      this.#to(Math.max(next.atMs, this.#monotonicMs));
      next.callback();
    }
    this.#to(endMs);
  }

  /** Somebody sets the clock, or the machine slept: the wall clock jumps alone. */
  jumpWall(ms: number): void {
    this.#wallMs += ms;
  }

  #to(monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }
}

export interface Talk {
  say(text: string): Promise<string>;
  /** What was spoken unasked, so far. */
  spokenUp: string[];
  messages: LlmMessage[];
  conversation: LlmConversation;
}

/** A server process's assistant: Sunday 22 November 2026, 15:45:10 in UTC, no luck. */
export function assistant(options: Partial<BuiltinLlmOptions> = {}) {
  const clock = new TestClock('2026-11-22T15:45:10Z');
  const logged: LogEntry[] = [];
  const llm = createBuiltinLlm({
    stateDir: null,
    log: createLogger((entry) => logged.push(entry), 'debug'),
    now: clock.now,
    monotonicMs: clock.monotonicMs,
    setTimer: clock.setTimer,
    random: () => 0,
    timeZone: 'UTC',
    ...options,
  });
  const open = (): Talk => {
    const spokenUp: string[] = [];
    const messages: LlmMessage[] = [];
    const conversation = llm.open({ speakUp: (text) => spokenUp.push(text) });
    return {
      spokenUp,
      messages,
      conversation,
      async say(text) {
        messages.push({ role: 'user', text });
        const answer = textOf(await partsOf(conversation, messages));
        messages.push({ role: 'assistant', text: answer });
        return answer;
      },
    };
  };
  return { llm, clock, logged, open };
}

export async function partsOf(
  conversation: LlmConversation,
  messages: LlmMessage[],
  request: Partial<LlmRequest> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<LlmPart[]> {
  const parts: LlmPart[] = [];
  const full: LlmRequest = {
    instructions: '',
    messages,
    tools: [],
    toolChoice: 'auto',
    parallelToolCalls: null,
    maxOutputTokens: null,
    ...request,
  };
  for await (const part of conversation.respond(full, signal)) parts.push(part);
  return parts;
}

export function textOf(parts: readonly LlmPart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
