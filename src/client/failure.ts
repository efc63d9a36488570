/** Why a connection failed, in the words of the app, from what the network and the protocol tell. */
import type { Problem, ProblemCode } from '../shared/ipc';
import { CLOSE, type RealtimeErrorBody } from '../shared/realtime';

export interface Failure {
  problem: Problem;
  /** Another attempt can succeed without the user changing anything. */
  retry: boolean;
}

/** Problems that only the user can solve: trying again without a change gives the same answer. */
const FINAL: ReadonlySet<ProblemCode> = new Set([
  'key-missing',
  'key-rejected',
  'key-not-storable',
  'model-rejected',
  'url-invalid',
  'engine-missing',
  'local-server-failed',
  'settings-invalid',
]);

export function failure(code: ProblemCode, detail: string, retry = !FINAL.has(code)): Failure {
  return { problem: { code, detail }, retry };
}

const KEY_ERRORS = ['invalid_api_key', 'invalid_authentication', 'authentication_error'];
const MODEL_ERRORS = ['missing_model', 'invalid_model', 'model_not_found'];

/** What an in-band `error` says about the connection as a whole; null when the session lives on. */
export function failureFromError(error: Partial<RealtimeErrorBody>): Failure | null {
  const code = error.code ?? '';
  const detail = error.message || code;
  if (KEY_ERRORS.includes(code)) return failure('key-rejected', detail);
  if (MODEL_ERRORS.includes(code)) return failure('model-rejected', detail);
  if (code === 'session_expired') return failure('session-expired', detail);
  return null;
}

const RECONNECT_CLOSES = [1001, 1006, 1011, 1012, 1013];

/**
 * What a close frame (or its absence, 1006) means. `wasUp` tells that a session was running; `lastError` is the last
 * in-band error, which carries the reason where the close code is general.
 */
export function failureFromClose(
  code: number,
  reason: string,
  wasUp: boolean,
  lastError: Partial<RealtimeErrorBody> | null,
): Failure {
  const fromError = lastError && failureFromError(lastError);
  if (fromError) return fromError;
  const why = lastError?.message || reason;
  const detail = why === '' ? `closed with ${code}` : `closed with ${code}: ${why}`;
  switch (code) {
    case CLOSE.authentication:
      return failure('key-rejected', detail);
    case CLOSE.notFound:
      return failure('model-rejected', detail);
    case CLOSE.invalidRequest:
      // The code also ends requests that are wrong in other ways; an error that names no model says so.
      return lastError?.code && !/model/.test(lastError.code)
        ? failure('server-refused', detail, false)
        : failure('model-rejected', detail);
    case 1001:
      if (/maximum duration|expired/i.test(reason)) return failure('session-expired', detail);
      break;
  }
  return failure(wasUp ? 'server-lost' : 'server-refused', detail, RECONNECT_CLOSES.includes(code));
}

/** What an HTTP answer other than 101 means. */
export function failureFromStatus(status: number): Failure {
  const detail = `HTTP ${status}`;
  if (status === 401 || status === 403) return failure('key-rejected', detail);
  return failure('server-refused', detail, status === 408 || status === 429 || status >= 500);
}

/** What an error of the socket before or after the upgrade means. Its message names hosts and ports only. */
export function failureFromSocket(error: Error): Failure {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ERR_INVALID_CHAR')
    return failure('key-rejected', 'the key holds a character that no key has');
  const name = /^[A-Z][A-Z0-9_]+$/.test(code) ? code : error.name;
  // One message for a host that answers on several addresses.
  const first = error instanceof AggregateError ? (error.errors[0] as Error | undefined) : error;
  return failure('server-unreachable', first?.message ? `${name}: ${first.message}` : name);
}

/** `text` without `key` and without anything that looks like one. */
export function withoutKeys(text: string, key: string | null): string {
  const bare = key && key.length >= 4 ? text.split(key).join('[key]') : text;
  return bare.replace(/\b(?:sk|ek|pk)[-_][\w*.-]{4,}/g, '[key]').slice(0, 500);
}
