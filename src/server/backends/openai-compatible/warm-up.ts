import { chatUrl } from '../../../shared/chat-url';

/** `fetch` keeps an idle connection for 4 s, or as long as the server says; one used this lately is still there. */
const FRESH_MS = 3000;
const TIMEOUT_MS = 5000;

/**
 * Opens the connection that the next request to the chat server will use: the way there and the handshake take a
 * tenth of a second and more, and by then the user has finished speaking. It asks for the list of models, which costs
 * no tokens. Not HEAD: after that `fetch` closes the connection.
 */
export class WarmUp {
  private readonly controller = new AbortController();
  private running = false;
  private freshUntilMs = 0;

  constructor(private readonly server: { baseUrl: string; apiKey: string | null }) {}

  /** Does nothing while the connection is warm. */
  start(): void {
    const url = chatUrl(this.server.baseUrl, 'models');
    if (url === null || this.running || this.controller.signal.aborted) return;
    if (performance.now() < this.freshUntilMs) return;
    this.running = true;
    this.fetch(url)
      // Whatever is wrong with the server is told by the request that matters.
      .catch(() => undefined)
      .finally(() => {
        this.running = false;
        this.freshUntilMs = performance.now() + FRESH_MS;
      });
  }

  close(): void {
    this.controller.abort();
  }

  private async fetch(url: string): Promise<void> {
    const { apiKey } = this.server;
    const request = new AbortController();
    const abort = () => request.abort();
    const tooLong = setTimeout(abort, TIMEOUT_MS);
    this.controller.signal.addEventListener('abort', abort);
    try {
      const response = await fetch(url, {
        headers: apiKey ? { authorization: `Bearer ${apiKey}` } : {},
        signal: request.signal,
      });
      // Only a connection whose answer was read to the end is used again.
      await response.arrayBuffer();
    } finally {
      clearTimeout(tooLong);
      this.controller.signal.removeEventListener('abort', abort);
    }
  }
}
