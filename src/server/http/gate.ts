/** Who may come in. Pure: decides from the request's headers and address. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** True for names and addresses that only this computer can reach. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/u, '$1').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

/** Where a request came in, and who may. */
export interface Place {
  /** What the server was told to listen on. */
  host: string;
  port: number;
  /** Over TLS. */
  secure?: boolean;
  allowedOrigins: readonly string[];
}

/**
 * Why a request is turned away with 403, or null. A web page may reach loopback under a name it controls (DNS
 * rebinding), so on loopback the Host header must be literally one of our own; and a WebSocket is not bound by
 * the same-origin policy, so an Origin must be in `allowedOrigins`. Programs send no Origin.
 */
export function refuse(
  headers: IncomingHttpHeaders,
  { host, port, secure = false, allowedOrigins }: Place,
): string | null {
  if (isLoopback(host)) {
    const names = [...LOOPBACK_NAMES, host.toLowerCase()];
    // Clients leave out the port that their scheme implies.
    const implied = port === (secure ? 443 : 80);
    const allowed = names.flatMap((name) => [`${name}:${port}`, ...(implied ? [name] : [])]);
    if (!allowed.includes(headers.host?.toLowerCase() ?? '')) return 'This Host is not served here.';
  }
  const { origin } = headers;
  if (origin !== undefined && !allowedOrigins.includes(origin)) return 'This Origin is not allowed.';
  return null;
}

const KEY_PROTOCOL = 'openai-insecure-api-key.';
const BETA_PROTOCOL = 'openai-beta.realtime-v1';

/** The key a client sent: bearer token, `api-key` header or subprotocol; null when there is none. */
export function clientKey(headers: IncomingHttpHeaders): string | null {
  const bearer = /^Bearer\s+(\S+)\s*$/iu.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const apiKey = headers['api-key'];
  if (typeof apiKey === 'string') return apiKey;
  const protocol = subprotocols(headers).find((name) => name.startsWith(KEY_PROTOCOL));
  return protocol?.slice(KEY_PROTOCOL.length) ?? null;
}

/**
 * The subprotocol to answer with: a client that offers some expects one of them back. The one that carries the key is
 * never it; false answers with none.
 */
export function selectProtocol(offered: Set<string>): string | false {
  return ['realtime', BETA_PROTOCOL].find((name) => offered.has(name)) ?? false;
}

/** Compares in a time that does not depend on where the two differ. */
export function sameKey(given: string | null, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return given !== null && timingSafeEqual(digest(given), digest(expected));
}

/** The client asks for the older event dialect, by header or by subprotocol. */
export function asksForBeta(headers: IncomingHttpHeaders): boolean {
  return (
    /realtime=v1/u.test(String(headers['openai-beta'] ?? '')) || subprotocols(headers).includes(BETA_PROTOCOL)
  );
}

function subprotocols(headers: IncomingHttpHeaders): string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
}
