/** The protocol's calls over plain HTTP: short-lived keys, and clear words for what is not served. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { type Logger, toError } from '../../shared/log';
import { ClientError } from '../wire/errors';
import type { ClientSecrets } from './client-secrets';
import { clientKey, sameKey } from './gate';
import { readSecretRequest } from './secret-request';
import { notServed, type SecretsCall, secretsCall, socketPath } from './ways-in';

export interface RestOptions {
  /** What clients must send; null lets every local program in. */
  token: string | null;
  secrets: ClientSecrets;
  /** Whether the older dialect is spoken, its calls included. */
  betaDialect: boolean;
}

export interface RestRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface RestReply {
  status: number;
  body: unknown;
}

/** Instructions and tools may be long; nothing longer is an honest session. */
const MAX_BODY_BYTES = 1024 * 1024;

/** A path that `handleRest` answers. */
export function isRestPath(path: string): boolean {
  return secretsCall(path) !== null || socketPath(path) !== null || notServed(path) !== null;
}

/** Answers one call; errors are data, in OpenAI's shape. */
function handleRest(request: RestRequest, options: RestOptions): RestReply {
  const { method, path } = request;
  const call = secretsCall(path);
  if (call !== null) {
    return method === 'POST'
      ? makeSecret(call, request, options)
      : failure(405, 'method_not_allowed', 'Only POST is possible.');
  }
  const reason = notServed(path);
  if (reason !== null) return failure(501, 'not_implemented', reason);
  return method === 'POST'
    ? failure(501, 'not_implemented', 'WebRTC is not served here; connect by WebSocket.')
    : failure(426, 'upgrade_required', 'This is the address of a WebSocket.');
}

function makeSecret(call: SecretsCall, request: RestRequest, options: RestOptions): RestReply {
  const refusal = keyRefusal(clientKey(request.headers), options);
  if (refusal !== null) return refusal;
  if (call !== 'client_secrets' && !options.betaDialect) {
    return failure(400, 'beta_api_shape_disabled', 'The beta calls are not served here. Use client_secrets.');
  }
  try {
    const { binding, seconds, answer } = readSecretRequest(call, parseBody(request.body));
    const secret = options.secrets.issue(binding, seconds);
    if (secret !== null) return { status: 200, body: answer(secret) };
    return failure(429, 'rate_limit_exceeded', 'There are too many live keys. Wait until some expire.');
  } catch (cause) {
    if (!(cause instanceof ClientError)) throw cause;
    return failure(400, cause.code, cause.message, cause.param);
  }
}

/** A short-lived key is for sessions: whoever holds one cannot make it last. */
function keyRefusal(key: string | null, { token, secrets }: RestOptions): RestReply | null {
  if (token !== null && sameKey(key, token)) return null;
  if (key !== null && secrets.find(key) !== 'unknown') {
    return failure(401, 'invalid_api_key', 'A client secret cannot make another one.');
  }
  return token === null ? null : failure(401, 'invalid_api_key', 'Incorrect API key provided.');
}

function parseBody(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new ClientError('invalid_json', 'The body is not valid JSON.');
  }
}

/** An error as OpenAI's REST calls answer it. */
export function failure(
  status: number,
  code: string,
  message: string,
  param: string | null = null,
): RestReply {
  const type = status >= 500 && status !== 501 ? 'server_error' : 'invalid_request_error';
  return { status, body: { error: { message, type, param, code } } };
}

/**
 * What a browser must read before its page may read the answer; the `Origin` has been checked against the list
 * already (see `refuse`). Keys are never for every page, so it is named and not `*`.
 */
export function corsHeaders({ origin }: IncomingHttpHeaders): Array<[string, string]> {
  if (origin === undefined) return [];
  return [
    ['access-control-allow-origin', origin],
    ['vary', 'Origin'],
  ];
}

/** Reads the request of a path that `isRestPath` accepts, and answers it. Never rejects. */
export async function serveRest(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  options: RestOptions & { log: Logger },
): Promise<void> {
  const { method = 'GET', headers } = request;
  if (method === 'OPTIONS') {
    response.writeHead(204, preflightHeaders(headers)).end();
    return;
  }
  let reply: RestReply;
  try {
    const body = await readBody(request);
    reply =
      body === null
        ? failure(413, 'request_too_large', 'The body is too large.')
        : handleRest({ method, path, headers, body }, options);
  } catch (cause) {
    if (request.destroyed && !request.complete) return;
    options.log.error('a call failed', { error: toError(cause) });
    reply = failure(500, 'server_error', 'The server failed to handle this call.');
  }
  const headersOut = {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    // What is left of a body that is too large is not waited for.
    ...(reply.status === 413 ? { connection: 'close' } : {}),
    ...(reply.status === 405 ? { allow: 'POST, OPTIONS' } : {}),
    ...(reply.status === 426 ? { upgrade: 'websocket', connection: 'upgrade' } : {}),
  };
  response.writeHead(reply.status, headersOut).end(`${JSON.stringify(reply.body)}\n`);
}

/** The SDKs send headers of their own, so those that are asked for are allowed. */
function preflightHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const asked = headers['access-control-request-headers'];
  return {
    'access-control-allow-methods': 'POST, OPTIONS',
    'access-control-allow-headers': asked ?? 'authorization, content-type, api-key',
    'access-control-max-age': '600',
  };
}

/** The body as text; null when it is too large. Rejects when the client goes away. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return null;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // It is read on and not kept: to stop would close the socket before the answer is out.
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes > MAX_BODY_BYTES ? null : Buffer.concat(chunks).toString('utf8');
}
