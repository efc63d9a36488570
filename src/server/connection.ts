import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { type Logger, toError } from '../shared/log';
import { type Admitted, admit, type Knock, type Rules } from './admission';
import type { Backends } from './backends';
import { createBetaDialect } from './beta';
import { type Dialect, interpret } from './dialect';
import { toWireError } from './errors';
import { newId } from './ids';
import { keepAlive } from './keep-alive';
import { Session } from './session';
import type { TraceEvent } from './trace';

export interface ConnectionOptions extends Rules {
  backends: Backends;
  log: Logger;
  trace?: ((event: TraceEvent) => void) | undefined;
}

/** Serves one upgraded socket. Settles when it has a session or was refused; the socket may close at any time. */
export async function serveConnection(
  socket: WebSocket,
  request: IncomingMessage,
  { backends, log, trace, ...rules }: ConnectionOptions,
): Promise<void> {
  socket.on('error', (error) => log.warn('the socket failed', { error }));
  const admission = admit(knock(request), rules);
  if (!admission.ok) {
    const { error, closeCode } = admission;
    log.info('a client was refused', { code: error.code });
    socket.send(JSON.stringify({ event_id: newId('event'), type: 'error', error: toWireError(error, null) }));
    socket.close(closeCode, `invalid_request_error.${error.code}`);
    return;
  }
  // What the client sends at once must wait for the session.
  socket.pause();
  const stopPinging = keepAlive(socket);
  try {
    const { kind, model, initial, dialect } = admission;
    const wire = interpret(dialectOf(admission), (text) => socket.send(text));
    const session = await Session.open({ kind, model, initial, backends, log, trace, send: wire.send });
    log.info('session opened', { sessionId: session.id, kind, dialect: dialect.name });
    socket.on('message', (data: Buffer, isBinary) => wire.receive(session, data, isBinary));
    socket.once('close', (code) => {
      stopPinging();
      session.close();
      log.info('session closed', { sessionId: session.id, code });
    });
    if (socket.readyState !== socket.OPEN) {
      stopPinging();
      session.close();
    }
    socket.resume();
  } catch (cause) {
    stopPinging();
    log.error('opening a session failed', { error: toError(cause) });
    socket.resume();
    socket.close(1011, 'server_error');
  }
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
