/** What the turn detector is to do, from the session's `turn_detection`. Pure. */

import { SERVER_VAD, type TurnDetection } from '../wire/session-config';
import { waitMs } from './semantic-turn';
import type { TurnOptions } from './turn-detector';

export interface PaddedTurnOptions extends TurnOptions {
  /** Milliseconds of sound before the speech that belong to the turn. */
  prefixPaddingMs: number;
}

/**
 * `pauseScore` is the judgement of the pause that goes on, in log odds, null when there is none yet (semantic-turn.ts);
 * server_vad does not ask for it.
 */
export function turnOptions(turnDetection: TurnDetection, pauseScore: number | null): PaddedTurnOptions {
  switch (turnDetection.type) {
    case 'server_vad':
      return {
        threshold: turnDetection.threshold,
        prefixPaddingMs: turnDetection.prefix_padding_ms,
        silenceDurationMs: turnDetection.silence_duration_ms,
      };
    case 'semantic_vad':
      return {
        threshold: SERVER_VAD.threshold,
        prefixPaddingMs: SERVER_VAD.prefix_padding_ms,
        silenceDurationMs: waitMs(pauseScore, turnDetection.eagerness),
      };
    default:
      return turnDetection satisfies never;
  }
}
