/** One address to listen on, with or without TLS. Slow and silent peers hold it for seconds, not for ever. */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createHttpsServer, Server as HttpsServer } from 'node:https';
import { type AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContextOptions } from 'node:tls';
import type { Logger } from '../../shared/log';

/** A certificate with its chain, and its key, both PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

export interface ListenerOptions {
  /** null for plain HTTP. */
  certificate: Certificate | null;
  /** Sockets at once, upgraded ones too; more are cut before they say a word. */
  maxConnections: number;
  /** Those below unless given. */
  timeouts?: typeof TIMEOUTS;
  onRequest: RequestListener;
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** A request's head must be there in 10 s and its body in 30 s; the clock starts when the peer connects. */
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
};

/** TLS must be agreed upon in 10 s. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Does not listen yet. Throws what OpenSSL says of a certificate that cannot be used. */
export function createListener({
  certificate,
  timeouts = TIMEOUTS,
  ...options
}: ListenerOptions): Server | HttpsServer {
  const server =
    certificate === null
      ? createHttpServer(timeouts, options.onRequest)
      : createHttpsServer(
          { ...timeouts, ...contextOf(certificate), handshakeTimeout: HANDSHAKE_TIMEOUT_MS },
          options.onRequest,
        );
  if (Number.isFinite(options.maxConnections)) server.maxConnections = options.maxConnections;
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A delta must not wait for the acknowledgement of the one before; `ws` does the same, as long as it likes.
    if (socket instanceof Socket) socket.setNoDelay(true);
    options.onUpgrade(request, socket, head);
  });
  return server;
}

function contextOf({ cert, key }: Certificate): SecureContextOptions {
  return { cert, key, minVersion: 'TLSv1.2' };
}

/** From now on new connections are shown this certificate. */
export function replaceCertificate(server: Server, certificate: Certificate): void {
  if (server instanceof HttpsServer) server.setSecureContext(contextOf(certificate));
}

/** The port of a server that listens. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Rejects with a sentence for the user. */
export function listen(server: Server, host: string, port: number, log: Logger): Promise<void> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => reject(listenError(error, host, port));
    server.once('error', refused);
    server.listen(port, host.replace(/^\[(.*)\]$/u, '$1'), () => {
      server.removeListener('error', refused);
      // Where files run out, say: those who are connected are served on.
      server.on('error', (error) => log.warn('a connection was not accepted', { error }));
      resolve();
    });
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

/** Settles when nobody is connected any more. */
export function closeListener(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
