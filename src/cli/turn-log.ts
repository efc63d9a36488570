import type { Conversation, ConversationEntry } from '../shared/conversation';
import type { ConversationEvent } from '../shared/ipc';

/** One turn as `converse` reports it. */
export interface TurnReport {
  /** What the server understood. */
  heard: string;
  /** What the user got to hear, in words. */
  said: string;
  /** From the last sample of speech to the first sample of the answer; null when there was no answer. */
  speechEndToFirstAudioMs: number | null;
  interrupted: boolean;
}

export interface Turn {
  readonly begunAtMs: number;
  speechEndAtMs: number | null;
  /** When sound of each of its answer's items began. */
  readonly soundsAtMs: number[];
  /** Ids of the user's items and of the answer's items. */
  readonly itemIds: Set<string>;
  /** Some response of the turn is done, in whatever way but cancelled. */
  answered: boolean;
  interrupted: boolean;
  /** The server took the truncation of an interrupted item. */
  truncated: boolean;
}

/**
 * Which turn everything belongs to. What the user says belongs to the turn begun last, and so does a response that
 * is created then; all that follows goes by item and response id, so late events find their turn.
 */
export class TurnLog {
  private readonly turns: Turn[] = [];
  private readonly turnOfItem = new Map<string, Turn>();
  private readonly turnOfResponse = new Map<string, Turn>();

  begin(nowMs: number): Turn {
    const turn: Turn = {
      begunAtMs: nowMs,
      speechEndAtMs: null,
      soundsAtMs: [],
      itemIds: new Set(),
      answered: false,
      interrupted: false,
      truncated: false,
    };
    this.turns.push(turn);
    return turn;
  }

  /** The first sample of an item was rendered. */
  sound(itemId: string, nowMs: number): void {
    this.turnOfItem.get(itemId)?.soundsAtMs.push(nowMs);
  }

  observe(event: ConversationEvent): void {
    const current = this.turns.at(-1);
    if (!current) return;
    switch (event.type) {
      case 'input_audio_buffer.speech_started':
      case 'input_audio_buffer.committed':
        this.own(event.item_id, current);
        break;
      case 'response.created':
        if (event.response.id) this.turnOfResponse.set(event.response.id, current);
        break;
      case 'response.output_item.added':
        if (event.item.id) this.own(event.item.id, this.turnOfResponse.get(event.response_id) ?? current);
        break;
      case 'response.done': {
        const turn = this.turnOfResponse.get(event.response.id ?? '');
        if (turn && event.response.status !== 'cancelled') turn.answered = true;
        break;
      }
      case 'client.interrupted': {
        const turn = this.turnOfItem.get(event.itemId);
        if (turn) turn.interrupted = true;
        break;
      }
      case 'conversation.item.truncated': {
        const turn = this.turnOfItem.get(event.item_id);
        if (turn) turn.truncated = true;
        break;
      }
    }
  }

  /** The turns so far, with their words from `conversation`. */
  report(conversation: Conversation): TurnReport[] {
    return this.turns.map((turn) => reportOf(turn, conversation));
  }

  private own(itemId: string, turn: Turn): void {
    if (this.turnOfItem.has(itemId)) return;
    this.turnOfItem.set(itemId, turn);
    turn.itemIds.add(itemId);
  }
}

export function reportOf(turn: Turn, conversation: Conversation): TurnReport {
  return {
    heard: wordsOf(entriesOf(turn, conversation, 'user')),
    said: wordsOf(entriesOf(turn, conversation, 'assistant')),
    speechEndToFirstAudioMs: answerDelayMs(turn),
    interrupted: turn.interrupted,
  };
}

/** The entries of a turn on one side of the conversation, in order. */
export function entriesOf(
  turn: Turn,
  conversation: Conversation,
  role: ConversationEntry['role'],
): ConversationEntry[] {
  return conversation.entries.filter((entry) => entry.role === role && turn.itemIds.has(entry.id));
}

/** Of an interrupted entry only what was heard counts. */
function wordsOf(entries: ConversationEntry[]): string {
  return entries
    .map((entry) => (entry.status === 'interrupted' ? (entry.heardText ?? '') : entry.text).trim())
    .filter((text) => text !== '')
    .join(' ');
}

/** Sound from before the end of speech answered an earlier part of it. */
function answerDelayMs({ speechEndAtMs, soundsAtMs }: Turn): number | null {
  if (speechEndAtMs === null) return null;
  const first = soundsAtMs.find((at) => at >= speechEndAtMs);
  return first === undefined ? null : Math.round(first - speechEndAtMs);
}
