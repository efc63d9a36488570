import { mkdtemp, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TestClient } from '../helpers/server-client';
import { bundleServerProcess, ServerProcess } from '../helpers/server-process';

let program: string;
let server: ServerProcess | null = null;

beforeAll(async () => {
  program = await bundleServerProcess();
}, 120_000);
afterEach(() => server?.kill());

const modelsDir = fileURLToPath(new URL('../../models', import.meta.url));
const start = (options: { port?: number; modelsDir?: string; token?: string | null } = {}) =>
  ({
    type: 'start',
    port: options.port ?? 0,
    token: options.token ?? null,
    version: '9.9.9',
    backends: { modelsDir: options.modelsDir ?? modelsDir, stateDir: null, llm: { kind: 'builtin' } },
  }) as const;

describe('the server process', { timeout: 90_000 }, () => {
  it('announces its address and engines, serves, and stops when told', async () => {
    server = new ServerProcess(program);
    server.post(start({ token: 'secret' }));
    const { url, port, engines } = await server.next('listening');
    expect(url).toBe(`ws://127.0.0.1:${port}/v1/realtime`);
    expect(Object.keys(engines).sort()).toEqual(['llm', 'stt', 'tts', 'vad']);
    const client = await TestClient.open(url, { headers: { authorization: 'Bearer secret' } });
    server.post({ type: 'stop' });
    expect((await client.closed).code).toBe(1001);
    expect(await server.exited).toBe(0);
  });

  it('writes the stages of a turn to the file that a developer names', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'parley-trace-')), 'trace.jsonl');
    server = new ServerProcess(program, { PARLEY_TRACE: file });
    server.post(start());
    const client = await TestClient.open((await server.next('listening')).url);
    client.send({ type: 'response.create', response: { instructions: 'Greet.' } });
    expect((await client.next('response.done')).response.status).toBe('completed');
    client.close();
    const lines = (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ kind }) => kind)).toEqual(['llm-first', 'tts-first', 'audio-sent']);
    expect(Math.abs(lines[2].atMs - Date.now())).toBeLessThan(60_000);
  });

  it('goes when its parent goes', async () => {
    server = new ServerProcess(program);
    server.post(start());
    await server.next('listening');
    server.disconnect();
    expect(await server.exited).toBe(0);
  });

  it('says why it cannot listen', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    server = new ServerProcess(program);
    server.post(start({ port }));
    expect(await server.next('failed')).toMatchObject({
      stage: null,
      message: expect.stringContaining(`Port ${port} on 127.0.0.1 is in use`),
    });
    other.close();
  });

  it('serves without the engine whose model file is missing, and says so', async () => {
    server = new ServerProcess(program);
    server.post(start({ modelsDir: '/nowhere' }));
    const { url, engines } = await server.next('listening');
    expect(engines.vad).toContain('unavailable');
    expect((await server.next('log')).entry.level).toBe('error');
    const client = await TestClient.open(url);
    client.append(new Int16Array(24_000));
    const { error } = await client.next('error');
    expect(error).toMatchObject({
      type: 'server_error',
      code: 'vad_failed',
      message: expect.stringMatching(/silero/u),
    });
    client.send({
      type: 'response.create',
      response: { output_modalities: ['text'], instructions: 'Answer.' },
    });
    await client.next('response.done');
    client.close();
  });
});
