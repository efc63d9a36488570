import type { LlmRequest } from './backends';
import type { ResponseParams } from './client-event-schema';
import { type Entry, toLlmMessages } from './conversation';
import { type SessionConfig, toLlmTools } from './session-config';
import type { ServerTools } from './tool-kinds';

/**
 * What the LLM is asked after `entries`; what `params` does not say is as in the session. `serverTools` are offered
 * beside the functions.
 */
export function llmRequest(
  entries: readonly Entry[],
  params: ResponseParams,
  config: SessionConfig,
  serverTools: ServerTools | null,
): LlmRequest {
  const tools = params.tools ?? config.tools;
  const toolChoice = params.tool_choice ?? config.toolChoice;
  const maxOutputTokens = params.max_output_tokens ?? config.maxOutputTokens;
  return {
    instructions: params.instructions ?? config.instructions,
    messages: toLlmMessages(entries),
    tools: [...toLlmTools(tools), ...(serverTools?.offered(tools) ?? [])],
    toolChoice:
      typeof toolChoice === 'string'
        ? toolChoice
        : toolChoice.name == null
          ? 'required'
          : { name: toolChoice.name },
    parallelToolCalls: params.parallel_tool_calls ?? config.parallelToolCalls,
    maxOutputTokens: maxOutputTokens === 'inf' ? null : maxOutputTokens,
  };
}
