import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Logger } from '../shared/log';
import { REALTIME_PATH } from '../shared/realtime';
import type { Backends } from './backends';
import { serveConnection } from './connection';
import { isLoopback, refuse } from './gate';
import type { TraceEvent } from './trace';

/** Room for the largest append (15 MiB is 20 MiB in base64) and for one that is too large to be answered, not cut off. */
const MAX_FRAME_BYTES = 32 * 1024 * 1024;

export interface ServerOptions {
  /** '127.0.0.1' unless given. Any other than a loopback address needs a token. */
  host?: string;
  /** 0 picks a free one. */
  port: number;
  /** The key clients must send; null lets every local program in. */
  token: string | null;
  backends: Backends;
  log: Logger;
  version: string;
  /** Names shown by `/health` instead of the engines' own. */
  engineNames?: Partial<Record<Stage, string>>;
  /** Origins of web pages that may connect; none unless given. */
  allowedOrigins?: string[];
  /** Told when the stages of each turn are reached, for developers who look for lost time. */
  trace?: (event: TraceEvent) => void;
}

export type Stage = 'vad' | 'stt' | 'llm' | 'tts';

export interface RunningServer {
  /** `ws://host:port/v1/realtime` */
  url: string;
  port: number;
  engines: Record<Stage, string>;
  /** Ends every session. The backends stay open: whoever made them closes them. */
  close(): Promise<void>;
}

/**
 * Starts the Realtime server. Rejects with a sentence for the user when the port is taken, or when the address can
 * be reached from other computers and no token protects it.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host = '127.0.0.1', token, backends, log, version, allowedOrigins = [], trace } = options;
  if (token === '') throw new Error('The token is empty. Give a key that clients must send, or none at all.');
  if (!isLoopback(host) && token === null) {
    throw new Error(
      `Listening on ${host} would let other computers in. Give a token (a key that clients must send), or listen on 127.0.0.1.`,
    );
  }
  const engines: Record<Stage, string> = {
    vad: backends.vad.name,
    stt: backends.stt.name,
    llm: backends.llm.name,
    tts: backends.tts.name,
    ...options.engineNames,
  };
  const sockets = new WebSocketServer({
    noServer: true,
    // Sound does not compress, and trying costs time on every frame.
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    // A client that offers subprotocols expects one back; the one that carries the key is never it.
    handleProtocols: (offered) => (offered.has('realtime') ? 'realtime' : false),
  });
  const http = createServer((request, response) => {
    const refusal = refuse(request.headers, { host, port, allowedOrigins });
    if (refusal !== null) return answer(response, 403, { error: refusal });
    if (pathOf(request) !== '/health') return answer(response, 404, { error: 'Not found.' });
    if (request.method !== 'GET') return answer(response, 405, { error: 'Only GET is possible.' });
    return answer(response, 200, { status: 'ok', activeSessions: sockets.clients.size, engines, version });
  });
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A delta must not wait for the acknowledgement of the one before; `ws` does the same, as long as it likes.
    if (socket instanceof Socket) socket.setNoDelay(true);
    socket.on('error', (error) => log.debug('the socket failed', { error }));
    const refusal = refuse(request.headers, { host, port, allowedOrigins });
    if (refusal !== null) return rejectUpgrade(socket, '403 Forbidden', refusal);
    if (pathOf(request) !== REALTIME_PATH) return rejectUpgrade(socket, '404 Not Found', 'Not found.');
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      void serveConnection(webSocket, request, { token, backends, log, trace });
    });
  });

  const port = await listen(http, host, options.port);
  const shownHost = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return {
    url: `ws://${shownHost}:${port}${REALTIME_PATH}`,
    port,
    engines,
    close: () => closeAll(http, sockets),
  };
}

function listen(http: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    http.listen(port, host.replace(/^\[(.*)\]$/u, '$1'), () => resolve((http.address() as AddressInfo).port));
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new Error(`Port ${port} on ${host} is in use by another program. Choose another port.`, {
        cause: error,
      });
    case 'EACCES':
      return new Error(`This user may not listen on port ${port}. Choose a port above 1023.`, {
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(`This computer has no address ${host} to listen on.`, { cause: error });
    default:
      return new Error(`Listening on ${host}, port ${port} failed: ${error.message}`, { cause: error });
  }
}

/** Time for clients to answer the close before their sockets are cut. */
const CLOSE_GRACE_MS = 500;

async function closeAll(http: Server, sockets: WebSocketServer): Promise<void> {
  const clients: WebSocket[] = [...sockets.clients];
  for (const client of clients) client.close(1001, 'server_shutdown');
  const cut = setTimeout(() => {
    for (const client of clients) client.terminate();
  }, CLOSE_GRACE_MS);
  const closed = clients.map((client) => new Promise((resolve) => client.once('close', resolve)));
  await new Promise<void>((resolve) => {
    http.close(() => resolve());
    http.closeIdleConnections();
  });
  await Promise.all(closed);
  clearTimeout(cut);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

function rejectUpgrade(socket: Duplex, status: string, message: string): void {
  const body = `${JSON.stringify({ error: message })}\n`;
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Never throws: `new URL` does for paths such as `//`. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}
