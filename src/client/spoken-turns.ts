/**
 * Turns recorded with push-to-talk. Their sound is kept until the server has transcribed or answered them, so that a
 * lost connection loses no word: what was not confirmed is sent again to the next session.
 */
import { type Pcm16, pcm16ToBytes, SAMPLE_RATE, samplesToMs } from '../shared/audio';
import type { ClientEvent } from '../shared/realtime';

/** Milliseconds of sound that are kept for another attempt; of more the newest. */
export const KEPT_MS = 60_000;

/** A server refuses to commit less. */
export const MIN_COMMIT_MS = 100;

/** Times a turn is sent before it is given up: it may be what brings the server down. */
const MAX_SENDS = 2;

interface Turn {
  chunks: Pcm16[];
  keptSamples: number;
  samples: number;
  sends: number;
  /** Committed in the running server session. */
  sent: boolean;
  itemId: string | null;
}

export interface SpokenTurns {
  readonly recording: boolean;
  /** Some turn waits for a server. */
  readonly waiting: boolean;
  begin(): void;
  add(pcm: Pcm16): void;
  /** Ends the recording; 'too-short' discards it. */
  end(): 'committed' | 'kept' | 'too-short' | 'none';
  /** Sends what is waiting, and what was recorded so far of the running turn. */
  resend(): void;
  /** The server took a commit. */
  committed(itemId: string): void;
  /** The server refused a commit. */
  refused(): void;
  /** The server knows the words of the item. */
  transcribed(itemId: string): void;
  /** The server answers, so it has understood. */
  answered(): void;
  /** The server session is over. Item ids of turns that will be sent again, which makes them other items. */
  lost(): string[];
  forget(): void;
}

export interface SpokenTurnsOptions {
  /** Whether the server can be sent to. */
  ready(): boolean;
  send(event: ClientEvent): void;
  /** A turn was committed and wants an answer. */
  onCommitted(): void;
  nextEventId(prefix: string): string;
}

/** Base64 of the samples as they go on the wire. */
export function appendEvent(pcm: Pcm16): ClientEvent {
  const bytes = pcm16ToBytes(pcm);
  const audio = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  return { type: 'input_audio_buffer.append', audio };
}

export function createSpokenTurns(options: SpokenTurnsOptions): SpokenTurns {
  const { ready, send, onCommitted, nextEventId } = options;
  let current: Turn | null = null;
  let turns: Turn[] = [];

  const keep = (turn: Turn, pcm: Pcm16) => {
    turn.chunks.push(pcm);
    turn.samples += pcm.length;
    turn.keptSamples += pcm.length;
    while (samplesToMs(turn.keptSamples, SAMPLE_RATE) > KEPT_MS)
      turn.keptSamples -= turn.chunks.shift()?.length ?? 0;
  };
  const keptMs = () => samplesToMs(turns.reduce((sum, turn) => sum + turn.keptSamples, 0));
  const appendAll = (turn: Turn) => {
    for (const chunk of turn.chunks) send(appendEvent(chunk));
  };
  const commit = (turn: Turn) => {
    turn.sends += 1;
    turn.sent = true;
    send({ type: 'input_audio_buffer.commit', event_id: nextEventId('commit') });
    onCommitted();
  };

  return {
    get recording() {
      return current !== null;
    },
    get waiting() {
      return turns.some((turn) => !turn.sent);
    },
    begin() {
      current = { chunks: [], keptSamples: 0, samples: 0, sends: 0, sent: false, itemId: null };
      if (ready()) send({ type: 'input_audio_buffer.clear' });
    },
    add(pcm) {
      if (current === null) return;
      keep(current, pcm);
      if (ready()) send(appendEvent(pcm));
    },
    end() {
      const turn = current;
      current = null;
      if (turn === null) return 'none';
      if (samplesToMs(turn.samples) < MIN_COMMIT_MS) {
        if (ready()) send({ type: 'input_audio_buffer.clear' });
        return 'too-short';
      }
      turns.push(turn);
      while (turns.length > 1 && keptMs() > KEPT_MS) turns.shift();
      if (!ready()) return 'kept';
      commit(turn);
      return 'committed';
    },
    resend() {
      for (const turn of turns) {
        if (turn.sent) continue;
        appendAll(turn);
        commit(turn);
      }
      if (current !== null) appendAll(current);
    },
    committed(itemId) {
      const turn = turns.find((t) => t.sent && t.itemId === null);
      if (turn) turn.itemId = itemId;
    },
    refused() {
      const turn = turns.find((t) => t.sent && t.itemId === null);
      turns = turns.filter((t) => t !== turn);
    },
    transcribed(itemId) {
      turns = turns.filter((turn) => turn.itemId !== itemId);
    },
    answered() {
      turns = turns.filter((turn) => !turn.sent);
    },
    lost() {
      turns = turns.filter((turn) => turn.sends < MAX_SENDS);
      const again = turns.flatMap((turn) => turn.itemId ?? []);
      for (const turn of turns) {
        turn.sent = false;
        turn.itemId = null;
      }
      return again;
    },
    forget() {
      turns = [];
    },
  };
}
