/** The response object on the wire (REALTIME: response object). Pure. */
import type { Item, RealtimeResponse } from '../../shared/realtime';
import { toWireFormat, type WireFormat } from '../wire/wire-audio';
import { type InputTokens, type OutputTokens, toWireUsage } from './usage';

/** How a response ends. */
export type Outcome =
  | { status: 'completed' }
  | { status: 'cancelled'; reason: 'turn_detected' | 'client_cancelled' }
  | { status: 'incomplete'; reason: 'max_output_tokens' | 'content_filter' }
  | { status: 'failed'; error: { type: string; code: string; message: string } };

export interface ResponseFacts {
  id: string;
  /** null when the response is out of band: its items join no conversation. */
  conversationId: string | null;
  modality: 'audio' | 'text';
  format: WireFormat;
  voice: string;
  /** Counts text, calls and sound, as `usage` does. */
  maxOutputTokens: number | 'inf';
  /** How many tools may be called; what the LLM calls beyond that is left out. */
  maxCalls: number;
  metadata: Record<string, string> | null;
}

/** `outcome` is null while the response is in progress. */
export function toWireResponse(
  facts: ResponseFacts,
  output: readonly Item[],
  outcome: Outcome | null,
  usage: { input: InputTokens; output: OutputTokens },
): RealtimeResponse {
  const wire = {
    object: 'realtime.response',
    id: facts.id,
    status: outcome?.status ?? 'in_progress',
    status_details: statusDetails(outcome),
    output: [...output],
    conversation_id: facts.conversationId,
    output_modalities: [facts.modality],
    max_output_tokens: facts.maxOutputTokens,
    audio: { output: { format: toWireFormat(facts.format), voice: facts.voice } },
    metadata: facts.metadata,
    usage: outcome === null ? null : toWireUsage(usage.input, usage.output),
  };
  // The wire has null where the published type has only "absent".
  return wire as unknown as RealtimeResponse;
}

function statusDetails(outcome: Outcome | null) {
  if (outcome === null || outcome.status === 'completed') return null;
  const { status: type } = outcome;
  return outcome.status === 'failed' ? { type, error: outcome.error } : { type, reason: outcome.reason };
}
