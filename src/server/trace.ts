/** When what happened in a session, for developers who look for lost time. Holds no word that was said. */
import { appendFileSync } from 'node:fs';

export type TraceEvent = {
  sessionId: string /** Milliseconds since the epoch, with fractions. */;
  atMs: number;
} & TraceFacts;

/** `audioMs` are positions in the session's input audio. */
export type TraceFacts =
  /** The user may be done. `audioMs` is the last sound, as the level and the VAD found it. */
  | { kind: 'speech-end'; audioMs: number }
  /** How likely that was, 0..1, and how much silence ends the turn: semantic_vad only. */
  | { kind: 'turn-judged'; probability: number; waitMs: number }
  /** They went on. */
  | { kind: 'speech-resumed' }
  /** The turn is over. */
  | { kind: 'turn-end'; audioMs: number; silenceMs: number }
  /** The transcript is there; `prepared` while the turn might still go on. */
  | { kind: 'transcript'; prepared: boolean }
  | { kind: 'llm-first'; prepared: boolean }
  | { kind: 'tts-first'; prepared: boolean }
  /** The first sound of a response went to the socket. `prepared` when it was made before the turn's end. */
  | { kind: 'audio-sent'; prepared: boolean };

/** Writes each event as a line of JSON to the end of `file`. Throws what the file system throws. */
export function traceToFile(file: string): (event: TraceEvent) => void {
  return (event) => appendFileSync(file, `${JSON.stringify(event)}\n`);
}
