/**
 * A page of a running program, over Chromium's own debugging port. Playwright is not used here: it holds a program
 * back at its start until it is connected, and its inspector stays in the process whose cost is measured.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

const POLL_MS = 20;

export interface Page {
  /** The value of an expression in the page, awaited; rejects with what it throws. */
  evaluate<T>(expression: string): Promise<T>;
  close(): void;
}

interface Answer {
  id?: number;
  error?: { message: string };
  result?: { result?: { value?: unknown }; exceptionDetails?: { text: string } };
}

/** Attaches to the first page behind the debugging port; waits up to `timeoutMs` until there is one. */
export async function openPage(port: number, timeoutMs: number): Promise<Page> {
  const socket = new WebSocket(await pageAddress(port, timeoutMs));
  await once(socket, 'open');
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.on('message', (data) => {
    const answer: Answer = JSON.parse(String(data));
    waiting.get(answer.id ?? 0)?.(answer);
    waiting.delete(answer.id ?? 0);
  });
  socket.on('close', () => {
    for (const settle of waiting.values()) settle({ error: { message: 'the page has gone' } });
    waiting.clear();
  });
  let last = 0;
  return {
    async evaluate<T>(expression: string) {
      const id = ++last;
      const params = { expression, awaitPromise: true, returnByValue: true, userGesture: true };
      const { error, result } = await new Promise<Answer>((resolve) => {
        waiting.set(id, resolve);
        socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }));
      });
      const reason = error?.message ?? result?.exceptionDetails?.text;
      if (reason) throw new Error(`The page did not answer ${expression}: ${reason}`);
      return result?.result?.value as T;
    },
    close: () => socket.close(),
  };
}

async function pageAddress(port: number, timeoutMs: number): Promise<string> {
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
