/**
 * The answer that is made while the user is silent and may yet go on (docs/adr/0009). At most one in a session. It is
 * held back whole; it is used only for exactly the request that it was made for, and otherwise leaves no trace.
 */

import type { SpeechResult } from '../conversation/utterance';
import { type AnswerSource, type RespondOptions, type ResponsePart, respond, type Speaker } from './response';

/** What an answer is made from. Two answers with equal `keyOf` are interchangeable. */
export interface Question {
  source: AnswerSource;
  speaker: Speaker;
}

export interface PreparedAnswer {
  readonly key: string;
  readonly parts: AsyncIterable<ResponsePart>;
  /** It is wanted: what it does beside speaking may happen, and the rest of it is spoken. */
  commit(): void;
  drop(): void;
}

type State =
  | { state: 'idle' }
  /** The transcript is made in advance. */
  | { state: 'settling' }
  | { state: 'prepared'; answer: PreparedAnswer };

export class Speculation {
  private current: State = { state: 'idle' };

  /**
   * The user fell silent. `settled` is what they said, if that was all; null, or nothing heard, ends it. `ask` gives
   * what to answer from, null when no answer is to be prepared.
   */
  begin(
    settled: Promise<SpeechResult | null>,
    ask: (text: string) => Question | null,
    onFirst: RespondOptions['onFirst'],
  ): void {
    this.drop();
    const settling: State = { state: 'settling' };
    this.current = settling;
    void settled.then((result) => {
      // Dropped or begun anew meanwhile.
      if (this.current !== settling) return;
      const question = result?.type === 'heard' ? ask(result.text) : null;
      this.current =
        question === null ? { state: 'idle' } : { state: 'prepared', answer: prepare(question, onFirst) };
    });
  }

  /** Hands over what was prepared, if anything; it is the taker's to commit or to drop. */
  take(): PreparedAnswer | null {
    const { current } = this;
    this.current = { state: 'idle' };
    return current.state === 'prepared' ? current.answer : null;
  }

  /** The user went on, or no answer is wanted. */
  drop(): void {
    this.take()?.drop();
  }
}

/** Tells apart what would be answered differently, or in another voice. */
export function keyOf({ source, speaker }: Question): string {
  const said = source.type === 'llm' ? source.request : source.text;
  return JSON.stringify([said, speaker && [speaker.voice, speaker.speed]]);
}

function prepare(question: Question, onFirst: RespondOptions['onFirst']): PreparedAnswer {
  const controller = new AbortController();
  let commit = () => {};
  const committed = new Promise<void>((resolve) => {
    commit = resolve;
  });
  const parts = respond(question.source, question.speaker, {
    signal: controller.signal,
    committed,
    ...(onFirst === undefined ? {} : { onFirst }),
  });
  return { key: keyOf(question), parts, commit, drop: () => controller.abort() };
}
