import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { type Logger, toError } from '../shared/log';
import { admit } from './admission';
import type { Backends } from './backends';
import { toWireError } from './errors';
import { newId } from './ids';
import { keepAlive } from './keep-alive';
import { Session } from './session';
import type { TraceEvent } from './trace';

export interface ConnectionOptions {
  token: string | null;
  backends: Backends;
  log: Logger;
  trace?: ((event: TraceEvent) => void) | undefined;
}

/** Serves one upgraded socket. Settles when it has a session or was refused; the socket may close at any time. */
export async function serveConnection(
  socket: WebSocket,
  request: IncomingMessage,
  { token, backends, log, trace }: ConnectionOptions,
): Promise<void> {
  socket.on('error', (error) => log.warn('the socket failed', { error }));
  const admission = admit(request.headers, queryOf(request), token);
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
    const session = await Session.open({
      ...admission,
      backends,
      log,
      trace,
      send: (text) => socket.send(text),
    });
    log.info('session opened', { sessionId: session.id, kind: admission.kind });
    socket.on('message', (data: Buffer, isBinary) => session.receive(data, isBinary));
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

function queryOf(request: IncomingMessage): URLSearchParams {
  const url = request.url ?? '';
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
}
