/** Real MCP servers on loopback, made with the official SDK, over Streamable HTTP or over the older HTTP with SSE. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';

export { McpError };

export interface TestTool {
  description?: string;
  readOnly?: boolean;
  /** What a call is answered with; the tool's name and arguments unless given. `signal` aborts with the call. */
  run?(args: Record<string, unknown>, signal: AbortSignal): Promise<CallToolResult> | CallToolResult;
}

export interface TestMcpServer {
  url: string;
  /** Of every HTTP request, in order. */
  requests: Array<{ method: string; headers: IncomingHttpHeaders }>;
  /** Names of the tools that were called. */
  calls: string[];
  /** How often the tools were listed. */
  lists: number;
  /** Sessions that were opened, and those that are open. */
  opened: number;
  open: number;
  /** Forgets every session, as a server that was started anew. */
  forget(): void;
  close(): Promise<void>;
}

export function text(value: string): CallToolResult {
  return { content: [{ type: 'text', text: value }] };
}

export async function startMcpServer(
  tools: Record<string, TestTool>,
  transport: 'streamable' | 'sse' = 'streamable',
): Promise<TestMcpServer> {
  const state = { lists: 0, opened: 0, open: 0 };
  const requests: TestMcpServer['requests'] = [];
  const calls: string[] = [];
  const sessions = new Map<string, StreamableHTTPServerTransport | SSEServerTransport>();

  const serve = () => {
    const server = new Server({ name: 'test', version: '1' }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => {
      state.lists++;
      return {
        tools: Object.entries(tools).map(([name, { description, readOnly }]) => ({
          name,
          ...(description === undefined ? {} : { description }),
          inputSchema: { type: 'object' as const, properties: { q: { type: 'string' } } },
          ...(readOnly === undefined ? {} : { annotations: { readOnlyHint: readOnly } }),
        })),
      };
    });
    server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
      calls.push(params.name);
      const args = params.arguments ?? {};
      const run = tools[params.name]?.run ?? (() => text(`${params.name} ${JSON.stringify(args)}`));
      return run(args, signal);
    });
    state.opened++;
    state.open++;
    server.onclose = () => {
      state.open--;
    };
    return server;
  };

  const streamable = async (request: IncomingMessage, response: ServerResponse) => {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    if (known instanceof StreamableHTTPServerTransport) return known.handleRequest(request, response);
    if (id !== undefined) return void response.writeHead(404).end();
    const opened = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (session) => void sessions.set(session, opened),
    });
    await serve().connect(opened);
    return opened.handleRequest(request, response);
  };

  const sse = async (request: IncomingMessage, response: ServerResponse) => {
    const { searchParams, pathname } = new URL(request.url ?? '/', 'http://x');
    if (request.method === 'GET') {
      const opened = new SSEServerTransport('/messages', response);
      sessions.set(opened.sessionId, opened);
      await serve().connect(opened);
      return;
    }
    const known = sessions.get(searchParams.get('sessionId') ?? '');
    if (pathname === '/messages' && known instanceof SSEServerTransport) {
      await known.handlePostMessage(request, response);
    } else response.writeHead(pathname === '/messages' ? 404 : 405).end();
  };

  const http = createServer((request, response) => {
    requests.push({ method: request.method ?? '', headers: request.headers });
    void (transport === 'sse' ? sse : streamable)(request, response);
  });
  const url = `${await listen(http)}/mcp`;
  return {
    url,
    requests,
    calls,
    get lists() {
      return state.lists;
    },
    get opened() {
      return state.opened;
    },
    get open() {
      return state.open;
    },
    forget: () => sessions.clear(),
    close: () => closeAll(http),
  };
}

export interface RawServer {
  url: string;
  requests: Array<{ method: string; headers: IncomingHttpHeaders }>;
  close(): Promise<void>;
}

/** A server that answers every request with what `answer` does: for servers that are not MCP servers. */
export async function startRawServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<RawServer> {
  const requests: RawServer['requests'] = [];
  const http = createServer((request, response) => {
    requests.push({ method: request.method ?? '', headers: request.headers });
    answer(request, response);
  });
  return { url: `${await listen(http)}/mcp`, requests, close: () => closeAll(http) };
}

async function listen(http: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

async function closeAll(http: ReturnType<typeof createServer>): Promise<void> {
  const closed = new Promise((resolve) => http.close(resolve));
  http.closeAllConnections();
  await closed;
}
