import type { SpeechResult } from '../conversation/utterance';

/** What the session does about turns. */
export interface TurnListener {
  /** Sound for a turn, detected or not, begins to come in. */
  onUtterance(): void;
  onSpeechStarted(): void;
  /** The user is silent: their turn may be over. `settled` is what they said if it is; null when that cannot be told. */
  onPause(itemId: string, settled: Promise<SpeechResult | null>): void;
  /** The turn was not over. */
  onResumed(): void;
  /** `automatic` when turn detection ended the turn, not the client. */
  onTurn(result: SpeechResult, automatic: boolean): void;
  /** What was being said is forgotten. */
  onCleared(): void;
  /** Where in the input audio a silence began that may become an item; null when there is none. */
  silentFromMs(): number | null;
}
