import type { Problem } from '../shared/ipc';
import type { RealtimeErrorBody, RealtimeResponse } from '../shared/realtime';
import { withoutKeys } from './failure';

/** What an in-band `error` asks for, apart from those about responses, which the response gate takes. */
export type ErrorVerdict =
  /** A matter of timing, or about something the client knows better. */
  | { kind: 'benign' }
  /** A commit had nothing in it. */
  | { kind: 'empty-commit'; problem: Problem }
  | { kind: 'problem'; problem: Problem };

/** Event ids are the client's own, so their beginnings tell what was refused. */
export function judgeServerError(error: Partial<RealtimeErrorBody>): ErrorVerdict {
  const code = error.code ?? '';
  const detail = withoutKeys(error.message || code || 'no reason given', null);
  // What was heard is known here anyway: a refused truncate is no reason to stop talking, nor is a refused guard.
  if (/^(truncate|delete|guard)_/.test(error.event_id ?? '')) return { kind: 'benign' };
  if (/^item_(truncate|delete)_/.test(code)) return { kind: 'benign' };
  if (code === 'input_audio_buffer_commit_empty') {
    return { kind: 'empty-commit', problem: { code: 'not-heard', detail } };
  }
  return { kind: 'problem', problem: { code: 'server-error', detail } };
}

/** Why a response failed; null when it did not. */
export function responseProblem(response: RealtimeResponse): Problem | null {
  if (response.status !== 'failed') return null;
  const error = response.status_details?.error;
  const detail = withoutKeys(error?.message || error?.code || 'the response failed', null);
  return { code: error?.code === 'llm_failed' ? 'llm-unreachable' : 'server-error', detail };
}
