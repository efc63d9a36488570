import type { SpeechResult } from './conversation/utterance';
import type { HandlerContext } from './handlers';
import type { IdleTimer } from './turns/idle-timer';
import type { TurnListener } from './turns/turn-listener';

export interface TurnTakingHost {
  parts(): Pick<HandlerContext, 'config' | 'closing' | 'turns' | 'responses'>;
  idle(): IdleTimer;
  /** Does what may be refused; then the client is told. */
  attempt(action: () => void): void;
}

/** Whose turn it is: what the assistant does when somebody begins, pauses, ends, or says nothing. */
export class TurnTaking implements TurnListener {
  /** A detected turn was heard and has no answer yet. */
  private owesResponse = false;

  constructor(private readonly host: TurnTakingHost) {}

  onUtterance(): void {
    this.responses.warm();
  }

  onSpeechStarted(): void {
    this.responses.dropPrepared();
    if (this.turnDetection?.interrupt_response) this.responses.interrupt();
  }

  /** An answer is prepared only where the end of the turn would ask for one at once. */
  onPause(itemId: string, settled: Promise<SpeechResult | null>): void {
    this.responses.warm();
    if (this.kind !== 'realtime' || !this.turnDetection?.create_response) return;
    if (!this.turns.recognising && !this.owesResponse) this.responses.prepareAnswer(itemId, settled);
  }

  onResumed(): void {
    this.responses.dropPrepared();
  }

  onTurn(result: SpeechResult, automatic: boolean): void {
    // A noise is answered by nobody, and the silence goes on.
    if (automatic && result.type === 'nothing') this.host.idle().restart();
    const heard = automatic && result.type === 'heard';
    if (heard && this.kind === 'realtime' && this.turnDetection?.create_response) this.owesResponse = true;
    this.settle();
    // An answer that was not taken has no turn any more; after a manual commit the client may still ask for it.
    if (automatic) this.responses.dropPrepared();
  }

  onCleared(): void {
    this.responses.dropPrepared();
    this.settle();
  }

  silentFromMs(): number | null {
    return this.host.idle().silentFromMs;
  }

  /** Nobody said anything since the last answer: the assistant speaks up. */
  onIdle(fromMs: number): void {
    if (this.turns.recognising || !this.turns.commitSilence(fromMs)) return;
    if (this.turnDetection?.create_response) this.host.attempt(() => this.responses.create());
  }

  /** Nobody is speaking, or waits for an answer. */
  canSpeakUp(): boolean {
    return !this.turns.speaking && !this.turns.recognising && !this.owesResponse;
  }

  /** A response is done. */
  onEnd(): void {
    this.settle();
  }

  /** Answers what is owed, or says what waits to be said, when it is the assistant's turn. */
  private settle(): void {
    if (this.host.parts().closing.aborted) return;
    // Somebody who goes on speaking is answered when done: an answer now would be interrupted at once.
    const waits = this.turns.recognising || (this.turns.speaking && this.turnDetection?.interrupt_response);
    if (this.owesResponse && !waits) {
      this.owesResponse = false;
      this.host.attempt(() => this.responses.create());
    }
    this.responses.sayUnasked();
  }

  private get turns() {
    return this.host.parts().turns;
  }

  private get responses() {
    return this.host.parts().responses;
  }

  private get kind() {
    return this.host.parts().config().kind;
  }

  private get turnDetection() {
    return this.host.parts().config().turnDetection;
  }
}
