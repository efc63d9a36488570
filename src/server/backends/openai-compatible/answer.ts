import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { LlmPart } from '../index';

/** What is read of a streamed chunk; servers leave out and add a lot. */
const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            tool_calls: z
              .array(
                z.object({
                  index: z.number().nullish(),
                  id: z.string().nullish(),
                  function: z
                    .object({ name: z.string().nullish(), arguments: z.string().nullish() })
                    .nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z
    .object({
      prompt_tokens: z.number().nullish(),
      completion_tokens: z.number().nullish(),
      prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
    })
    .nullish(),
  error: z.unknown().optional(),
});

interface OpenCall {
  key: string;
  callId: string;
  name: string;
  arguments: string;
  /** It was told. */
  started: boolean;
}

export type ChunkResult =
  | { type: 'parts'; parts: LlmPart[] }
  | { type: 'error'; detail: string }
  | { type: 'malformed' };

/** One streamed answer, chunk by chunk. That a tool call is whole, the next one or the end shows. */
export class ChatAnswer {
  /** The server said why it stopped, so the answer is whole. */
  finished = false;
  private call: OpenCall | null = null;

  /** Parts that the chunk in `data` (the JSON of one server-sent event) brings. */
  push(data: string): ChunkResult {
    const chunk = chunkSchema.safeParse(parseJson(data));
    if (!chunk.success) return { type: 'malformed' };
    const { error, choices, usage } = chunk.data;
    if (error !== undefined && error !== null) return { type: 'error', detail: errorText(error) };

    const parts: LlmPart[] = [];
    const choice = choices?.[0];
    if (choice?.delta?.content) parts.push({ type: 'text', text: choice.delta.content });
    for (const piece of choice?.delta?.tool_calls ?? []) {
      const key = String(piece.index ?? piece.id ?? this.call?.key ?? '');
      // Some servers count every call as number 0; then a new id tells them apart.
      const another = piece.id && this.call !== null && this.call.callId !== piece.id;
      if (this.call === null || this.call.key !== key || another) {
        parts.push(...this.endCall());
        this.call = {
          key,
          callId: piece.id || `call_${randomUUID()}`,
          name: '',
          arguments: '',
          started: false,
        };
      }
      this.call.name += piece.function?.name ?? '';
      parts.push(...this.writeCall(this.call, piece.function?.arguments ?? ''));
    }
    if (choice?.finish_reason) {
      this.finished = true;
      parts.push(...this.endCall(), ...stopped(choice.finish_reason));
    }
    if (usage) {
      const cached = usage.prompt_tokens_details?.cached_tokens;
      parts.push({
        type: 'usage',
        inputTokens: usage.prompt_tokens ?? 0,
        outputTokens: usage.completion_tokens ?? 0,
        ...(cached ? { cachedTokens: cached } : {}),
      });
    }
    return { type: 'parts', parts };
  }

  private writeCall(call: OpenCall, delta: string): LlmPart[] {
    call.arguments += delta;
    if (delta === '' || call.name === '') return [];
    // Arguments that came before the name go out with the first ones after it.
    const told = call.started ? delta : call.arguments;
    return [...startCall(call), { type: 'tool-call-delta', callId: call.callId, delta: told }];
  }

  /** A call that was still open when the stream ended as it should. */
  endCall(): LlmPart[] {
    const { call } = this;
    this.call = null;
    // What has no name, nobody can call.
    if (call === null || call.name === '') return [];
    return [
      ...startCall(call),
      { type: 'tool-call', callId: call.callId, name: call.name, arguments: call.arguments || '{}' },
    ];
  }
}

/** Some servers send the name in pieces too; it is whole when the arguments begin. */
function startCall(call: OpenCall): LlmPart[] {
  if (call.started) return [];
  call.started = true;
  return [{ type: 'tool-call-start', callId: call.callId, name: call.name }];
}

function stopped(finishReason: string): LlmPart[] {
  if (finishReason === 'length') return [{ type: 'stopped', reason: 'max_output_tokens' }];
  if (finishReason === 'content_filter') return [{ type: 'stopped', reason: 'content_filter' }];
  return [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The sentence in an error body of any of the common shapes; '' when there is none. */
export function errorText(error: unknown): string {
  if (typeof error === 'string') return error;
  if (typeof error !== 'object' || error === null) return '';
  const { message, error: inner } = error as { message?: unknown; error?: unknown };
  return typeof message === 'string' ? message : errorText(inner);
}
