/** The MCP servers of one session, whose tools this server runs itself (tools of type `mcp`). */
import type { LlmTool } from '../backends';
import type { CallKind, ServerTools, ToolHold, ToolSet } from '../responses/tool-kinds';
import { type NamedTool, uniqueNames } from '../responses/tool-names';
import { ClientError } from '../wire/errors';
import { mcpTools } from '../wire/session-config';
import type { McpTool, ToolChoice, Tools } from '../wire/tool-schema';
import { type ApprovalResponse, Approvals } from './approvals';
import { checkServers } from './endpoint';
import { MAX_OPEN_SERVERS, MCP_LIMITS, type McpLimits } from './limits';
import { mcpCall } from './mcp-call';
import { type McpContext, McpServer, serverKey } from './mcp-server';
import { needsApproval } from './tool-filter';
import type { ListedTool } from './wire-items';

/** A tool of a server, as one list of tools names that server. */
interface Offered extends NamedTool {
  server: McpServer;
  tool: ListedTool;
  named: McpTool;
}

export class McpServers implements ServerTools {
  private readonly servers: McpServer[] = [];
  private readonly approvals: Approvals;

  constructor(
    private readonly context: McpContext,
    private readonly limits: McpLimits = MCP_LIMITS,
  ) {
    this.approvals = new Approvals(context, ({ server }) => this.giveBack(server));
  }

  /** The session's tools are `tools` now: servers that are not named any more are left, new ones and failed ones are asked. */
  update(tools: Tools): void {
    const wanted = new Map(mcpTools(tools).map((tool) => [serverKey(tool), tool]));
    for (const server of [...this.servers]) {
      if (wanted.has(server.key) && !server.failed) {
        server.ofSession = true;
        wanted.delete(server.key);
      } else if (server.ofSession || wanted.has(server.key)) this.leave(server);
    }
    for (const tool of wanted.values()) this.add(tool).ofSession = true;
  }

  hold(tools: Tools, choice: ToolChoice): ToolHold {
    checkServers(tools, 'response.tools');
    const held: McpServer[] = [];
    const release = () => {
      for (const server of held.splice(0)) this.giveBack(server);
    };
    try {
      for (const tool of mcpTools(tools)) {
        const server = this.find(tool) ?? this.add(tool);
        server.uses++;
        held.push(server);
      }
    } catch (cause) {
      release();
      throw cause;
    }
    // The session's servers are listed ahead of any response; one that is slow holds up only who insists on it.
    const waited = held.filter(
      ({ listing, ofSession, label }) => listing && (!ofSession || labelOf(choice) === label),
    );
    const ready =
      waited.length === 0 ? null : Promise.all(waited.map(({ listed }) => listed)).then(() => undefined);
    let set: ToolSet | null = null;
    return { ready, tools: () => (set ??= this.among(tools)), release };
  }

  among(tools: Tools): ToolSet {
    const offers = this.offers(tools);
    const entries = [...offers];
    return {
      offered: entries.map(toLlmTool),
      named: (label, name) =>
        entries
          .filter(([, { server, tool }]) => server.label === label && (name === null || tool.name === name))
          .map(toLlmTool),
      kindOf: (name) => {
        const offered = offers.get(name);
        return offered === undefined ? null : this.kindOf(offered);
      },
    };
  }

  /** Throws a ClientError when there is nothing to answer. */
  checkApproval(response: ApprovalResponse): void {
    this.approvals.check(response);
  }

  /** Runs the call that was asked about, or ends it. */
  answerApproval(response: ApprovalResponse): void {
    this.approvals.answer(response);
  }

  close(): void {
    this.approvals.close();
    for (const server of this.servers.splice(0)) server.close();
  }

  private kindOf({ server, tool, named }: Offered): CallKind {
    return mcpCall({
      server,
      tool,
      needsApproval: needsApproval(tool, named.require_approval),
      onPending: (requestId, pending) => {
        server.uses++;
        this.approvals.add(requestId, pending);
      },
    });
  }

  private offers(tools: Tools): Map<string, Offered> {
    const functions = tools.flatMap((tool) => (tool.type === 'function' ? [tool.name] : []));
    const offered = mcpTools(tools).flatMap((named): Offered[] => {
      const server = this.find(named);
      if (server === undefined) return [];
      return server.tools.map((tool) => ({
        serverLabel: server.label,
        name: tool.name,
        server,
        tool,
        named,
      }));
    });
    return uniqueNames(offered, functions);
  }

  private find(tool: McpTool): McpServer | undefined {
    const key = serverKey(tool);
    return this.servers.find((server) => server.key === key);
  }

  private add(tool: McpTool): McpServer {
    if (this.servers.length >= MAX_OPEN_SERVERS) {
      throw new ClientError(
        'invalid_value',
        `More than ${MAX_OPEN_SERVERS} MCP servers are in use.`,
        'response.tools',
      );
    }
    const server = new McpServer(tool, this.context, this.limits);
    this.servers.push(server);
    return server;
  }

  private giveBack(server: McpServer): void {
    server.uses--;
    if (server.uses === 0 && !server.ofSession) this.leave(server);
  }

  private leave(server: McpServer): void {
    const at = this.servers.indexOf(server);
    if (at >= 0) this.servers.splice(at, 1);
    server.close();
  }
}

function labelOf(choice: ToolChoice): string | null {
  return typeof choice === 'object' && choice.type === 'mcp' ? choice.server_label : null;
}

function toLlmTool([name, { tool, named }]: [string, Offered]): LlmTool {
  const { server_label, server_description } = named;
  const about = server_description === undefined ? '' : `${server_label}: ${server_description}`;
  const description = [tool.description, about].filter((text) => text !== '').join('\n');
  return { name, description, parameters: tool.inputSchema };
}
