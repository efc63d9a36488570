import { ClientError } from '../wire/errors';
import type { McpTool, Tools } from '../wire/tool-schema';
import { MAX_SERVERS } from './limits';

/** Where a server is and what every request to it carries. Secret: never logged, never echoed. */
export interface Endpoint {
  url: URL;
  headers: Record<string, string>;
}

/**
 * Throws a ClientError when two servers share a label, there are too many, or one cannot be reached by HTTP with what
 * is given. `param` is the path of the list.
 */
export function checkServers(tools: Tools, param: string): void {
  const labels = new Set<string>();
  tools.forEach((tool, index) => {
    if (tool.type !== 'mcp') return;
    const at = `${param}[${index}]`;
    if (labels.has(tool.server_label)) {
      throw new ClientError(
        'invalid_value',
        `There are two MCP servers with the label '${tool.server_label}': each needs its own.`,
        `${at}.server_label`,
      );
    }
    labels.add(tool.server_label);
    endpointOf(tool, at);
  });
  if (labels.size <= MAX_SERVERS) return;
  throw new ClientError('invalid_value', `At most ${MAX_SERVERS} MCP servers are possible.`, param);
}

/** Throws a ClientError when no HTTP request can be made with what `tool` gives; `at` is its path. */
export function endpointOf({ server_url, headers, authorization }: McpTool, at: string): Endpoint {
  if (server_url === undefined)
    throw new ClientError('invalid_value', 'A URL is needed.', `${at}.server_url`);
  const url = new URL(server_url);
  if (url.username !== '' || url.password !== '') {
    throw new ClientError(
      'invalid_value',
      "A name and password in the URL are not sent; use 'authorization' or 'headers'.",
      `${at}.server_url`,
    );
  }
  const sent = toHeaders(headers ?? {}, `${at}.headers`);
  if (authorization !== undefined) {
    const bearer = toHeaders({ authorization: `Bearer ${authorization}` }, `${at}.authorization`);
    sent.set('authorization', bearer.get('authorization') ?? '');
  }
  return { url, headers: Object.fromEntries(sent) };
}

function toHeaders(fields: Record<string, string>, param: string): Headers {
  try {
    return new Headers(fields);
  } catch {
    // The message of the failure would repeat the value.
    throw new ClientError('invalid_value', 'It cannot be sent as an HTTP header.', param);
  }
}
