/**
 * Tools by who runs them. A function is run by the client: a call is an item with its arguments, and that is all
 * (`function-call.ts`). A tool that the server runs (MCP) has a `CallKind` of its own.
 */
import type { LlmTool } from './backends';
import type { OutputItems } from './output-items';
import type { SessionConfig } from './session-config';

export interface ToolCall {
  callId: string;
  name: string;
}

/** How a call becomes an output item. */
export interface CallKind {
  /** The LLM begins to write the call. The item is opened with `output.open`, now or at the `end`. */
  open(call: ToolCall, output: OutputItems): CallItem;
}

/** One call while it is written and, if the server runs it, while it runs. */
export interface CallItem {
  /** More of the arguments; never ''. */
  delta(text: string): void;
  /**
   * The arguments are whole. What the server runs settles when its item is closed and never rejects; the response is
   * not done before that. Events of it are sent through `output.emit`.
   */
  end(args: string): Promise<void> | void;
  /**
   * The response ends before `end`, or before what that gave has settled. Closes the item with the arguments as far as
   * they came; nothing is emitted afterwards.
   */
  cut(argsSoFar: string): void;
}

/** The tools that the server runs in one session. `Responses` asks it; src/server/mcp answers. */
export interface ServerTools {
  /** Those among `tools` (a session's, or a response's own) that the server runs, as the LLM sees them. */
  offered(tools: SessionConfig['tools']): LlmTool[];
  /** The tools of the MCP server `label`, or only its tool `name`: what a `tool_choice` names. */
  named(label: string, name: string | null): LlmTool[];
  /** How a call of `name` becomes an output item; null when `name` is a function, which the client runs. */
  kindOf(name: string): CallKind | null;
}
