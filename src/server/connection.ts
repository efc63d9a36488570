import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { type Logger, toError } from '../shared/log';
import type { Backends } from './backends';
import { createBetaDialect } from './beta';
import { type Dialect, interpret } from './beta/dialect';
import { ClientLink, SOCKET_CLOSE } from './client-link';
import { type Admitted, admit, type Knock, type Rules } from './http/admission';
import { keepAlive } from './keep-alive';
import type { Limits, Seats } from './limits';
import type { Metrics } from './metrics';
import { Session } from './session';
import type { TraceEvent } from './trace';
import { ClientError, toWireError } from './wire/errors';
import { newId } from './wire/ids';

export interface ConnectionOptions extends Rules {
  backends: Backends;
  log: Logger;
  trace?: ((event: TraceEvent) => void) | undefined;
  limits: Limits;
  /** Shared by all connections of a server. */
  seats: Seats;
  metrics: Metrics | null;
}

/** Serves one upgraded socket: it has a session or is refused before anything is read from it. */
export function serveConnection(
  socket: WebSocket,
  request: IncomingMessage,
  { backends, log, trace, limits, seats, metrics, ...rules }: ConnectionOptions,
): void {
  socket.on('error', (error) => log.warn('the socket failed', { error }));
  const turnAway = (error: ClientError, closeCode: number) => {
    log.info('a client was refused', { code: error.code });
    metrics?.refused(error.code);
    socket.send(JSON.stringify({ event_id: newId('event'), type: 'error', error: toWireError(error, null) }));
    socket.close(closeCode, `invalid_request_error.${error.code}`);
  };
  const admission = admit(knock(request), rules);
  if (!admission.ok) {
    turnAway(admission.error, admission.closeCode);
    return;
  }
  const leave = seats.take();
  if (leave === null) {
    turnAway(noSeat(limits.maxSessions), SOCKET_CLOSE.tryAgainLater);
    return;
  }
  const stopPinging = keepAlive(socket);
  const link = new ClientLink(socket, {
    kind: admission.kind,
    limits,
    metrics,
    onEnd: () => session?.close(),
  });
  let session: Session | null = null;
  const end = () => {
    stopPinging();
    link.close();
    session?.close();
    leave();
  };
  socket.once('close', (code) => {
    end();
    log.info('session closed', { sessionId: session?.id, code });
  });
  try {
    const { kind, model, initial, dialect } = admission;
    const wire = interpret(dialectOf(admission), link.send);
    const opened = new Session({
      kind,
      model,
      initial,
      backends,
      log,
      limits,
      trace: (event) => {
        trace?.(event);
        link.meter?.trace(event);
      },
      observe: (event) => link.meter?.event(event),
      room: link.room,
      rateState: link.rateState,
      send: wire.send,
    });
    session = opened;
    log.info('session opened', { sessionId: opened.id, kind, dialect: dialect.name });
    socket.on('message', (data: Buffer, isBinary) => {
      if (link.takes(data)) wire.receive(opened, data, isBinary);
    });
    if (socket.readyState !== socket.OPEN) opened.close();
  } catch (cause) {
    log.error('opening a session failed', { error: toError(cause) });
    socket.close(1011, 'server_error');
  }
}

function noSeat(max: number): ClientError {
  const message = `This server serves ${max} sessions at once, and all are taken. Try again later.`;
  return new ClientError('session_limit_exceeded', message);
}

function dialectOf({ kind, dialect }: Admitted): Dialect | null {
  switch (dialect.name) {
    case 'ga':
      return null;
    case 'beta':
      return createBetaDialect({ kind, temperature: dialect.temperature, newId });
    default:
      return dialect satisfies never;
  }
}

function knock({ url = '/', headers }: IncomingMessage): Knock {
  const at = url.indexOf('?');
  return at < 0
    ? { path: url, query: new URLSearchParams(), headers }
    : { path: url.slice(0, at), query: new URLSearchParams(url.slice(at + 1)), headers };
}
