/**
 * Runs the local Realtime server as a process of its own and keeps it running: a server that dies is started again on a
 * new port. The only file of this room that knows the server, and it knows no more than its messages.
 */
import { randomBytes } from 'node:crypto';
import { type UtilityProcess, utilityProcess } from 'electron';
import type { BackendSettings } from '../server/backends';
import type { ChildMessage, ParentMessage } from '../server/process';
import type { Logger } from '../shared/log';
import type { Settings } from '../shared/settings';

export interface LocalServerTarget {
  url: string;
  key: string;
}

export type LocalServerState =
  | { state: 'off' }
  | { state: 'starting' }
  | { state: 'running'; target: LocalServerTarget; engines: Record<string, string> }
  /** It died and is being started again. */
  | { state: 'restarting'; detail: string }
  /** It died too often; `start` tries again. */
  | { state: 'failed'; detail: string };

export interface LocalServer {
  readonly current: LocalServerState;
  /** Starts it with this language model, or restarts it when that differs from the running one. */
  start(llm: Settings['llm'], llmKey: string | null): void;
  stop(): void;
  /** The running server; waits while it starts, rejects when it is off or failed. */
  target(): Promise<LocalServerTarget>;
}

const RESTART_DELAYS_MS = [0, 250, 1000, 4000];
/** A server that ran this long has recovered: its next death counts as the first. */
const STABLE_MS = 60_000;

export interface LocalServerOptions {
  version: string;
  /** File of its process (`server/process`). */
  file: string;
  /** Folder of the provisioned model files. */
  modelsDir: string;
  /** Folder for what must survive a restart of the server. */
  stateDir: string;
  log: Logger;
  onChange(state: LocalServerState): void;
}

export function createLocalServer(options: LocalServerOptions): LocalServer {
  const { version, file, modelsDir, stateDir, log, onChange } = options;
  let current: LocalServerState = { state: 'off' };
  let child: UtilityProcess | null = null;
  let backends: BackendSettings | null = null;
  let deaths = 0;
  let startedAt = 0;
  let timer: NodeJS.Timeout | null = null;
  const waiting = new Set<{ resolve: (target: LocalServerTarget) => void; reject: (error: Error) => void }>();

  const change = (state: LocalServerState): void => {
    current = state;
    for (const waiter of [...waiting]) {
      if (state.state === 'running') waiter.resolve(state.target);
      else if (state.state === 'failed') waiter.reject(new Error(state.detail));
      else if (state.state === 'off') waiter.reject(new Error('The local server is off.'));
      else continue;
      waiting.delete(waiter);
    }
    onChange(state);
  };

  const spawn = (): void => {
    if (!backends) return;
    timer = null;
    startedAt = performance.now();
    const token = randomBytes(24).toString('base64url');
    const spawned = utilityProcess.fork(file, [], {
      serviceName: 'Parley local server',
      stdio: 'pipe',
    });
    child = spawned;
    spawned.stderr?.on('data', (data: Buffer) =>
      log.debug('local server', { stderr: data.toString().trim() }),
    );
    let failure = '';
    spawned.on('message', (message: ChildMessage) => {
      if (child !== spawned) return;
      switch (message.type) {
        case 'listening':
          change({ state: 'running', target: { url: message.url, key: token }, engines: message.engines });
          return;
        case 'failed':
          failure = message.message;
          spawned.kill();
          return;
        case 'log':
          log[message.entry.level](message.entry.message, { ...message.entry.fields, process: 'server' });
          return;
        default:
          message satisfies never;
      }
    });
    spawned.on('exit', (code) => {
      if (child !== spawned) return;
      child = null;
      died(failure || `The local server's process ended with code ${code}.`);
    });
    const start: ParentMessage = { type: 'start', port: 0, token, version, backends };
    spawned.postMessage(start);
  };

  const died = (detail: string): void => {
    if (performance.now() - startedAt > STABLE_MS) deaths = 0;
    const delay = RESTART_DELAYS_MS[deaths];
    deaths += 1;
    log.warn('local server ended', { detail, deaths });
    if (delay === undefined) {
      change({ state: 'failed', detail });
      return;
    }
    change({ state: 'restarting', detail });
    timer = setTimeout(spawn, delay);
  };

  const end = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    const running = child;
    child = null;
    running?.kill();
  };

  return {
    get current() {
      return current;
    },
    start({ kind, baseUrl, model }, llmKey) {
      const next: BackendSettings = {
        modelsDir,
        stateDir,
        llm: kind === 'builtin' ? { kind } : { kind, baseUrl, model, apiKey: llmKey },
      };
      const unchanged = JSON.stringify(next) === JSON.stringify(backends);
      if (unchanged && (child || timer)) return;
      end();
      backends = next;
      deaths = 0;
      change({ state: 'starting' });
      spawn();
    },
    stop() {
      end();
      backends = null;
      if (current.state !== 'off') change({ state: 'off' });
    },
    target() {
      switch (current.state) {
        case 'running':
          return Promise.resolve(current.target);
        case 'off':
          return Promise.reject(new Error('The local server is off.'));
        case 'failed':
          return Promise.reject(new Error(current.detail));
        case 'starting':
        case 'restarting':
          return new Promise((resolve, reject) => waiting.add({ resolve, reject }));
        default:
          return current satisfies never;
      }
    },
  };
}
