/**
 * A page or the main process of a running program, over its own debugging ports. Playwright is not used here: it
 * holds a program back at its start until it is connected.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

const POLL_MS = 20;

export interface Target {
  /** The value of an expression there, awaited; rejects with what it throws. `require` works in the main process. */
  evaluate<T>(expression: string): Promise<T>;
  close(): void;
}

interface Answer {
  id?: number;
  error?: { message: string };
  result?: { result?: { value?: unknown }; exceptionDetails?: { text: string } };
}

/** Attaches to what a debugging address names. */
export async function openTarget(address: string): Promise<Target> {
  const socket = new WebSocket(address);
  await once(socket, 'open');
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.on('message', (data) => {
    const answer: Answer = JSON.parse(String(data));
    waiting.get(answer.id ?? 0)?.(answer);
    waiting.delete(answer.id ?? 0);
  });
  socket.on('close', () => {
    for (const settle of waiting.values()) settle({ error: { message: 'it has gone' } });
    waiting.clear();
  });
  let last = 0;
  return {
    async evaluate<T>(expression: string) {
      const id = ++last;
      const options = { awaitPromise: true, returnByValue: true, includeCommandLineAPI: true };
      const params = { ...options, expression, userGesture: true };
      const { error, result } = await new Promise<Answer>((resolve) => {
        waiting.set(id, resolve);
        socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }));
      });
      const reason = error?.message ?? result?.exceptionDetails?.text;
      if (reason) throw new Error(`No answer to ${expression}: ${reason}`);
      return result?.result?.value as T;
    },
    close: () => socket.close(),
  };
}

/** The address of the first page behind Chromium's debugging port; waits up to `timeoutMs` until there is one. */
export async function pageAddress(port: number, timeoutMs: number): Promise<string> {
  const until = Date.now() + timeoutMs;
  while (Date.now() < until) {
    const response = await fetch(`http://127.0.0.1:${port}/json/list`);
    const targets = (await response.json()) as { type: string; webSocketDebuggerUrl: string }[];
    const page = targets.find(({ type }) => type === 'page');
    if (page) return page.webSocketDebuggerUrl;
    await sleep(POLL_MS);
  }
  throw new Error(`No page opened within ${timeoutMs / 1000} s.`);
}
