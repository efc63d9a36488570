/** What one session allows an MCP server, which is a stranger's program. */
export interface McpLimits {
  /** Connecting and listing the tools, together. */
  listMs: number;
  /** One call. */
  callMs: number;
  /** Saying goodbye to a server, after which the line is cut. */
  farewellMs: number;
  /** Tools of one server, after `allowed_tools`. */
  tools: number;
  /** Answers to `tools/list` that are read of one server. */
  pages: number;
  /** One HTTP answer, or everything that came over one SSE stream. */
  bodyBytes: number;
  /** UTF-16 units of one call's output. */
  outputLength: number;
}

export const MCP_LIMITS: McpLimits = {
  listMs: 30_000,
  callMs: 60_000,
  farewellMs: 2_000,
  tools: 256,
  pages: 64,
  bodyBytes: 8 * 1024 * 1024,
  outputLength: 256 * 1024,
};

/** Servers in one list of tools. */
export const MAX_SERVERS = 16;

/** Servers that one session uses at the same time, those of all its responses together. */
export const MAX_OPEN_SERVERS = 48;
