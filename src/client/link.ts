/** An open socket with a session on it: typed events both ways, and the certainty that the peer is alive. */
import type WebSocket from 'ws';
import {
  type ClientEvent,
  parseServerEvent,
  type RealtimeErrorBody,
  type ServerEvent,
} from '../shared/realtime';
import type { Clock } from './clock';
import {
  type Failure,
  failure,
  failureFromClose,
  failureFromError,
  failureFromSocket,
  withoutKeys,
} from './failure';

/** Milliseconds between pings; a peer silent for two of them is found dead at the third, within 30 s. */
export const PING_MS = 10_000;
const SILENT_MS = 2 * PING_MS;

export interface Link {
  /**
   * Goes out at once: a frame is one write, and without Nagle's delay frames of the same tick (a commit and the request
   * for an answer) leave back to back. So sound goes as it comes from the microphone, a chunk of 20 ms a frame: larger pieces
   * would be late by their own length, smaller ones cost more in frames than they bring.
   */
  send(event: ClientEvent): void;
  /** Says goodbye and gives the peer `graceMs` to answer; `onDown` is not called. */
  close(graceMs: number, closed: () => void): void;
}

export interface LinkOptions {
  socket: WebSocket;
  key: string | null;
  clock: Clock;
  onEvent(event: ServerEvent): void;
  /** A frame that is no event; its content is not passed on. */
  onGarbage(bytes: number): void;
  /** The session is over; called once. */
  onDown(failure: Failure): void;
}

export function createLink({ socket, key, clock, onEvent, onGarbage, onDown }: LinkOptions): Link {
  let over = false;
  let lastHeardAt = clock.now();
  let lastError: RealtimeErrorBody | null = null;
  let socketFailure: Failure | null = null;
  let cancelPing: () => void = () => undefined;

  const down = (reason: Failure) => {
    if (over) return;
    over = true;
    cancelPing();
    const { code, detail } = reason.problem;
    onDown({ ...reason, problem: { code, detail: withoutKeys(detail, key) } });
  };
  const heard = () => {
    lastHeardAt = clock.now();
  };
  const ping = () => {
    if (clock.now() - lastHeardAt >= SILENT_MS) {
      socket.terminate();
      down(failure('server-lost', `no sign of life for ${SILENT_MS} ms`));
      return;
    }
    if (socket.readyState === socket.OPEN) socket.ping();
    cancelPing = clock.after(PING_MS, ping);
  };
  cancelPing = clock.after(PING_MS, ping);

  socket.on('ping', heard);
  socket.on('pong', heard);
  socket.on('message', (data, isBinary) => {
    heard();
    if (over) return;
    const text = isBinary ? '' : data.toString();
    const event = isBinary ? null : parseServerEvent(text);
    if (event === null) return onGarbage(text.length);
    if (event.type !== 'error') return onEvent(event);
    lastError = event.error ?? null;
    const fatal = lastError && failureFromError(lastError);
    if (!fatal) return onEvent(event);
    // The server closes after such an error; waiting for it would leave a dead session looking alive.
    socket.close();
    down(fatal);
  });
  socket.on('error', (error) => {
    socketFailure = failureFromSocket(error);
  });
  socket.on('close', (code, reason) => {
    // Without a close frame the socket's own error says more than the code 1006.
    const lost = failureFromClose(code, reason.toString(), true, lastError);
    const detail = code === 1006 && socketFailure ? socketFailure.problem.detail : lost.problem.detail;
    down({ ...lost, problem: { code: lost.problem.code, detail } });
  });

  return {
    send(event) {
      if (!over && socket.readyState === socket.OPEN) socket.send(JSON.stringify(event));
    },
    close(graceMs, closed) {
      over = true;
      cancelPing();
      if (socket.readyState === socket.CLOSED) return closed();
      const cancelGrace = clock.after(graceMs, () => socket.terminate());
      socket.once('close', () => {
        cancelGrace();
        closed();
      });
      socket.close(1000);
    },
  };
}
