import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Logger } from '../shared/log';
import { REALTIME_PATH } from '../shared/realtime';
import type { Backends } from './backends';
import { serveConnection } from './connection';
import { ClientSecrets } from './http/client-secrets';
import { isLoopback, selectProtocol } from './http/gate';
import {
  type Certificate,
  closeListener,
  createListener,
  type ListenerOptions,
  listen,
  portOf,
  replaceCertificate,
} from './http/listener';
import { createRoutes } from './http/routes';
import { type Limits, resolveLimits, Seats } from './limits';
import type { Metrics } from './metrics';
import type { TraceEvent } from './trace';

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
  const seats = new Seats(limits.maxSessions);
  const metrics = options.metrics ? await createMetrics(version) : null;
  const sockets = new WebSocketServer({
    noServer: true,
    // Sound does not compress, and trying costs time on every frame.
    perMessageDeflate: false,
    maxPayload: limits.maxFrameBytes,
    handleProtocols: selectProtocol,
  });
  const rules = { token, secrets: new ClientSecrets(), betaDialect };
  const routes = createRoutes({
    host,
    allowedOrigins,
    rules,
    log,
    metrics,
    health: () => ({ status: 'ok', activeSessions: seats.taken, engines, version }),
    upgrade: (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const connection = { ...rules, backends, log, trace, limits, seats, metrics };
        serveConnection(webSocket, request, connection);
      }),
  });

  const maxConnections = limits.maxSessions * 2 + SPARE_CONNECTIONS;
  const { plain, secure } = await listenTwice(options, host, { ...routes, maxConnections }).catch(
    (cause: unknown) => {
      metrics?.close();
      throw cause;
    },
  );
  const listeners = secure === null ? [plain] : [plain, secure];
  return {
    url: urlOf('ws', host, portOf(plain)),
    port: portOf(plain),
    tls: secure === null ? null : wayInOver(secure, host),
    engines,
    async close() {
      await closeAll(listeners, sockets);
      metrics?.close();
    },
  };
}

/** The library is read only where its figures are wanted. */
async function createMetrics(version: string): Promise<Metrics> {
  const { Metrics } = await import('./metrics');
  return new Metrics(version);
}

/** Without and, if wanted, with TLS; both or none. */
async function listenTwice(
  { port, tls, log }: ServerOptions,
  host: string,
  shared: Omit<ListenerOptions, 'certificate'>,
): Promise<{ plain: Server; secure: Server | null }> {
  const secure = tls ? createListener({ ...shared, certificate: tls }) : null;
  const plain = createListener({ ...shared, certificate: null });
  await listen(plain, host, port, log);
  try {
    if (secure !== null) await listen(secure, host, tls?.port ?? 0, log);
  } catch (cause) {
    await closeListener(plain);
    throw cause;
  }
  return { plain, secure };
}

function wayInOver(secure: Server, host: string): SecureWayIn {
  return {
    url: urlOf('wss', host, portOf(secure)),
    port: portOf(secure),
    setCertificate: (certificate) => replaceCertificate(secure, certificate),
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
