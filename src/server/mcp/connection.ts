import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import type { Endpoint } from './endpoint';
import type { McpLimits } from './limits';
import { type OpenClient, openClient } from './open-client';
import { executionError, httpError, McpFailure, outcomeOf, protocolError, RPC } from './outcome';
import { loadSdk, type Sdk } from './sdk';
import { withinLimit } from './time-limit';
import type { CallError, CallOutcome, ListedTool } from './wire-items';

/** One session's line to one MCP server. Opened when it is first needed, and again after it broke. */
export class McpConnection {
  private open: Promise<OpenClient> | null = null;
  private readonly closing = new AbortController();

  constructor(
    private readonly endpoint: Endpoint,
    private readonly limits: McpLimits,
  ) {}

  /** The server's tools. Rejects with an McpFailure, within `limits.listMs`. */
  async list(): Promise<ListedTool[]> {
    return this.translated(async (sdk) =>
      withinLimit(this.limits.listMs, [this.closing.signal], async (signal) => {
        const { client } = await this.opened(sdk);
        const options = { signal, timeout: this.limits.listMs };
        const tools: Tool[] = [];
        let cursor: string | undefined;
        for (let page = 0; page < this.limits.pages; page++) {
          const params = cursor === undefined ? {} : { cursor };
          const answer = await client.request(
            { method: 'tools/list', params },
            sdk.ListToolsResultSchema,
            options,
          );
          tools.push(...answer.tools);
          cursor = answer.nextCursor;
          if (cursor === undefined) return tools.map(toListedTool);
        }
        throw new McpFailure(
          protocolError(RPC.internal, `The list of tools has more than ${this.limits.pages} pages.`),
        );
      }),
    );
  }

  /** Calls a tool; a failure is an outcome too. An abort of `stop` tells the server that the call is not wanted. */
  async call(name: string, args: Record<string, unknown>, stop: AbortSignal): Promise<CallOutcome> {
    try {
      return await this.translated((sdk) =>
        withinLimit(this.limits.callMs, [stop, this.closing.signal], async (signal) => {
          const result = await this.request(sdk, name, args, signal);
          return outcomeOf(result, this.limits.outputLength);
        }),
      );
    } catch (error) {
      if (error instanceof McpFailure) return { type: 'error', error: error.error };
      throw error;
    }
  }

  /** Cuts what runs; the server is told that its session ends. */
  close(): void {
    this.closing.abort();
    const { open } = this;
    this.open = null;
    if (open !== null) void leave(open, this.limits.farewellMs);
  }

  private async request(sdk: Sdk, name: string, args: Record<string, unknown>, signal: AbortSignal) {
    const options = { signal, timeout: this.limits.callMs };
    const params = { name, arguments: args };
    const ask = async (open: Promise<OpenClient>) =>
      (await open).client.request({ method: 'tools/call', params }, sdk.CallToolResultSchema, options);
    const open = this.opened(sdk);
    try {
      return await ask(open);
    } catch (error) {
      // The server forgot its session, so it has not begun the call (MCP specification: session management).
      if (!(error instanceof sdk.StreamableHTTPError) || error.code !== 404 || signal.aborted) throw error;
      if (this.open === open) this.open = null;
      return ask(this.opened(sdk));
    }
  }

  private opened(sdk: Sdk): Promise<OpenClient> {
    if (this.open !== null) return this.open;
    const { signal } = this.closing;
    if (signal.aborted) throw new McpFailure(closedError());
    const open = withinLimit(this.limits.listMs, [signal], (limit) =>
      openClient(sdk, this.endpoint, this.limits, limit),
    );
    this.open = open;
    const forget = () => {
      if (this.open === open) this.open = null;
    };
    open.then(({ client }) => {
      client.onclose = forget;
    }, forget);
    return open;
  }

  /** Whatever goes wrong rejects with an McpFailure. */
  private async translated<T>(work: (sdk: Sdk) => Promise<T>): Promise<T> {
    const sdk = await loadSdk().catch((cause: unknown) => {
      throw new McpFailure(protocolError(RPC.internal, 'The MCP client cannot be loaded.'), { cause });
    });
    try {
      return await work(sdk);
    } catch (error) {
      throw this.closing.signal.aborted ? new McpFailure(closedError()) : toFailure(error, sdk);
    }
  }
}

async function leave(open: Promise<OpenClient>, farewellMs: number): Promise<void> {
  const opened = await open.catch(() => null);
  if (opened === null) return;
  // A server that cannot be told is left all the same.
  await withinLimit(farewellMs, [], opened.farewell).catch(() => undefined);
  await opened.client.close();
}

function closedError(): CallError {
  return executionError('The MCP server is not part of the session any more.');
}

/** All that the SDK throws is about the line or about what came over it. */
function toFailure(error: unknown, sdk: Sdk): McpFailure {
  if (error instanceof McpFailure) return error;
  if (error instanceof sdk.McpError) {
    // The SDK puts its own words before those of the server.
    const message = error.message.replace(/^MCP error -?\d+: /u, '');
    return new McpFailure(protocolError(error.code, message));
  }
  const status = statusOf(error, sdk);
  if (status !== null) return new McpFailure(httpError(status));
  // `fetch` has a TypeError for everything that goes wrong on the line, with the reason as its cause.
  if (error instanceof TypeError && error.message === 'fetch failed') {
    const code = (error.cause as { code?: unknown } | undefined)?.code;
    const reason = typeof code === 'string' ? ` (${code})` : '';
    return new McpFailure(protocolError(RPC.closed, `The MCP server cannot be reached${reason}.`));
  }
  return new McpFailure(
    protocolError(RPC.internal, 'The MCP server answered with something else than MCP.'),
    {
      cause: error,
    },
  );
}

/** The HTTP status that a request failed with; null when it failed otherwise. */
function statusOf(error: unknown, sdk: Sdk): number | null {
  if (error instanceof sdk.StreamableHTTPError || error instanceof sdk.SseError) {
    return error.code !== undefined && error.code >= 300 ? error.code : null;
  }
  // The older transport tells the status of a POST in words only.
  const told = error instanceof Error ? /\(HTTP (\d{3})\)/u.exec(error.message)?.[1] : undefined;
  return told === undefined ? null : Number(told);
}

function toListedTool({ name, description, inputSchema, annotations }: Tool): ListedTool {
  return { name, description: description ?? '', inputSchema, annotations: annotations ?? null };
}
