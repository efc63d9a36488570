/**
 * Tools by who runs them. A function is run by the client: a call is an item with its arguments, and that is all
 * (`function-call.ts`). A tool that the server runs (MCP) has a `CallKind` of its own.
 */
import type { LlmTool } from '../backends';
import type { SessionConfig } from '../wire/session-config';
import type { OutputItems } from './output-items';

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
  /** Those among `tools` (a session's, or a response's own) that the server can run now. */
  among(tools: SessionConfig['tools']): ToolSet;
  /**
   * A response with `tools` begins: what they need is there until it is released. Throws a ClientError when they cannot
   * be had.
   */
  hold(tools: SessionConfig['tools'], choice: SessionConfig['toolChoice']): ToolHold;
}

/** Tools that the server runs, under the names that the LLM was told. */
export interface ToolSet {
  readonly offered: readonly LlmTool[];
  /** Those of the MCP server `label`, or only its tool `name`: what a `tool_choice` names. */
  named(label: string, name: string | null): LlmTool[];
  /** How a call of `name` becomes an output item; null when `name` is a function, which the client runs. */
  kindOf(name: string): CallKind | null;
}

export const NO_TOOLS: ToolSet = { offered: [], named: () => [], kindOf: () => null };

/** What a response holds that needs nothing of a server. */
export const NOTHING_HELD: ToolHold = { ready: null, tools: () => NO_TOOLS, release() {} };

export interface ToolHold {
  /** Settles when all that can be offered is known; never rejects. null when it is known already. */
  readonly ready: Promise<void> | null;
  /** As they are when this is first asked, and the same ever after: the LLM is told their names once. */
  tools(): ToolSet;
  release(): void;
}
