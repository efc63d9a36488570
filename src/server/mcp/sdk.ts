/** The official MCP client. Loaded when the first session names a server: most never do. */
export async function loadSdk() {
  const [
    { Client },
    { StreamableHTTPClientTransport, StreamableHTTPError },
    { SSEClientTransport, SseError },
    types,
  ] = await Promise.all([
    import('@modelcontextprotocol/sdk/client/index.js'),
    import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
    import('@modelcontextprotocol/sdk/client/sse.js'),
    import('@modelcontextprotocol/sdk/types.js'),
  ]);
  return {
    Client,
    StreamableHTTPClientTransport,
    StreamableHTTPError,
    SSEClientTransport,
    SseError,
    McpError: types.McpError,
    ListToolsResultSchema: types.ListToolsResultSchema,
    CallToolResultSchema: types.CallToolResultSchema,
  };
}

export type Sdk = Awaited<ReturnType<typeof loadSdk>>;
