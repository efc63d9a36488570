/** One call of an MCP tool as an output item: written by the LLM, approved by the client where that is asked, run. */
import type { Entry } from '../conversation/conversation';
import type { OutputItems } from '../responses/output-items';
import type { CallItem, CallKind } from '../responses/tool-kinds';
import { newId } from '../wire/ids';
import type { McpServer } from './mcp-server';
import { executionError, protocolError, RPC } from './outcome';
import {
  approvalRequestItem,
  type CallFacts,
  type CallOutcome,
  callItem,
  type ListedTool,
} from './wire-items';

/** A call that runs when the client says so. */
export interface PendingCall {
  server: McpServer;
  call: CallFacts;
  args: Record<string, unknown>;
  entry: Entry;
  outputIndex: number;
}

export interface McpCallOptions {
  server: McpServer;
  tool: ListedTool;
  needsApproval: boolean;
  /** Takes a call that waits for an answer to the question `approvalRequestId`. */
  onPending(approvalRequestId: string, pending: PendingCall): void;
}

export function mcpCall(options: McpCallOptions): CallKind {
  return { open: (_, output) => openCall(options, output) };
}

function openCall({ server, tool, needsApproval, onPending }: McpCallOptions, output: OutputItems): CallItem {
  const id = newId('mcp');
  const facts = (args: string): CallFacts => ({
    serverLabel: server.label,
    name: tool.name,
    arguments: args,
  });
  const entry: Entry = { id, item: callItem(id, facts(''), null, null), speech: null, answer: null };
  const slot = output.open(entry);
  const at = { item_id: id, output_index: slot.at.output_index };
  const stop = new AbortController();
  let written = false;

  const endArguments = (args: string) => {
    written = true;
    entry.item = callItem(id, facts(args), null, null);
    slot.emit({ type: 'response.mcp_call_arguments.done', ...slot.at, arguments: args });
  };
  const end = (args: string, outcome: CallOutcome) => {
    entry.item = callItem(id, facts(args), null, outcome);
    slot.emit({ type: endEvent(outcome), ...at });
    slot.close(entry.item);
  };
  const run = async (args: string, parsed: Record<string, unknown>) => {
    slot.emit({ type: 'response.mcp_call.in_progress', ...at });
    const outcome = await server.call(tool.name, parsed, stop.signal);
    if (!stop.signal.aborted) end(args, outcome);
  };
  const ask = (args: string, parsed: Record<string, unknown>) => {
    const requestId = newId('mcpr');
    const item = approvalRequestItem(requestId, facts(args));
    output.open({ id: requestId, item, speech: null, answer: null }).close(item);
    entry.item = callItem(id, facts(args), requestId, null);
    // Whoever is asked may take any time, or never answer: the response is not held up.
    slot.leave(entry.item);
    onPending(requestId, {
      server,
      call: facts(args),
      args: parsed,
      entry,
      outputIndex: at.output_index,
    });
  };

  return {
    delta: (delta) => slot.emit({ type: 'response.mcp_call_arguments.delta', ...slot.at, delta }),
    end: (args) => {
      endArguments(args);
      const parsed = parseArguments(args);
      if (parsed === null) return end(args, NOT_AN_OBJECT);
      return needsApproval ? ask(args, parsed) : run(args, parsed);
    },
    cut: (argsSoFar) => {
      stop.abort();
      if (!written) endArguments(argsSoFar);
      entry.item = callItem(id, facts(argsSoFar), null, CUT_OFF);
      slot.emit({ type: 'response.mcp_call.failed', ...at });
      // Clients ask for the next response when a call's item is done: who was interrupted is not to be answered yet.
      slot.leave(entry.item);
    },
  };
}

export function endEvent({ type }: CallOutcome): 'response.mcp_call.completed' | 'response.mcp_call.failed' {
  return type === 'output' ? 'response.mcp_call.completed' : 'response.mcp_call.failed';
}

const NOT_AN_OBJECT: CallOutcome = {
  type: 'error',
  error: protocolError(RPC.invalidParams, 'The arguments are not a JSON object.'),
};

const CUT_OFF: CallOutcome = {
  type: 'error',
  error: executionError('The call was cut off before it ended.'),
};

/** null when `text` is not a JSON object. No text is an object without fields. */
function parseArguments(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
