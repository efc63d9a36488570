/** The response object on the wire (REALTIME: response object). Pure. */
import type { Item, RealtimeResponse } from '../shared/realtime';

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
  voice: string;
  maxOutputTokens: number | 'inf';
  metadata: Record<string, string> | null;
}

/** What the LLM counted. */
export interface TokenUsage {
  input: number;
  output: number;
}

/** `outcome` is null while the response is in progress. */
export function toWireResponse(
  facts: ResponseFacts,
  output: readonly Item[],
  outcome: Outcome | null,
  usage: TokenUsage | null,
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
    audio: { output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: facts.voice } },
    metadata: facts.metadata,
    usage: outcome === null || usage === null ? null : wireUsage(usage),
  };
  // The wire has null where the published type has only "absent".
  return wire as unknown as RealtimeResponse;
}

function statusDetails(outcome: Outcome | null) {
  if (outcome === null || outcome.status === 'completed') return null;
  const { status: type } = outcome;
  return outcome.status === 'failed' ? { type, error: outcome.error } : { type, reason: outcome.reason };
}

/** The LLM reads and writes text only. */
function wireUsage({ input, output }: TokenUsage) {
  const none = { audio_tokens: 0, image_tokens: 0 };
  return {
    total_tokens: input + output,
    input_tokens: input,
    output_tokens: output,
    input_token_details: {
      text_tokens: input,
      ...none,
      cached_tokens: 0,
      cached_tokens_details: { text_tokens: 0, ...none },
    },
    output_token_details: { text_tokens: output, audio_tokens: 0 },
  };
}
