/** The server's programs as they are shipped: bundled as the product builds them. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { ChildMessage, ParentMessage } from '../../src/server/process';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Bundles `src/server/process.ts` for Node, with the voice's thread beside it; gives the path of the program. */
export async function bundleServerProcess(): Promise<string> {
  await bundle({ process: 'src/server/process.ts', 'flite-worker': FLITE_WORKER }, 'server-process');
  return `${outDir('server-process')}/process.js`;
}

const FLITE_WORKER = 'src/server/backends/flite/worker.ts';

/** Bundles the voice's thread alone; gives the path of its program. */
export async function bundleFliteWorker(): Promise<string> {
  await bundle({ 'flite-worker': FLITE_WORKER }, 'flite-worker');
  return `${outDir('flite-worker')}/flite-worker.js`;
}

/** Bundles the server as a library, with the voice's thread beside it; gives the folder of `library.js`. */
export async function bundleLibrary(): Promise<string> {
  await bundle({ library: 'src/server/library.ts', 'flite-worker': FLITE_WORKER }, 'library');
  return outDir('library');
}

const outDir = (folder: string) => `${root}node_modules/.cache/parley-tests/${folder}`;

/** What the product keeps outside is installed here. */
async function bundle(input: Record<string, string>, folder: string): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: [/^(?!koffi|@echogarden)/u] },
    build: {
      ssr: true,
      outDir: outDir(folder),
      emptyOutDir: true,
      target: 'node18',
      rollupOptions: { input, output: { format: 'cjs', entryFileNames: '[name].js' } },
    },
  });
}

/** The server's process as the app runs it. */
export class ServerProcess {
  readonly messages: ChildMessage[] = [];
  readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;
  private wake = () => {};

  constructor(program: string, env: Record<string, string> = {}) {
    this.child = fork(program, [], { serialization: 'json', env: { ...process.env, ...env } });
    this.child.on('message', (message) => {
      this.messages.push(message as ChildMessage);
      this.wake();
    });
    this.exited = new Promise((resolve) => {
      this.child.once('exit', (code) => resolve(code));
    });
  }

  post(message: ParentMessage): void {
    this.child.send(message);
  }

  disconnect(): void {
    this.child.disconnect();
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  async next<T extends ChildMessage['type']>(type: T): Promise<Extract<ChildMessage, { type: T }>> {
    for (;;) {
      const found = this.messages.find((message) => message.type === type);
      if (found !== undefined) return found as Extract<ChildMessage, { type: T }>;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}
