import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Logger } from '../shared/log';
import { REALTIME_PATH } from '../shared/realtime';
import type { Backends } from './backends';
import { ClientSecrets } from './client-secrets';
import { serveConnection } from './connection';
import { isLoopback, refuse, selectProtocol } from './gate';
import { type Limits, resolveLimits } from './limits';
import { type Certificate, closeListener, createListener, listen, replaceCertificate } from './listener';
import { corsHeaders, isRestPath, serveRest } from './rest';
import type { TraceEvent } from './trace';
import { notServed, socketPath } from './ways-in';

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
  /** Whether the older (beta) event dialect is spoken to clients that ask for it; true unless given. */
  betaDialect?: boolean;
  /** Told when the stages of each turn are reached, for developers who look for lost time. */
  trace?: (event: TraceEvent) => void;
  /** A second way in, over `wss:` and `https:`, on a port of its own (0, a free one, unless given). */
  tls?: Certificate & { port?: number };
  /** The defaults are in `limits.ts`. */
  limits?: Partial<Limits>;
  /** Whether `GET /metrics` tells figures for Prometheus; false unless given. */
  metrics?: boolean;
}

export type Stage = 'vad' | 'stt' | 'llm' | 'tts';

export interface RunningServer {
  /** `ws://host:port/v1/realtime` */
  url: string;
  port: number;
  /** The way in over TLS; null without one. */
  tls: SecureWayIn | null;
  engines: Record<Stage, string>;
  /** Ends every session. The backends stay open: whoever made them closes them. */
  close(): Promise<void>;
}

export interface SecureWayIn {
  /** `wss://host:port/v1/realtime` */
  url: string;
  port: number;
  /** New connections are shown this one; open ones go on as they are. Throws when it cannot be used. */
  setCertificate(certificate: Certificate): void;
}

/**
 * Starts the Realtime server. Rejects with a sentence for the user when the port is taken, or when the address can
 * be reached from other computers and no token protects it.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const {
    host = '127.0.0.1',
    token,
    backends,
    log,
    version,
    allowedOrigins = [],
    betaDialect = true,
    trace,
  } = options;
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
  const limits = resolveLimits(options.limits);
  const sockets = new WebSocketServer({
    noServer: true,
    // Sound does not compress, and trying costs time on every frame.
    perMessageDeflate: false,
    maxPayload: limits.maxFrameBytes,
    handleProtocols: selectProtocol,
  });
  const gateOf = ({ socket }: IncomingMessage) => ({ host, port: socket.localPort ?? 0, allowedOrigins });
  const rules = { token, secrets: new ClientSecrets(), betaDialect };
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const refusal = refuse(request.headers, gateOf(request));
    if (refusal !== null) return answer(response, 403, { error: refusal });
    for (const [name, value] of corsHeaders(request.headers)) response.setHeader(name, value);
    const path = pathOf(request);
    if (isRestPath(path)) return void serveRest(request, response, path, { ...rules, log });
    if (path !== '/health') return answer(response, 404, { error: 'Not found.' });
    if (request.method !== 'GET') return answer(response, 405, { error: 'Only GET is possible.' });
    return answer(response, 200, { status: 'ok', activeSessions: sockets.clients.size, engines, version });
  };
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', (error) => log.debug('the socket failed', { error }));
    const refusal = refuse(request.headers, gateOf(request));
    if (refusal !== null) return rejectUpgrade(socket, '403 Forbidden', refusal);
    const path = pathOf(request);
    const reason = notServed(path);
    if (reason !== null) return rejectUpgrade(socket, '501 Not Implemented', reason);
    if (socketPath(path) === null) return rejectUpgrade(socket, '404 Not Found', 'Not found.');
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      void serveConnection(webSocket, request, { ...rules, backends, log, trace });
    });
  };

  const shared = { maxConnections: limits.maxSessions * 2 + SPARE_CONNECTIONS, onRequest, onUpgrade };
  const plain = createListener({ ...shared, certificate: null });
  const secure = options.tls ? createListener({ ...shared, certificate: options.tls }) : null;
  const port = await listen(plain, host, options.port);
  const listeners = secure === null ? [plain] : [plain, secure];
  let tls: SecureWayIn | null = null;
  if (secure !== null) {
    try {
      const securePort = await listen(secure, host, options.tls?.port ?? 0);
      const setCertificate = (certificate: Certificate) => replaceCertificate(secure, certificate);
      tls = { url: urlOf('wss', host, securePort), port: securePort, setCertificate };
    } catch (cause) {
      await closeListener(plain);
      throw cause;
    }
  }
  return {
    url: urlOf('ws', host, port),
    port,
    tls,
    engines,
    close: () => closeAll(listeners, sockets),
  };
}

/** For requests and for clients that are turned away, beside the sessions. */
const SPARE_CONNECTIONS = 100;

function urlOf(scheme: 'ws' | 'wss', host: string, port: number): string {
  const shownHost = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return `${scheme}://${shownHost}:${port}${REALTIME_PATH}`;
}

/** Time for clients to answer the close before their sockets are cut. */
const CLOSE_GRACE_MS = 500;

async function closeAll(listeners: Server[], sockets: WebSocketServer): Promise<void> {
  const clients: WebSocket[] = [...sockets.clients];
  for (const client of clients) client.close(1001, 'server_shutdown');
  const cut = setTimeout(() => {
    for (const client of clients) client.terminate();
    for (const listener of listeners) listener.closeAllConnections();
  }, CLOSE_GRACE_MS);
  const closed = clients.map((client) => new Promise((resolve) => client.once('close', resolve)));
  await Promise.all([...listeners.map(closeListener), ...closed]);
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
