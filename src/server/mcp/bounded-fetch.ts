import { McpFailure, protocolError, RPC } from './outcome';

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** `fetch` whose answers fail once they are longer than `maxBytes`. */
export function boundedFetch(maxBytes: number): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (response.body === null) return response;
    let bytes = 0;
    const counted = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          bytes += chunk.byteLength;
          if (bytes <= maxBytes) controller.enqueue(chunk);
          else controller.error(tooLong(maxBytes));
        },
      }),
    );
    const { status, statusText, headers } = response;
    return new Response(counted, { status, statusText, headers });
  };
}

/**
 * For Streamable HTTP: the stream on which a server speaks unasked is never opened, since nothing it could say there
 * is acted on. A stream that is resumed carries an answer and is.
 */
export function withoutUnaskedStream(inner: Fetch): Fetch {
  return async (url, init) => {
    const isUnasked = init?.method === 'GET' && !new Headers(init.headers).has('last-event-id');
    return isUnasked ? new Response(null, { status: 405 }) : inner(url, init);
  };
}

function tooLong(maxBytes: number): McpFailure {
  return new McpFailure(
    protocolError(RPC.internal, `The MCP server answered with more than ${maxBytes} bytes.`),
  );
}
