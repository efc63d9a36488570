/** The built server as a process of its own, as `parley serve` starts it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../../scripts/root.mjs';

export interface RunningServer {
  port: number;
  close(): Promise<void>;
}

/** Resolves when the server answers on `port`. */
export async function serve(port: number, token: string | null): Promise<RunningServer> {
  const child: ChildProcess = spawn(
    process.execPath,
    [
      join(root, 'out/main/cli.js'),
      'serve',
      `--port=${port}`,
      `--models-dir=${join(root, 'models')}`,
      ...(token ? [`--token=${token}`] : []),
    ],
    { stdio: 'ignore' },
  );
  while (!(await isHealthy(port))) {
    if (child.exitCode !== null) throw new Error(`parley serve ended with ${child.exitCode}`);
    await sleep(100);
  }
  return {
    port,
    async close() {
      child.kill();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

function isHealthy(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/health`).then(
    (response) => response.ok,
    () => false,
  );
}
