import { toError } from '../../shared/log';
import type { ServerEventOf } from '../../shared/realtime';
import type { SessionContext } from '../session-context';
import { describeFailure } from '../wire/errors';
import { type AnswerSource, type ResponsePart, respond, type Speaker } from './response';
import type { ResponseWriter } from './response-events';
import { keyOf, type PreparedAnswer, type Question } from './speculation';
import type { InputTokens } from './usage';
import type { Outcome } from './wire-response';

/** What to answer from, and what that takes in. */
export interface Asked {
  source: AnswerSource;
  input: InputTokens;
}

/** One response from `response.created` to `response.done`. */
export class ResponseRun {
  private readonly controller = new AbortController();
  private ended = false;

  /** `onSound` is told of each piece of sound, `onEnding` before the events of the end, `onEnd` after them. */
  constructor(
    readonly id: string,
    readonly outOfBand: boolean,
    private readonly writer: ResponseWriter,
    private readonly context: Pick<SessionContext, 'emit' | 'log' | 'trace' | 'rateState'>,
    private readonly listener: { onSound(): void; onEnding(): void; onEnd(): void },
  ) {}

  /** Never rejects: what goes wrong is told in `response.done`. `prepared` is used if it answers the very same. */
  async answer(ask: () => Promise<Asked>, speaker: Speaker, prepared: PreparedAnswer | null): Promise<void> {
    const { writer } = this;
    let silent = true;
    try {
      const { source, input } = await ask();
      writer.asked(input);
      const question = { source, speaker };
      const used = prepared?.key === keyOf(question) ? prepared : null;
      if (used === null) prepared?.drop();
      for await (const part of this.parts(question, used)) {
        writer.write(part);
        if (part.type === 'audio') {
          this.listener.onSound();
          if (silent) this.context.trace({ kind: 'audio-sent', prepared: used !== null });
          silent = false;
        }
        if (writer.full) break;
      }
      await writer.settled();
      this.end(writer.outcome);
    } catch (cause) {
      const error = toError(cause);
      if (!this.controller.signal.aborted) {
        this.context.log.error('response failed', { responseId: this.id, error });
      }
      this.end({ status: 'failed', error: describeFailure(error) });
    } finally {
      // One that was used is over.
      prepared?.drop();
    }
  }

  /** Only the first end of a response counts. */
  end(outcome: Outcome): void {
    if (this.ended) return;
    this.abort();
    this.listener.onEnding();
    this.writer.finish(outcome);
    this.context.emit({ type: 'rate_limits.updated', rate_limits: this.rateLimits() });
    this.listener.onEnd();
  }

  /** Stops it at once, without a word: the session is over. */
  abort(): void {
    this.ended = true;
    this.controller.abort();
  }

  private parts({ source, speaker }: Question, prepared: PreparedAnswer | null): AsyncIterable<ResponsePart> {
    const { signal } = this.controller;
    if (prepared === null || signal.aborted) {
      return respond(source, speaker, { signal, onFirst: traceFirst(this.context, false) });
    }
    signal.addEventListener('abort', () => prepared.drop());
    prepared.commit();
    return prepared.parts;
  }

  /** The one limit that a client can run into while it talks; tokens are not limited. */
  private rateLimits(): ServerEventOf<'rate_limits.updated'>['rate_limits'] {
    const state = this.context.rateState();
    if (state === null) return [];
    const { limit, remaining, resetSeconds } = state;
    return [{ name: 'requests', limit, remaining, reset_seconds: resetSeconds }];
  }
}

/** Traces when LLM and TTS gave their first. */
export function traceFirst(
  context: Pick<SessionContext, 'trace'>,
  prepared: boolean,
): (stage: 'llm' | 'tts') => void {
  return (stage) => context.trace({ kind: stage === 'llm' ? 'llm-first' : 'tts-first', prepared });
}
