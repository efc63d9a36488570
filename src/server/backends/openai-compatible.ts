import { createParser } from 'eventsource-parser';
import { chatUrl } from '../../shared/chat-url';
import { type Llm, LlmError, type LlmPart, type LlmRequest } from './index';
import { ChatAnswer, errorText } from './openai-compatible/answer';
import { type ChatServer, quote, statusError, unreachableError } from './openai-compatible/failure';
import { chatRequest } from './openai-compatible/request';
import { WarmUp } from './openai-compatible/warm-up';

export interface OpenAiCompatibleOptions {
  /** Any chat-completions server: "http://127.0.0.1:11434/v1", "https://api.openai.com". */
  baseUrl: string;
  model: string;
  apiKey: string | null;
  /** See `BackendSettings`. */
  prepare?: boolean;
  /** See `BackendSettings`. */
  images?: boolean;
  /** Longest wait for the first piece of an answer; a local server may have to load its model first. */
  firstPieceTimeoutMs?: number;
  /** Longest wait between two pieces. */
  nextPieceTimeoutMs?: number;
}

/**
 * A language model behind an OpenAI-compatible chat-completions server (Ollama, llama.cpp, vLLM, OpenAI), streamed.
 * Nothing is connected before somebody speaks; every failure is an LlmError with a sentence for the user.
 */
export function createOpenAiCompatibleLlm(options: OpenAiCompatibleOptions): Llm {
  return {
    name: options.model === '' ? 'openai-compatible' : options.model,
    open() {
      const warmUp = new WarmUp(options);
      return {
        canPrepare: options.prepare ?? false,
        sees: options.images ?? true,
        // It does nothing but answer, so nothing waits for a commitment.
        respond: (request, signal) => respond(options, request, signal),
        warm: () => warmUp.start(),
        close: () => warmUp.close(),
      };
    },
  };
}

async function* respond(
  options: OpenAiCompatibleOptions,
  request: LlmRequest,
  signal: AbortSignal,
): AsyncGenerator<LlmPart, void, undefined> {
  if (signal.aborted) return;
  const { model, apiKey } = options;
  const url = chatUrl(options.baseUrl, 'chat/completions');
  if (url === null) throw new LlmError('The address of the language model is not a valid http address.');
  if (model === '') throw new LlmError('No language model is chosen. Choose one in the settings.');
  const server: ChatServer = { host: new URL(url).host, model, apiKey };

  const watch = new Watch(signal, server);
  try {
    watch.expect(options.firstPieceTimeoutMs ?? 60_000);
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
      },
      body: JSON.stringify(chatRequest(request, model, server.host === 'api.openai.com')),
      signal: watch.signal,
    }).catch((cause) => {
      throw unreachableError(cause, server);
    });
    if (!response.ok) {
      throw statusError(response.status, await errorDetail(response), server, hasImages(request));
    }
    if (response.body === null || !response.headers.get('content-type')?.includes('text/event-stream')) {
      throw new LlmError(`What answers at ${server.host} is not a chat service; check the base URL.`);
    }
    const answer = new ChatAnswer();
    for await (const data of eventData(response.body, server, watch, options.nextPieceTimeoutMs ?? 60_000)) {
      if (data === '[DONE]') {
        yield* answer.endCall();
        return;
      }
      const result = answer.push(data);
      switch (result.type) {
        case 'parts':
          for (const part of result.parts) {
            yield part;
            if (signal.aborted) return;
          }
          break;
        case 'error':
          throw new LlmError(`The language model at ${server.host} failed.${quote(result.detail, server)}`);
        case 'malformed':
          throw new LlmError(
            `The language model at ${server.host} sent something that cannot be understood.`,
          );
        default: {
          const never: never = result;
          throw new Error(`no such chunk: ${JSON.stringify(never)}`);
        }
      }
    }
    // Some servers leave out the last mark, but none stops without a reason.
    if (!answer.finished) throw interrupted(server);
  } catch (cause) {
    if (signal.aborted) return;
    throw watch.timeout ?? cause;
  } finally {
    // Also closes the connection when the reader has had enough.
    watch.close();
  }
}

/** The data of each server-sent event. Time counts only while waiting for the server, not for the reader. */
async function* eventData(
  body: AsyncIterable<Uint8Array>,
  server: ChatServer,
  watch: Watch,
  timeoutMs: number,
): AsyncGenerator<string, void, undefined> {
  const events: string[] = [];
  const parser = createParser({ onEvent: (event) => events.push(event.data) });
  const decoder = new TextDecoder();
  try {
    for await (const bytes of body) {
      watch.relax();
      parser.feed(decoder.decode(bytes, { stream: true }));
      yield* events.splice(0);
      watch.expect(timeoutMs);
    }
  } catch (cause) {
    throw interrupted(server, cause);
  }
  // The last event may lack the empty line that ends it.
  parser.feed('\n\n');
  yield* events.splice(0);
}

function hasImages({ messages }: LlmRequest): boolean {
  return messages.some((message) => message.role === 'user' && (message.images?.length ?? 0) > 0);
}

function interrupted({ host }: ChatServer, cause?: unknown): LlmError {
  return new LlmError(`The connection to the language model at ${host} broke in the middle of the answer.`, {
    cause,
  });
}

async function errorDetail(response: Response): Promise<string> {
  try {
    return errorText(JSON.parse(await response.text()));
  } catch {
    // A proxy's page of HTML says nothing that the status does not say.
    return '';
  }
}

/** Aborts the request with the caller's signal, and when a piece of the answer takes too long. */
class Watch {
  /** Why the request was given up, when it took too long. */
  timeout: LlmError | null = null;
  private readonly controller = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly abort = () => this.controller.abort();

  constructor(
    private readonly outer: AbortSignal,
    private readonly server: ChatServer,
  ) {
    outer.addEventListener('abort', this.abort);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The next piece must come within `ms`. */
  expect(ms: number): void {
    this.relax();
    this.timer = setTimeout(() => {
      this.timeout = new LlmError(`The language model at ${this.server.host} did not answer in time.`);
      this.controller.abort();
    }, ms);
  }

  /** Nothing is waited for. */
  relax(): void {
    clearTimeout(this.timer);
  }

  close(): void {
    this.relax();
    this.outer.removeEventListener('abort', this.abort);
    this.controller.abort();
  }
}
