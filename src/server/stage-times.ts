/** From the stages that one session's turns reached to how long each took. Pure. */
import type { TraceFacts } from './trace';

/** `answer` is what the user waits: from the last sound of theirs, or from the request, to the first sound of the answer. */
export type TimedStage = 'endpoint' | 'stt' | 'llm' | 'tts' | 'answer';

export interface StageTime {
  stage: TimedStage;
  ms: number;
}

/** What is known of the turn that is being answered; times in milliseconds of one clock, null while not reached. */
interface Turn {
  speechEndAt: number | null;
  transcriptAt: number | null;
  responseAt: number | null;
  llmFirstAt: number | null;
}

const NOTHING: Turn = { speechEndAt: null, transcriptAt: null, responseAt: null, llmFirstAt: null };

/** Responses beside the conversation's own one are taken for it: figures, not evidence. */
export class StageTimes {
  private turn: Turn = { ...NOTHING };

  /** A response began. */
  onResponse(atMs: number): void {
    // The turn before was answered already, in text.
    if (this.turn.responseAt !== null) this.turn = { ...NOTHING };
    this.turn.responseAt = atMs;
  }

  /** What `facts` completed, if anything. */
  on(facts: TraceFacts, atMs: number): StageTime | null {
    const { turn } = this;
    switch (facts.kind) {
      case 'speech-end':
        this.turn = { ...NOTHING, speechEndAt: atMs };
        return null;
      case 'speech-resumed':
        this.turn = { ...NOTHING };
        return null;
      case 'turn-judged':
        return null;
      case 'turn-end':
        return { stage: 'endpoint', ms: facts.silenceMs };
      case 'transcript':
        // One that was made in advance is told again at the end of the turn.
        if (turn.transcriptAt !== null) return null;
        turn.transcriptAt = atMs;
        return since(turn.speechEndAt, 'stt', atMs);
      case 'llm-first':
        turn.llmFirstAt = atMs;
        return since(turn.transcriptAt ?? turn.responseAt, 'llm', atMs);
      case 'tts-first':
        return since(turn.llmFirstAt, 'tts', atMs);
      case 'audio-sent':
        this.turn = { ...NOTHING };
        return since(turn.speechEndAt ?? turn.responseAt, 'answer', atMs);
      default:
        return facts satisfies never;
    }
  }
}

function since(fromMs: number | null, stage: TimedStage, atMs: number): StageTime | null {
  return fromMs === null ? null : { stage, ms: Math.max(0, atMs - fromMs) };
}
