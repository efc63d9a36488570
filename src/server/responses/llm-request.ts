import type { LlmRequest } from '../backends';
import type { Entry } from '../conversation/conversation';
import type { ResponseParams } from '../wire/client-event-schema';
import { ClientError } from '../wire/errors';
import { type SessionConfig, toLlmTools } from '../wire/session-config';
import type { ToolChoice } from '../wire/tool-schema';
import { toLlmMessages } from './llm-messages';
import type { ToolSet } from './tool-kinds';

/** The tools that the LLM may call in one response, and whether it must. */
export type ToolOffer = Pick<LlmRequest, 'tools' | 'toolChoice' | 'parallelToolCalls'>;

/**
 * What is offered in a response; what `params` does not say is as in the session. `serverTools` are offered beside the
 * functions. Throws a ClientError when a tool must be called that is not offered.
 */
export function offerTools(params: ResponseParams, config: SessionConfig, serverTools: ToolSet): ToolOffer {
  const named = params.tools ?? config.tools;
  const tools = [...toLlmTools(named), ...serverTools.offered];
  const choice = params.tool_choice ?? config.toolChoice;
  const parallelToolCalls = params.parallel_tool_calls ?? config.parallelToolCalls;
  if (typeof choice === 'string') return { tools, toolChoice: choice, parallelToolCalls };
  const chosen =
    choice.type === 'function'
      ? tools.filter(({ name }) => name === choice.name)
      : serverTools.named(choice.server_label, choice.name ?? null);
  const [only] = chosen;
  if (only === undefined) {
    const owner = params.tool_choice === undefined ? 'session' : 'response';
    throw new ClientError('invalid_value', `There is no ${describe(choice)}.`, `${owner}.tool_choice`);
  }
  // A server without a tool's name: any of its tools, and no other.
  return choice.type === 'mcp' && choice.name == null
    ? { tools: chosen, toolChoice: 'required', parallelToolCalls }
    : { tools, toolChoice: { name: only.name }, parallelToolCalls };
}

function describe(choice: Exclude<ToolChoice, string>): string {
  if (choice.type === 'function') return `function '${choice.name}' among the tools`;
  return choice.name == null
    ? `MCP server '${choice.server_label}' with tools`
    : `tool '${choice.name}' of an MCP server '${choice.server_label}'`;
}

/** How many tools may be called in one response. */
export function callsAllowed(params: ResponseParams, config: SessionConfig): number {
  if ((params.tool_choice ?? config.toolChoice) === 'none') return 0;
  const parallel = params.parallel_tool_calls ?? config.parallelToolCalls;
  return parallel === false ? 1 : Number.POSITIVE_INFINITY;
}

/** What the LLM is asked after `entries`; what `params` does not say is as in the session. Pure. */
export function llmRequest(
  entries: readonly Entry[],
  params: ResponseParams,
  config: SessionConfig,
  offer: ToolOffer,
): LlmRequest {
  const maxOutputTokens = params.max_output_tokens ?? config.maxOutputTokens;
  return {
    instructions: params.instructions ?? config.instructions,
    messages: toLlmMessages(entries),
    ...offer,
    maxOutputTokens: maxOutputTokens === 'inf' ? null : maxOutputTokens,
  };
}
