/** Follows the timeline a program records while it runs (src/main/recorder.ts). Imports nothing of `src`. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Entry {
  /** Milliseconds since the recording began, on the main process's clock. */
  atMs: number;
  kind: string;
  type?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the fields are those of every event there is.
  [field: string]: any;
}

export interface Timeline {
  /** All entries so far. */
  entries(): readonly Entry[];
  /** How many there are: a mark for `next`. */
  mark(): number;
  /** The wall clock of an entry. */
  epochMs(entry: Entry): number;
  /**
   * The first entry that matches at or after `since` (a mark; that of the call when left out). Rejects after
   * `timeoutMs`, saying that `what` did not come.
   */
  next(matches: (entry: Entry) => boolean, timeoutMs: number, what: string, since?: number): Promise<Entry>;
  close(): void;
}

const POLL_MS = 20;

export function followTimeline(path: string): Timeline {
  const entries: Entry[] = [];
  const buffer = new Uint8Array(1 << 18);
  const decoder = new TextDecoder();
  let file: number | null = null;
  let rest = '';
  let closed = false;

  const read = (): void => {
    if (closed) return;
    if (file === null) {
      if (!existsSync(path)) return;
      file = openSync(path, 'r');
    }
    for (;;) {
      const bytes = readSync(file, buffer, 0, buffer.length, null);
      if (bytes === 0) return;
      const lines = `${rest}${decoder.decode(buffer.subarray(0, bytes), { stream: true })}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') entries.push(JSON.parse(line) as Entry);
    }
  };

  return {
    entries() {
      read();
      return entries;
    },
    mark() {
      read();
      return entries.length;
    },
    epochMs(entry) {
      const begin = entries.find(({ kind }) => kind === 'begin');
      return (begin?.epochMs ?? 0) + entry.atMs - (begin?.atMs ?? 0);
    },
    async next(matches, timeoutMs, what, since) {
      read();
      let at = since ?? entries.length;
      for (const until = Date.now() + timeoutMs; ; ) {
        read();
        for (; at < entries.length; at++) if (matches(entries[at] as Entry)) return entries[at] as Entry;
        if (Date.now() > until) throw new Error(`The conversation came to a halt: ${what} did not come.`);
        await sleep(POLL_MS);
      }
    },
    close() {
      read();
      closed = true;
      if (file !== null) closeSync(file);
    },
  };
}
