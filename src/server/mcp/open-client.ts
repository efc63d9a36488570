import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js';
import { boundedFetch, withoutUnaskedStream } from './bounded-fetch';
import type { Endpoint } from './endpoint';
import type { McpLimits } from './limits';
import type { Sdk } from './sdk';

/** A client that has said hello to its server. */
export interface OpenClient {
  client: Client;
  /** Says goodbye where the transport has a word for it. */
  farewell(): Promise<void>;
}

/** Answers to the first POST that an older server gives, which speaks HTTP with SSE (MCP specification: transports). */
const OLDER_SERVER = [400, 404, 405];

const BROKEN_OFF = /^SSE stream disconnected|^Maximum reconnection attempts/u;

/**
 * Streamable HTTP, and HTTP with SSE where the server knows only that. Redirects are followed within the origin
 * of the URL only, so nothing that authorises leaves it. An abort of `signal` cuts the line.
 */
export async function openClient(
  sdk: Sdk,
  endpoint: Endpoint,
  limits: McpLimits,
  signal: AbortSignal,
): Promise<OpenClient> {
  try {
    return await openStreamable(sdk, endpoint, limits, signal);
  } catch (error) {
    if (!(error instanceof sdk.StreamableHTTPError) || !OLDER_SERVER.includes(error.code ?? 0)) throw error;
    // What the newer transport was told is the better description when neither works.
    return await openSse(sdk, endpoint, limits, signal).catch(() => Promise.reject(error));
  }
}

async function openStreamable(
  sdk: Sdk,
  { url, headers }: Endpoint,
  limits: McpLimits,
  signal: AbortSignal,
): Promise<OpenClient> {
  const transport = new sdk.StreamableHTTPClientTransport(url, {
    requestInit: { headers },
    fetch: withoutUnaskedStream(boundedFetch(limits.bodyBytes)),
  });
  // The transport's `sessionId` may be undefined, which the interface under exactOptionalPropertyTypes may not.
  const client = await connect(sdk, transport as Transport, limits, signal);
  // The transport tells that an answer broke off, and leaves its request waiting.
  client.onerror = (error) => {
    if (BROKEN_OFF.test(error.message)) void client.close();
  };
  return { client, farewell: () => transport.terminateSession() };
}

async function openSse(
  sdk: Sdk,
  { url, headers }: Endpoint,
  limits: McpLimits,
  signal: AbortSignal,
): Promise<OpenClient> {
  const transport = new sdk.SSEClientTransport(url, {
    requestInit: { headers },
    fetch: boundedFetch(limits.bodyBytes),
  });
  const client = await connect(sdk, transport, limits, signal);
  // The stream belongs to the server's session: one that is opened again has no memory of this client.
  client.onerror = (error) => {
    if (error instanceof sdk.SseError) void client.close();
  };
  return { client, farewell: async () => {} };
}

async function connect(
  sdk: Sdk,
  transport: Transport,
  limits: McpLimits,
  signal: AbortSignal,
): Promise<Client> {
  const client = new sdk.Client(
    { name: 'parley', version: '1.0.0' },
    // Schemas that a stranger wrote are not compiled: what they describe is only read.
    { jsonSchemaValidator: { getValidator: <T>() => accept as JsonSchemaValidator<T> } },
  );
  const cut = () => void client.close();
  signal.addEventListener('abort', cut);
  try {
    await client.connect(transport, { timeout: limits.listMs, signal });
    return client;
  } catch (error) {
    await client.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', cut);
  }
}

function accept(input: unknown): { valid: true; data: unknown; errorMessage: undefined } {
  return { valid: true, data: input, errorMessage: undefined };
}
