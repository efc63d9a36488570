/** The server's process as the app runs it: bundled once, then forked. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { ChildMessage, ParentMessage } from '../../src/server/process';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Bundles `src/server/process.ts` for Node; gives the path of the program. */
export async function bundleServerProcess(): Promise<string> {
  const outDir = `${root}node_modules/.cache/parley-tests/server-process`;
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: [/^(?!sherpa-onnx-node|koffi|@echogarden)/u] },
    build: {
      ssr: 'src/server/process.ts',
      outDir,
      emptyOutDir: true,
      target: 'node18',
      rollupOptions: { output: { format: 'cjs', entryFileNames: 'process.cjs' } },
    },
  });
  return `${outDir}/process.cjs`;
}

export class ServerProcess {
  readonly messages: ChildMessage[] = [];
  readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;
  private wake = () => {};

  constructor(program: string) {
    this.child = fork(program, [], { serialization: 'json' });
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
