/** What happens to a conversation when its server session ends, and how the next session takes it up. */
import type { ClientEvent } from '../shared/realtime';
import type { AnswerPlayback } from './answer-playback';
import type { ConversationFeed } from './conversation-feed';
import { replayEvents } from './replay';
import type { ResponseGate } from './response-gate';
import type { SpokenTurns } from './spoken-turns';
import type { TurnTracker } from './turn-tracker';

export interface Recovery {
  /** A new session is set up: it learns the conversation so far and gets what was waiting. */
  resume(): void;
  /** The session is over. Call before anything is reset. */
  suspend(): void;
  /** The user begins a turn. */
  newQuestion(): void;
  /** A question was put that no server could be asked yet. */
  owe(): void;
  /** The conversation is forgotten. */
  forget(): void;
}

export interface RecoveryOptions {
  feed: ConversationFeed;
  gate: ResponseGate;
  turns: SpokenTurns;
  tracker: TurnTracker;
  playback: AnswerPlayback;
  send(event: ClientEvent): void;
  nextEventId(prefix: string): string;
}

export function createRecovery(options: RecoveryOptions): Recovery {
  const { feed, gate, turns, tracker, playback, send, nextEventId } = options;
  /** A question whose answer did not begin. */
  let owed = false;
  /** Times it was asked again: a question may be what brings the server down, so once is enough. */
  let repeats = 0;

  /** What the session had begun and this side cannot finish: it is sent again, or it has failed. */
  const settleUnfinished = (sentAgain: string[]) => {
    for (const entry of feed.conversation.entries) {
      if (!entry.partial || entry.status !== 'in_progress') continue;
      const gone = sentAgain.includes(entry.id) || (entry.role === 'assistant' && entry.text === '');
      const ids = { event_id: nextEventId('client'), item_id: entry.id };
      if (gone) feed.emit({ type: 'conversation.item.deleted', ...ids });
      else if (entry.role === 'user') {
        const error = { code: 'connection_lost' };
        feed.emit({
          type: 'conversation.item.input_audio_transcription.failed',
          content_index: 0,
          error,
          ...ids,
        });
      }
    }
  };

  return {
    resume() {
      const replay = replayEvents(feed.conversation);
      feed.expectEcho(replay.flatMap((event) => ('item' in event ? (event.item.id ?? []) : [])));
      for (const event of replay) send(event);
      const unsent = turns.waiting;
      turns.resend();
      // A turn that is sent again asks for its answer by itself.
      if (owed && !unsent) gate.request();
      if (owed || unsent) repeats += 1;
      owed = false;
    },
    suspend() {
      // Without push-to-talk the server asks for the answer, so a turn it has understood is owed one.
      const last = feed.conversation.entries.at(-1);
      const understood = tracker.pending && last?.role === 'user' && last.status === 'completed';
      tracker.reset();
      const { openId, asked } = gate.reset();
      const begun = openId !== null && playback.begun;
      if (begun) feed.emit({ type: 'client.response_lost', responseId: openId });
      owed = (understood || asked || (openId !== null && !begun)) && repeats < 1;
      playback.lost();
      settleUnfinished(turns.lost());
    },
    newQuestion() {
      repeats = 0;
    },
    owe() {
      owed = true;
      // Asking it for the first time is no repetition.
      repeats = -1;
    },
    forget() {
      owed = false;
      turns.forget();
    },
  };
}
