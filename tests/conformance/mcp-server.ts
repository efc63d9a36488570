/** A small MCP server over Streamable HTTP, made with the official SDK: two tools, one of which fails. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

export interface RunningMcpServer {
  url: string;
  close(): Promise<void>;
}

export async function startMcpServer(): Promise<RunningMcpServer> {
  const http = createServer((request, response) => {
    // Without sessions, so each request has a server of its own.
    const server = createTools();
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    response.on('close', () => {
      void transport.close();
      void server.close();
    });
    // The transport's optional fields may be undefined, which the interface under exactOptionalPropertyTypes may not.
    void server
      .connect(transport as Parameters<McpServer['connect']>[0])
      .then(() => transport.handleRequest(request, response));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

function createTools(): McpServer {
  const server = new McpServer({ name: 'test', version: '1.0.0' });
  server.registerTool(
    'weather',
    {
      description: 'The weather in a city',
      inputSchema: { city: z.string() },
      annotations: { readOnlyHint: true },
    },
    ({ city }) => ({ content: [{ type: 'text', text: `It is sunny in ${city}.` }] }),
  );
  server.registerTool('break', { description: 'Fails' }, () => ({
    content: [{ type: 'text', text: 'It is broken.' }],
    isError: true,
  }));
  return server;
}
