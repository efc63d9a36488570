/**
 * What a client that got through the upgrade is given: a session, or one `error` and a close code. Like OpenAI,
 * these refusals are in-band. Pure.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { CLOSE } from '../shared/realtime';
import { ClientError } from './errors';
import { asksForBeta, clientKey, sameKey } from './gate';
import type { SessionConfig } from './session-config';

const DEFAULT_MODEL = 'parley-local';

export type Admission =
  | { ok: true; kind: SessionConfig['kind']; model: string }
  | { ok: false; error: ClientError; closeCode: number };

/** Any model is accepted: one set of engines serves all. */
export function admit(headers: IncomingHttpHeaders, query: URLSearchParams, token: string | null): Admission {
  if (token !== null && !sameKey(clientKey(headers), token)) {
    return refusal('invalid_api_key', 'Incorrect API key provided.', null, CLOSE.authentication);
  }
  if (asksForBeta(headers)) {
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
  const intent = query.get('intent');
  if (intent !== null && intent !== 'transcription' && intent !== 'realtime') {
    return refusal(
      'invalid_value',
      "The intent must be 'transcription' or absent.",
      'intent',
      CLOSE.invalidRequest,
    );
  }
  return {
    ok: true,
    kind: intent === 'transcription' ? 'transcription' : 'realtime',
    model: query.get('model') || DEFAULT_MODEL,
  };
}

function refusal(code: string, message: string, param: string | null, closeCode: number): Admission {
  return { ok: false, error: new ClientError(code, message, param), closeCode };
}
