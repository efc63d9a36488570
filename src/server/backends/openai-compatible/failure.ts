import { LlmError } from '../index';

export interface ChatServer {
  /** For people: host and port. */
  host: string;
  model: string;
  apiKey: string | null;
}

/**
 * The sentence for an answer with an error status. `detail` is what the server says about it; `images` when it was shown
 * some.
 */
export function statusError(status: number, detail: string, server: ChatServer, images: boolean): LlmError {
  const { host, model } = server;
  const said = quote(detail, server);
  if (status === 401 || status === 403) {
    return new LlmError(
      server.apiKey === null
        ? `The language model at ${host} wants an API key.`
        : `The language model at ${host} does not accept the API key.`,
    );
  }
  // Servers word it in many ways: "does not support image input", "no vision", "content must be a string".
  if (images && /imag|vision|multi-?modal|content/i.test(detail)) {
    return new LlmError(`The model "${model}" at ${host} does not take images.${said}`);
  }
  if (status === 404) {
    return /model/i.test(detail)
      ? new LlmError(`The server at ${host} does not have the model "${model}".`)
      : new LlmError(`There is no chat service at this address of ${host}; check the base URL.`);
  }
  if (status === 429) {
    return new LlmError(
      `The language model at ${host} is busy, or its quota is used up. Try again later.${said}`,
    );
  }
  if (status >= 500) return new LlmError(`The language model at ${host} failed (status ${status}).${said}`);
  return new LlmError(`The language model at ${host} refused the request (status ${status}).${said}`);
}

/** The sentence for a request that got no answer. */
export function unreachableError(cause: unknown, { host }: ChatServer): LlmError {
  switch (errorCode(cause)) {
    case 'ECONNREFUSED':
      return new LlmError(`Nothing answers at ${host}. Is the language model's server running?`, { cause });
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new LlmError(`The language model's server ${host} cannot be found.`, { cause });
    default:
      return new LlmError(`The language model at ${host} cannot be reached.`, { cause });
  }
}

/** What the server said, short, in one line and without the key, for the end of a sentence; '' for nothing. */
export function quote(detail: string, { apiKey }: ChatServer): string {
  const clean = (apiKey ? detail.split(apiKey).join('***') : detail)
    // Services repeat keys in part: "sk-abc***xyz".
    .replace(/\bsk-[\w*.-]+/g, '***')
    .replace(/\s+/g, ' ')
    .trim();
  return clean === '' ? '' : ` It says: ${clean.length > 200 ? `${clean.slice(0, 200)}…` : clean}`;
}

function errorCode(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string') return code;
  }
  return undefined;
}
