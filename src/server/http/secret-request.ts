/** The bodies of the calls that make short-lived keys, GA and older, and what is answered. Pure. */
import { z } from 'zod';
import { toGaSession } from '../beta/client';
import { type Fields, fieldsOf, renamePaths, toFlatPath } from '../beta/fields';
import { DEFAULT_TEMPERATURE, toBetaSession } from '../beta/server';
import { patchConfig } from '../session-patch';
import { ClientError } from '../wire/errors';
import { newId } from '../wire/ids';
import { describe } from '../wire/parse-client-event';
import { defaultConfig } from '../wire/session-config';
import { type SessionPatch, sessionPatchSchema } from '../wire/session-schema';
import { toWireSession } from '../wire/wire-session';
import { DEFAULT_MODEL } from './admission';
import { type Binding, type IssuedSecret, LIFETIME } from './client-secrets';
import type { SecretsCall } from './ways-in';

export interface SecretRequest {
  binding: Binding;
  /** How long the key is to live. */
  seconds: number;
  /** What is answered when `secret` was made. */
  answer(secret: IssuedSecret): unknown;
}

const lifetimeSchema = z
  .strictObject({
    anchor: z.literal('created_at').optional(),
    seconds: z.number().int().min(LIFETIME.min).max(LIFETIME.max).optional(),
  })
  .optional();

const requestSchema = z.strictObject({
  expires_after: lifetimeSchema,
  session: sessionPatchSchema.optional(),
});

const legacySchema = z.looseObject({
  client_secret: z.strictObject({ expires_after: lifetimeSchema, expires_at: lifetimeSchema }).nullish(),
});

/** Checks a body. Throws a ClientError, whose `param` is a path in the body. */
export function readSecretRequest(call: SecretsCall, body: unknown): SecretRequest {
  if (fieldsOf(body) === null) throw new ClientError('invalid_type', 'The body must be a JSON object.');
  switch (call) {
    case 'client_secrets':
      return readRequest(body);
    case 'sessions':
      return readLegacyRequest(body, 'realtime');
    case 'transcription_sessions':
      return readLegacyRequest(body, 'transcription');
    default:
      return call satisfies never;
  }
}

function readRequest(body: unknown): SecretRequest {
  const { expires_after, session = null } = check(requestSchema, body);
  const wire = toWireSession(begun(session ?? { type: 'realtime' }));
  return {
    binding: { session, temperature: null },
    seconds: expires_after?.seconds ?? LIFETIME.default,
    answer: ({ value, expiresAt }) => ({ value, expires_at: expiresAt, session: wire }),
  };
}

function readLegacyRequest(body: unknown, kind: 'realtime' | 'transcription'): SecretRequest {
  const { client_secret } = check(legacySchema, body);
  const flat = inWords(withoutPrefix, () => toGaSession(body, kind));
  const { temperature } = flat;
  const { session, wire } = inWords(
    (path) => withoutPrefix(toFlatPath(path)),
    () => {
      const checked = check(z.object({ session: sessionPatchSchema }), { session: flat.session });
      return { ...checked, wire: toWireSession(begun(checked.session)) };
    },
  );
  return {
    binding: { session, temperature: temperature ?? null },
    seconds:
      client_secret?.expires_after?.seconds ?? client_secret?.expires_at?.seconds ?? LIFETIME.legacyDefault,
    answer: ({ value, expiresAt }): Fields => ({
      ...toBetaSession(wire, temperature ?? DEFAULT_TEMPERATURE),
      client_secret: { value, expires_at: expiresAt },
    }),
  };
}

/** The configuration that a session of this key begins with. It has not begun: it has no end yet either. */
function begun(patch: SessionPatch) {
  const model = patch.type === 'realtime' ? patch.model : undefined;
  const config = defaultConfig(patch.type, newId('sess'), model ?? DEFAULT_MODEL, 0);
  return patchConfig(config, patch, false);
}

function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw describe(result.error, value);
}

/** In the older calls the body is the flat session itself. */
function withoutPrefix(path: string): string {
  return path.replace(/^session\./u, '');
}

/** What `action` gives; a ClientError names the paths that `rename` makes of its own. */
function inWords<T>(rename: (path: string) => string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    if (!(cause instanceof ClientError)) throw cause;
    const param = cause.param === null ? null : rename(cause.param);
    throw new ClientError(cause.code, renamePaths(cause.message, rename), param);
  }
}
