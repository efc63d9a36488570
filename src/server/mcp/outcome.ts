/** From what an MCP server answers to how a call ended. Pure. */
import type { CallError, CallOutcome } from './wire-items';

/** Codes of JSON-RPC, the last two as the SDK uses them. */
export const RPC = {
  invalidParams: -32602,
  internal: -32603,
  closed: -32000,
  timeout: -32001,
} as const;

/** UTF-16 units of what a server says about a failure. */
const MAX_MESSAGE = 2_000;

/** A failure that is known for what it is, in the protocol's words. */
export class McpFailure extends Error {
  override readonly name = 'McpFailure';
  constructor(
    readonly error: CallError,
    options?: ErrorOptions,
  ) {
    super(error.message, options);
  }
}

export function protocolError(code: number, message: string): CallError {
  return { type: 'protocol_error', code, message: message.slice(0, MAX_MESSAGE) };
}

/** What the server answered is not told: it may be a page of HTML. */
export function httpError(status: number): CallError {
  return { type: 'http_error', code: status, message: `The MCP server answered with HTTP status ${status}.` };
}

export function executionError(message: string): CallError {
  return { type: 'tool_execution_error', message: message.slice(0, MAX_MESSAGE) };
}

export interface ToolResult {
  content: ReadonlyArray<{
    type: string;
    text?: unknown;
    mimeType?: unknown;
    resource?: unknown;
    uri?: unknown;
  }>;
  structuredContent?: unknown;
  isError?: boolean | undefined;
}

/** `maxLength` is in UTF-16 units. */
export function outcomeOf(result: ToolResult, maxLength: number): CallOutcome {
  const text = textOf(result);
  if (result.isError === true) {
    return {
      type: 'error',
      error: executionError(text === '' ? 'The tool failed and did not say why.' : text),
    };
  }
  if (text.length > maxLength) {
    const message = `The output of the tool is too long: ${text.length} characters of at most ${maxLength}.`;
    return { type: 'error', error: executionError(message) };
  }
  return { type: 'output', output: text };
}

/** The LLM reads text: of other content it learns that it is there. */
function textOf({ content, structuredContent }: ToolResult): string {
  const text = content.map(describe).join('\n');
  return text === '' && structuredContent !== undefined ? JSON.stringify(structuredContent) : text;
}

function describe({ type, text, mimeType, resource, uri }: ToolResult['content'][number]): string {
  if (type === 'text') return String(text ?? '');
  if (type === 'resource' && typeof resource === 'object' && resource !== null && 'text' in resource) {
    return String(resource.text);
  }
  const detail = [mimeType, uri].filter((part) => typeof part === 'string').join(' ');
  return detail === '' ? `[${type}]` : `[${type}: ${detail}]`;
}
