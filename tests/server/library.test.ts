/** The example of docs/server.md, run as a program. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import config from '../../electron.vite.config';
import { TestClient } from '../helpers/server-client';

const root = fileURLToPath(new URL('../../', import.meta.url));
const outDir = `${root}node_modules/.cache/parley-tests/library`;
let child: ChildProcess;

beforeAll(async () => {
  // As the product builds it; what is external there is installed here.
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: [/^(?!koffi|@echogarden)/u] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node18',
      rollupOptions: {
        input: { library: 'src/server/library.ts', 'flite-worker': 'src/server/backends/flite/worker.ts' },
        output: { format: 'cjs', entryFileNames: '[name].js' },
      },
    },
  });
  const example = await readFile(`${root}docs/examples/server.mjs`, 'utf8');
  await writeFile(`${outDir}/server.mjs`, example.replace("'parley/server'", "'./library.js'"));
}, 120_000);
afterAll(() => child?.kill('SIGKILL'));

it('serves inside another program, and ends when told', { timeout: 60_000 }, async () => {
  child = spawn(process.execPath, [`${outDir}/server.mjs`, '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const url = await new Promise<string>((resolve) => {
    child.stdout?.once('data', (data) => resolve(String(data).trim()));
  });
  expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/v1\/realtime$/u);
  const client = await TestClient.open(url);
  const { response } = await client.ask(
    { type: 'response.create', response: { instructions: 'Greet.' } },
    'response.done',
  );
  expect(response.status).toBe('completed');
  expect(client.of('response.output_audio.delta')).not.toEqual([]);
  const metrics = await fetch(`${url.replace('ws:', 'http:').replace('/v1/realtime', '/metrics')}`);
  expect(await metrics.text()).toContain('parley_responses_total{status="completed"} 1');
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
});

it('is what the package exports', () => {
  const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  expect(exports['./server']).toEqual({ types: './src/server/library.ts', default: './out/main/library.js' });
  const { main } = config as { main: { build: { rolldownOptions: { input: Record<string, string> } } } };
  expect(main.build.rolldownOptions.input.library).toBe(`${root}src/server/library.ts`);
});
