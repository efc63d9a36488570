/** What a conversation needs, and what it can be asked and told. */
import type { Ear } from '../ear';
import type { Conversation } from '../shared/conversation';
import type { ConversationEvent, Problem } from '../shared/ipc';
import type { Logger } from '../shared/log';
import type { SessionState } from './activity';
import type { Microphone, Speaker } from './audio';
import type { Clock } from './clock';
import type { Connection } from './connection';
import type { Trace } from './free-mic';
import type { SessionConfig } from './session-config';

export interface SessionOptions {
  connection: Connection;
  microphone: Microphone;
  speaker: Speaker;
  config: SessionConfig;
  log: Logger;
  clock?: Clock;
  /** Told of what is heard over answers and decided about it, for recordings. */
  trace?: Trace;
  /** Milliseconds between rendering and the loudspeaker; 100 unless given. */
  outputMs?: () => number;
}

export interface Session {
  readonly state: SessionState;
  readonly conversation: Conversation;
  start(): void;
  /** Silence, microphone off, socket closed. */
  close(): Promise<void>;
  /** Takes effect at once; a new voice after the session has spoken, as soon as nobody speaks. */
  update(change: Partial<SessionConfig>): void;
  /** Push-to-talk key down: interrupts and records. No effect in free mic. */
  press(): void;
  release(): void;
  setMuted(muted: boolean): void;
  /** A turn in writing; interrupts. Kept while there is no connection. */
  sendText(text: string): void;
  interrupt(): void;
  /** What hears the user in free mic before the server does; without one the server's turn detection interrupts. */
  setEar(ear: Ear | null): void;
  /** A new conversation with the same server session. */
  clear(): void;
  /** What `reduceConversation` folds, in order; never sound. */
  onConversation(listener: (event: ConversationEvent) => void): () => void;
  onState(listener: (state: SessionState) => void): () => void;
  /** What went wrong in the conversation; what is wrong with the connection is its own status. */
  onProblem(listener: (problem: Problem) => void): () => void;
}
