/** What the server's turn detection tells of the user: who speaks, and whether a turn waits for its answer. */
import type { ServerEvent } from '../shared/realtime';
import type { Clock } from './clock';

/** Milliseconds to wait for the response to a turn that server turn detection ended. */
const PENDING_MS = 15_000;

export interface TurnTracker {
  /** The id of the item that the user is speaking; null in silence. */
  readonly speakingItemId: string | null;
  /** A turn has ended and no response has come of it yet. */
  readonly pending: boolean;
  handle(event: ServerEvent): void;
  /** The turn that ended gets no answer. */
  dismiss(): void;
  /** The turn was ended by the client, or its server session is over. */
  reset(): void;
}

export function createTurnTracker(clock: Clock, onChange: () => void): TurnTracker {
  let speakingItemId: string | null = null;
  let cancelPending: (() => void) | null = null;
  const endPending = () => {
    cancelPending?.();
    cancelPending = null;
  };
  return {
    get speakingItemId() {
      return speakingItemId;
    },
    get pending() {
      return cancelPending !== null;
    },
    handle(event) {
      switch (event.type) {
        case 'input_audio_buffer.speech_started':
          speakingItemId = event.item_id;
          endPending();
          break;
        case 'input_audio_buffer.speech_stopped':
          speakingItemId = null;
          endPending();
          cancelPending = clock.after(PENDING_MS, () => {
            cancelPending = null;
            onChange();
          });
          break;
        case 'conversation.item.input_audio_transcription.completed':
          if (event.transcript.trim() === '') endPending();
          break;
        case 'conversation.item.input_audio_transcription.failed':
        case 'response.created':
          endPending();
          break;
      }
    },
    dismiss: endPending,
    reset() {
      speakingItemId = null;
      endPending();
    },
  };
}
