import { McpFailure, protocolError, RPC } from './outcome';

/**
 * What `work` gives, unless `ms` pass or one of `stops` aborts before: then the signal that `work` was given is aborted
 * and this rejects with an McpFailure at once, whatever `work` goes on to do.
 */
export async function withinLimit<T>(
  ms: number,
  stops: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  let onStop = () => {};
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_, reject) => {
    const end = (code: number, message: string) => {
      reject(new McpFailure(protocolError(code, message)));
      controller.abort();
    };
    onStop = () => end(RPC.closed, 'It was stopped before the MCP server answered.');
    timer = setTimeout(() => end(RPC.timeout, `The MCP server did not answer within ${ms / 1000} s.`), ms);
    if (stops.some(({ aborted }) => aborted)) onStop();
    for (const stop of stops) stop.addEventListener('abort', onStop);
  });
  try {
    return await Promise.race([ended, signal.aborted ? ended : work(signal)]);
  } finally {
    clearTimeout(timer);
    for (const stop of stops) stop.removeEventListener('abort', onStop);
  }
}
