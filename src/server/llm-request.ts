import type { LlmRequest } from './backends';
import type { ResponseParams } from './client-event-schema';
import { type Entry, toLlmMessages } from './conversation';
import { type SessionConfig, toLlmTools } from './session-config';

/** What the LLM is asked after `entries`; what `params` does not say is as in the session. Pure. */
export function llmRequest(
  entries: readonly Entry[],
  params: ResponseParams,
  config: SessionConfig,
): LlmRequest {
  const toolChoice = params.tool_choice ?? config.toolChoice;
  const maxOutputTokens = params.max_output_tokens ?? config.maxOutputTokens;
  return {
    instructions: params.instructions ?? config.instructions,
    messages: toLlmMessages(entries),
    tools: toLlmTools(params.tools ?? config.tools),
    toolChoice: typeof toolChoice === 'string' ? toolChoice : { name: toolChoice.name },
    maxOutputTokens: maxOutputTokens === 'inf' ? null : maxOutputTokens,
  };
}
