import type { RealtimeErrorBody } from '../../shared/realtime';
import { EngineError, LlmError } from '../backends';

/**
 * A request that cannot be served, in the protocol's words. Thrown while a client event is handled and answered
 * with an `error` event; the session lives on.
 */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  /** `param` is the dotted path of the offending field, null when no field is at fault. */
  constructor(
    readonly code: string,
    message: string,
    readonly param: string | null = null,
  ) {
    super(message);
  }
}

/** The `error` object on the wire; `eventId` is the client event that failed. */
export function toWireError(error: ClientError, eventId: string | null): RealtimeErrorBody {
  return {
    type: 'invalid_request_error',
    code: error.code,
    message: error.message,
    param: error.param,
    event_id: eventId,
  };
}

/** A fault on this side: an engine that failed, or a bug. */
export function toServerError(code: string, message: string, eventId: string | null): RealtimeErrorBody {
  return { type: 'server_error', code, message, param: null, event_id: eventId };
}

/**
 * A failure of a response as the user may read it. The message of an unexpected error is for the log only: it may
 * repeat what was said.
 */
export function describeFailure(error: Error): { type: string; code: string; message: string } {
  if (error instanceof EngineError)
    return { type: 'server_error', code: `${error.stage}_failed`, message: error.message };
  // What was asked for turned out to be impossible only after the response had begun.
  if (error instanceof ClientError)
    return { type: 'invalid_request_error', code: error.code, message: error.message };
  if (error instanceof LlmError) return { type: 'server_error', code: 'llm_failed', message: error.message };
  return { type: 'server_error', code: 'server_error', message: 'The server failed to answer.' };
}
