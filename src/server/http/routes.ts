/** What the server's addresses answer, to requests and to upgrades, once it is sure who asks. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { type Logger, toError } from '../../shared/log';
import type { Metrics } from '../metrics';
import type { Rules } from './admission';
import { clientKey, type Place, refuse, sameKey } from './gate';
import { corsHeaders, isRestPath, serveRest } from './rest';
import { notServed, socketPath } from './ways-in';

export interface RoutesOptions {
  /** What the server was told to listen on. */
  host: string;
  allowedOrigins: readonly string[];
  rules: Rules;
  log: Logger;
  /** What `GET /health` tells; it needs no key. */
  health(): unknown;
  /** null: there is no `/metrics`. */
  metrics: Metrics | null;
  /** Takes a socket that may speak WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface Routes {
  onRequest(request: IncomingMessage, response: ServerResponse): void;
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export function createRoutes(options: RoutesOptions): Routes {
  const { host, allowedOrigins, rules, log } = options;
  const placeOf = ({ socket }: IncomingMessage): Place => ({
    host,
    port: socket.localPort ?? 0,
    secure: socket instanceof TLSSocket,
    allowedOrigins,
  });

  const tell = (request: IncomingMessage, response: ServerResponse, show: () => void) => {
    if (request.method === 'GET') show();
    else answer(response, 405, { error: 'Only GET is possible.' });
  };
  const showMetrics = (response: ServerResponse, metrics: Metrics) => {
    metrics.text().then(
      (figures) => response.writeHead(200, { 'content-type': metrics.contentType }).end(figures),
      (cause: unknown) => {
        log.error('the figures cannot be told', { error: toError(cause) });
        answer(response, 500, { error: 'The figures cannot be told.' });
      },
    );
  };

  return {
    onRequest(request, response) {
      const refusal = refuse(request.headers, placeOf(request));
      if (refusal !== null) return answer(response, 403, { error: refusal });
      for (const [name, value] of corsHeaders(request.headers)) response.setHeader(name, value);
      const path = pathOf(request);
      if (isRestPath(path)) return void serveRest(request, response, path, { ...rules, log });
      if (path === '/health') return tell(request, response, () => answer(response, 200, options.health()));
      if (path !== '/metrics' || options.metrics === null) {
        return answer(response, 404, { error: 'Not found.' });
      }
      if (rules.token !== null && !sameKey(clientKey(request.headers), rules.token)) {
        return answer(response, 401, { error: 'The figures are for those who have the token.' });
      }
      const { metrics } = options;
      return tell(request, response, () => showMetrics(response, metrics));
    },

    onUpgrade(request, socket, head) {
      socket.on('error', (error) => log.debug('the socket failed', { error }));
      const refusal = refuse(request.headers, placeOf(request));
      if (refusal !== null) return rejectUpgrade(socket, '403 Forbidden', refusal);
      const path = pathOf(request);
      const reason = notServed(path);
      if (reason !== null) return rejectUpgrade(socket, '501 Not Implemented', reason);
      if (socketPath(path) === null) return rejectUpgrade(socket, '404 Not Found', 'Not found.');
      options.upgrade(request, socket, head);
    },
  };
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
