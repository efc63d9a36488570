/**
 * What a client that got through the upgrade is given: a session, or one `error` and a close code. Like OpenAI,
 * these refusals are in-band. Pure.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { CLOSE } from '../../shared/realtime';
import { ClientError } from '../wire/errors';
import type { SessionConfig } from '../wire/session-config';
import type { SessionPatch } from '../wire/session-schema';
import type { Binding, ClientSecrets } from './client-secrets';
import { asksForBeta, clientKey, sameKey } from './gate';
import { socketPath } from './ways-in';

export const DEFAULT_MODEL = 'parley-local';

export interface Knock {
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
}

export interface Rules {
  /** The key clients must send; null lets every local program in. */
  token: string | null;
  secrets: ClientSecrets;
  /** Whether the older dialect is spoken. */
  betaDialect: boolean;
}

export interface Admitted {
  ok: true;
  kind: SessionConfig['kind'];
  model: string;
  /** What the client's short-lived key was made for. */
  initial: SessionPatch | undefined;
  dialect: { name: 'ga' } | { name: 'beta'; temperature: number | undefined };
}

export type Admission = Admitted | { ok: false; error: ClientError; closeCode: number };

/** Any model is accepted: one set of engines serves all. */
export function admit({ path, query, headers }: Knock, { token, secrets, betaDialect }: Rules): Admission {
  const key = clientKey(headers) ?? queryKey(path, query);
  const binding = unlock(key, token, secrets);
  if (typeof binding === 'string') {
    return refusal('invalid_api_key', binding, null, CLOSE.authentication);
  }
  const beta = asksForBeta(headers) || socketPath(path)?.beta === true;
  if (beta && !betaDialect) {
    return refusal(
      'beta_api_shape_disabled',
      'The beta event dialect is not spoken here. Leave out the OpenAI-Beta header and use the GA events.',
      null,
      CLOSE.invalidRequest,
    );
  }
  if (query.has('call_id')) {
    return refusal(
      'invalid_value',
      'This server has no calls to attach to.',
      'call_id',
      CLOSE.invalidRequest,
    );
  }
  const kind = kindOf(query.get('intent'), binding.session);
  if (kind === null) {
    const message =
      binding.session === null
        ? "The intent must be 'transcription' or absent."
        : `The key was made for a ${binding.session.type} session.`;
    return refusal('invalid_value', message, 'intent', CLOSE.invalidRequest);
  }
  const bound = binding.session?.type === 'realtime' ? binding.session.model : undefined;
  return {
    ok: true,
    kind,
    model: bound || query.get('model') || query.get('deployment') || DEFAULT_MODEL,
    initial: binding.session ?? undefined,
    dialect: beta ? { name: 'beta', temperature: binding.temperature ?? undefined } : { name: 'ga' },
  };
}

const UNBOUND: Binding = { session: null, temperature: null };

/**
 * What the key is good for, or the sentence that refuses it. Without a token a key that was not made here is any
 * client's placeholder; one that has expired would start a session other than it was made for.
 */
function unlock(key: string | null, token: string | null, secrets: ClientSecrets): Binding | string {
  if (token !== null && sameKey(key, token)) return UNBOUND;
  const found = key === null ? 'unknown' : secrets.find(key);
  switch (found) {
    case 'unknown':
      return token === null ? UNBOUND : 'Incorrect API key provided.';
    case 'expired':
      return 'This client secret has expired.';
    default:
      return found;
  }
}

/** Azure lets pages, which cannot set headers, name the key in the address. */
function queryKey(path: string, query: URLSearchParams): string | null {
  return path.startsWith('/openai/') ? query.get('api-key') : null;
}

/** What is asked for, null when that cannot be or is not what the key was made for. */
function kindOf(intent: string | null, session: SessionPatch | null): SessionConfig['kind'] | null {
  if (intent === null) return session?.type ?? 'realtime';
  if (intent !== 'transcription' && intent !== 'realtime') return null;
  return session === null || session.type === intent ? intent : null;
}

function refusal(code: string, message: string, param: string | null, closeCode: number): Admission {
  return { ok: false, error: new ClientError(code, message, param), closeCode };
}
