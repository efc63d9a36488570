/**
 * The server as a process of its own: an Electron utilityProcess or a forked Node process. The parent says `start`
 * once and hears `listening` or `failed`; `log` entries may come at any time. When the parent goes, so does this.
 * For developers: with PARLEY_TRACE in the environment, the stages of each turn are written to the file of that name.
 */
import { constants, setPriority } from 'node:os';
import { createLogger, type LogEntry, toError } from '../shared/log';
import { type BackendSettings, type Backends, EngineError } from './backends';
import { createBackends } from './create-backends';
import { type RunningServer, type Stage, startServer } from './index';
import { traceToFile } from './trace';

export type ParentMessage =
  | {
      type: 'start';
      host?: string;
      port: number;
      token: string | null;
      version: string;
      backends: BackendSettings;
      allowedOrigins?: string[];
    }
  | { type: 'stop' };

export type ChildMessage =
  | { type: 'listening'; url: string; port: number; engines: Record<Stage, string> }
  /** `message` is fit for the user; `stage` is the engine at fault, null when none is. */
  | { type: 'failed'; stage: Stage | null; message: string }
  | { type: 'log'; entry: LogEntry };

/** The one thing of Electron that this process sees, in Electron's own shape. */
interface ElectronParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

interface Parent {
  post(message: ChildMessage): void;
  listen(listener: (message: ParentMessage) => void): void;
}

function connectToParent(): Parent | null {
  const { parentPort } = process as { parentPort?: ElectronParentPort };
  if (parentPort !== undefined) {
    return {
      post: (message) => parentPort.postMessage(message),
      listen: (listener) => parentPort.on('message', ({ data }) => listener(data as ParentMessage)),
    };
  }
  if (process.send === undefined) return null;
  process.once('disconnect', () => process.exit(0));
  return {
    post: (message) => {
      // A parent that has gone cannot be told anything.
      if (process.connected) process.send?.(message);
    },
    listen: (listener) => {
      process.on('message', (message) => listener(message as ParentMessage));
    },
  };
}

function run(parent: Parent): void {
  const log = createLogger((entry) => parent.post({ type: 'log', entry: serialisable(entry) }));
  try {
    // A sound device that is served late, while a long answer is made, loses what its echo canceller has learned.
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    log.debug('the priority stays as it is', { error: toError(error) });
  }
  let backends: Backends | null = null;
  let server: RunningServer | null = null;

  const start = async ({
    type: _,
    backends: settings,
    ...options
  }: Extract<ParentMessage, { type: 'start' }>) => {
    const engines = await createBackends(settings, log);
    backends = engines;
    const { PARLEY_TRACE: traceFile } = process.env;
    server = await startServer({
      ...options,
      backends: engines,
      log,
      ...(traceFile ? { trace: traceToFile(traceFile) } : {}),
    });
    const { url, port } = server;
    parent.post({ type: 'listening', url, port, engines: server.engines });
  };
  const stop = async () => {
    await server?.close();
    await backends?.close();
    process.exit(0);
  };
  const fail = (cause: unknown) => {
    const error = toError(cause);
    const stage = error instanceof EngineError ? error.stage : null;
    parent.post({ type: 'failed', stage, message: error.message });
  };

  parent.listen((message) => {
    switch (message.type) {
      case 'start':
        start(message).catch(fail);
        return;
      case 'stop':
        stop().catch((cause: unknown) => {
          log.error('stopping failed', { error: toError(cause) });
          process.exit(1);
        });
        return;
      default:
        message satisfies never;
    }
  });

  // A bug leaves unknown state behind; the parent starts a new process.
  process.on('uncaughtException', (error) => {
    log.error('uncaught exception', { error });
    setTimeout(() => process.exit(1), 50);
  });
}

/** Errors among the fields as plain data, which survives every way of posting. */
function serialisable(entry: LogEntry): LogEntry {
  const fields = Object.entries(entry.fields).map(([name, value]) =>
    value instanceof Error
      ? [name, { name: value.name, message: value.message, stack: value.stack }]
      : [name, value],
  );
  return { ...entry, fields: Object.fromEntries(fields) };
}

const parent = connectToParent();
if (parent !== null) run(parent);
