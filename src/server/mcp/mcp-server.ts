import { type Logger, toError } from '../../shared/log';
import type { Conversation, Entry } from '../conversation/conversation';
import { newId } from '../wire/ids';
import type { Emit } from '../wire/server-events';
import type { McpTool } from '../wire/tool-schema';
import { McpConnection } from './connection';
import { endpointOf } from './endpoint';
import type { McpLimits } from './limits';
import { McpFailure, protocolError, RPC } from './outcome';
import { isAllowed } from './tool-filter';
import { type CallError, type CallOutcome, type ListedTool, listItem } from './wire-items';

/** What a server needs of its session. */
export interface McpContext {
  readonly conversation: Conversation;
  readonly emit: Emit;
  readonly log: Logger;
}

/** Tells servers apart: another key is another connection and another list. */
export function serverKey(tool: McpTool): string {
  const { server_label, server_url, authorization, headers, allowed_tools } = tool;
  return JSON.stringify([
    server_label,
    server_url,
    authorization ?? null,
    headers ?? null,
    allowed_tools ?? null,
  ]);
}

/** One MCP server of one session: its connection and what it offers. */
export class McpServer {
  readonly key: string;
  readonly label: string;
  /** Those that the client allows; none before they are listed. */
  tools: readonly ListedTool[] = [];
  /** Settles when the tools are listed, or cannot be; never rejects. */
  readonly listed: Promise<void>;
  /** The server was asked for its tools and has not answered yet. */
  listing = true;
  /** The listing is over and failed: there are no tools, and there will be none. */
  failed = false;
  /** The session's own tools name it; else only responses do. */
  ofSession = false;
  /** Responses, and calls that wait for an approval, which need it. */
  uses = 0;
  private readonly connection: McpConnection;

  /** Begins to list its tools: `mcp_list_tools.in_progress` is sent before this returns. */
  constructor(
    private readonly tool: McpTool,
    private readonly context: McpContext,
    private readonly limits: McpLimits,
  ) {
    this.key = serverKey(tool);
    this.label = tool.server_label;
    this.connection = new McpConnection(endpointOf(tool, 'tools'), limits);
    this.listed = this.list();
  }

  call(name: string, args: Record<string, unknown>, stop: AbortSignal): Promise<CallOutcome> {
    return this.connection.call(name, args, stop);
  }

  close(): void {
    this.connection.close();
  }

  private async list(): Promise<void> {
    const { conversation, emit, log } = this.context;
    const id = newId('mcpl');
    const entry: Entry = { id, item: listItem(id, this.label, [], null), speech: null, answer: null };
    emit({ type: 'mcp_list_tools.in_progress', item_id: id });
    const previous = conversation.insert(entry);
    emit({ type: 'conversation.item.added', previous_item_id: previous, item: entry.item });
    const result = await this.allowed();
    this.listing = false;
    this.failed = !Array.isArray(result);
    if (Array.isArray(result)) this.tools = result;
    else log.info('an MCP server gave no tools', { server: this.label, error: result.type });
    entry.item = listItem(id, this.label, this.tools, Array.isArray(result) ? null : result);
    emit({ type: this.failed ? 'mcp_list_tools.failed' : 'mcp_list_tools.completed', item_id: id });
    // It may have been deleted meanwhile.
    if (conversation.find(id) !== entry) return;
    emit({
      type: 'conversation.item.done',
      previous_item_id: conversation.previousOf(id),
      item: entry.item,
    });
  }

  private async allowed(): Promise<ListedTool[] | CallError> {
    try {
      const tools = (await this.connection.list()).filter((tool) => isAllowed(tool, this.tool.allowed_tools));
      if (tools.length <= this.limits.tools) return tools;
      const message = `The MCP server offers ${tools.length} tools; at most ${this.limits.tools} are possible. Name fewer in allowed_tools.`;
      return protocolError(RPC.invalidParams, message);
    } catch (error) {
      if (!(error instanceof McpFailure)) throw error;
      this.context.log.debug('listing the tools of an MCP server failed', {
        server: this.label,
        error: toError(error.cause),
      });
      return error.error;
    }
  }
}
