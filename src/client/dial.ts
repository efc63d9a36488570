/** One attempt to reach a Realtime server: from the question where it is to the first event of its session. */
import WebSocket, { type ClientOptions, type RawData } from 'ws';
import type { Problem } from '../shared/ipc';
import { toError } from '../shared/log';
import { parseServerEvent, type RealtimeErrorBody, type ServerEvent } from '../shared/realtime';
import type { Clock } from './clock';
import {
  type Failure,
  failure,
  failureFromClose,
  failureFromError,
  failureFromSocket,
  failureFromStatus,
  withoutKeys,
} from './failure';

/** Where to connect: a whole WebSocket URL (see `realtimeUrl`) and the key, null where none is needed. */
export interface Target {
  url: string;
  key: string | null;
}

export interface DialOptions {
  /** Asked before each attempt, since a restarted local server is somewhere else. */
  resolveTarget(): Promise<Target | Problem>;
  clock: Clock;
  /** Milliseconds from the start of the attempt to the first event. */
  timeoutMs: number;
  /** Laid over the options of the WebSocket, for instance `ca` for a server with its own certificate. */
  webSocket: ClientOptions;
}

export interface Dialled {
  socket: WebSocket;
  key: string | null;
  /** The first event, `session.created` on every known server. */
  first: ServerEvent;
}

/** Largest frame accepted from a server, in bytes; an audio delta is a few kilobytes. */
const MAX_FRAME_BYTES = 32 * 1024 * 1024;

/**
 * Starts an attempt; exactly one of the two callbacks follows, unless the result, which gives up, is called before.
 * The server counts as reached when its first event came: it refuses keys and models after the upgrade, in band.
 */
export function dial(
  options: DialOptions,
  onReady: (dialled: Dialled) => void,
  onFailed: (failure: Failure) => void,
): () => void {
  let socket: WebSocket | null = null;
  let over = false;
  let key: string | null = null;
  let lastError: RealtimeErrorBody | null = null;

  const finish = () => {
    over = true;
    cancelTimeout();
    socket?.removeAllListeners();
    // A socket that is given up may still report an error, which nobody waits for.
    socket?.on('error', () => undefined);
  };
  const fail = (reason: Failure) => {
    if (over) return;
    finish();
    socket?.terminate();
    const { code, detail } = reason.problem;
    onFailed({ ...reason, problem: { code, detail: withoutKeys(detail, key) } });
  };
  const cancelTimeout = options.clock.after(options.timeoutMs, () =>
    fail(
      lastError
        ? failureFromClose(1006, '', false, lastError)
        : failure('server-unreachable', `no answer within ${options.timeoutMs} ms`),
    ),
  );

  const onMessage = (data: RawData, isBinary: boolean) => {
    const event = isBinary ? null : parseServerEvent(data.toString());
    if (event === null || socket === null) return;
    if (event.type === 'error') {
      lastError = event.error ?? null;
      const fatal = lastError && failureFromError(lastError);
      if (fatal) fail(fatal);
      return;
    }
    const reached = socket;
    finish();
    reached.removeAllListeners('error');
    onReady({ socket: reached, key, first: event });
  };

  const connect = (target: Target) => {
    key = target.key;
    const { headers, ...rest } = options.webSocket;
    socket = new WebSocket(target.url, {
      // Base64 of sound hardly compresses, and each frame would wait for the attempt.
      perMessageDeflate: false,
      followRedirects: false,
      maxPayload: MAX_FRAME_BYTES,
      ...rest,
      headers: { ...headers, ...(key === null ? {} : { Authorization: `Bearer ${key}` }) },
    });
    // A commit must not wait until the sound before it is acknowledged; `ws` does the same, as long as it likes.
    socket.once('upgrade', (response) => response.socket.setNoDelay(true));
    socket.on('unexpected-response', (_request, response) => {
      fail(failureFromStatus(response.statusCode ?? 0));
    });
    socket.on('error', (error) => fail(failureFromSocket(error)));
    socket.on('close', (code, reason) => fail(failureFromClose(code, reason.toString(), false, lastError)));
    socket.on('message', onMessage);
  };

  options
    .resolveTarget()
    .then((target) => {
      if (over) return;
      if ('code' in target) fail(failure(target.code, target.detail));
      else connect(target);
    })
    // A key or URL that cannot go into a request is refused by an exception.
    .catch((cause: unknown) => fail(failureFromSocket(toError(cause))));

  return () => {
    if (over) return;
    finish();
    socket?.terminate();
  };
}
