/** The four MCP items on the wire (REALTIME: items). Pure. */
import type { Item } from '../../shared/realtime';

type WireCall = Extract<Item, { type: 'mcp_call' }>;

export type CallError = NonNullable<WireCall['error']>;

/** How a call ended. */
export type CallOutcome = { type: 'output'; output: string } | { type: 'error'; error: CallError };

/** A tool as its server lists it. */
export interface ListedTool {
  name: string;
  description: string;
  inputSchema: unknown;
  annotations: { readOnlyHint?: boolean | undefined } | null;
}

/** What a call's item and the question about it have in common. */
export interface CallFacts {
  serverLabel: string;
  name: string;
  arguments: string;
}

/** `failure` is told beside the empty list: the published item has no field for it, and clients ignore it. */
export function listItem(
  id: string,
  serverLabel: string,
  tools: readonly ListedTool[],
  failure: CallError | null,
): Item {
  return item({
    id,
    type: 'mcp_list_tools',
    server_label: serverLabel,
    tools: tools.map(({ name, description, inputSchema, annotations }) => ({
      name,
      description,
      input_schema: inputSchema,
      annotations,
    })),
    ...(failure === null ? {} : { error: failure }),
  });
}

/** Every key is there from the beginning, as null: clients rely on `output` to be a string or null. */
export function callItem(
  id: string,
  call: CallFacts,
  approvalRequestId: string | null,
  outcome: CallOutcome | null,
): Item {
  return item({
    id,
    type: 'mcp_call',
    ...wireFacts(call),
    approval_request_id: approvalRequestId,
    output: outcome?.type === 'output' ? outcome.output : null,
    error: outcome?.type === 'error' ? outcome.error : null,
  });
}

export function approvalRequestItem(id: string, call: CallFacts): Item {
  return item({ id, type: 'mcp_approval_request', ...wireFacts(call) });
}

function wireFacts({ serverLabel, name, arguments: args }: CallFacts) {
  return { server_label: serverLabel, name, arguments: args };
}

/** The published types of these items leave `object` out, which the wire has on every item. */
function item(fields: { id: string; type: Item['type']; [field: string]: unknown }): Item {
  return { object: 'realtime.item', ...fields } as unknown as Item;
}
