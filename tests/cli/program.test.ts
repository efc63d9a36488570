import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAiKey } from '../../src/cli/local-server';
import { runProgram } from '../../src/cli/program';
import type { Terminal } from '../../src/cli/terminal';
import { writeWav } from '../../src/cli/wav';
import { TestClient } from '../helpers/server-client';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs a command line; `stop` ends a command that waits for the user. */
function run(args: string[], env: Terminal['env'] = {}) {
  const out: string[] = [];
  const notes: string[] = [];
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((done) => {
    stop = done;
  });
  const exit = runProgram(args, {
    print: (line) => out.push(line),
    note: (line) => notes.push(line),
    env,
    modelsDir: resolve('models'),
    version: '1.2.3',
    stopped: () => stopped,
  });
  return { exit, out, notes, stop };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((wait) => setTimeout(wait, 10));
}

function occupy(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => {
      done({ server, port: (server.address() as { port: number }).port });
    });
  });
}

describe('the command line', () => {
  it.each([[['--help']], [['serve', '--help']], [['converse', '--help']]])('%j prints help', async (args) => {
    const { exit, out, notes } = run(args);
    expect(await exit).toBe(0);
    expect(out.join('\n')).toContain('Usage: parley');
    expect(notes).toEqual([]);
  });

  it('tells its version', async () => {
    const { exit, out } = run(['--version']);
    expect(await exit).toBe(0);
    expect(out).toEqual(['1.2.3']);
  });

  const mistakes: [args: string[], message: RegExp][] = [
    [['converse'], /missing required argument 'question\.wav'/],
    [['sing'], /unknown command 'sing'/],
    [['serve', '--prot', '1'], /unknown option '--prot'/],
    [['serve', '--port', '70000'], /A port is a number from 0 to 65535/],
    [['serve', '--port', 'eighty'], /A port is a number from 0 to 65535/],
    [['converse', 'q.wav', '--barge-in', 'stop.wav'], /WAV file and milliseconds/],
    [['converse', 'q.wav', '--timeout', '-1'], /A time is a number of seconds/],
    [['serve', '--llm-url', 'http://127.0.0.1:1/v1'], /--llm-url needs --llm-model/],
    [['serve', '--llm-model', 'm'], /--llm-model needs --llm-url/],
    [['serve', '--port', '0', '--host', '0.0.0.0'], /Give a token/],
    [['serve', '--tls-port', '1'], /--tls-port needs --tls/],
    [['serve', '--tls-name', 'kitchen.local'], /--tls-name needs --tls/],
    [['serve', '--tls', '--tls-port', '99999'], /A port is a number from 0 to 65535/],
    [['serve', '--max-sessions', '0'], /whole number from 1 to 999999/],
    [['serve', '--max-sessions', 'many'], /whole number from 1 to 999999/],
    [['serve', '--allowed-origin', 'http://localhost:3000/'], /An origin is a scheme and a host/],
    [['serve', '--allowed-origin', 'localhost:3000'], /An origin is a scheme and a host/],
    [
      ['serve', '--tls', '--port', '0', '--state-dir', '/dev/null/x'],
      /certificate for TLS cannot be kept in/,
    ],
  ];
  it.each(mistakes)('%j is answered with a sentence and exit 1', async (args, message) => {
    const { exit, out, notes } = run(args);
    expect(await exit).toBe(1);
    expect(notes.join('\n')).toMatch(message);
    expect(notes.join('\n')).not.toContain('    at ');
    expect(out).toEqual([]);
  });
});

describe('converse', () => {
  const bad: [name: string, content: string | null, message: string][] = [
    ['empty.wav', '', 'is empty.'],
    ['not-a-wav.wav', 'These are words.', 'is not a WAV file.'],
    ['cut.wav', 'RIFF\x24\0\0\0WAVEfmt ', 'is cut short: it holds no sound data.'],
    ['missing.wav', null, 'cannot be read: there is no such file.'],
  ];
  it.each(bad)('%s: one sentence, exit 1, and one object with --json', async (name, content, message) => {
    const path = join(folder, name);
    if (content !== null) await writeFile(path, content, 'latin1');
    const { exit, out, notes } = run(['converse', path, '--json']);
    expect(await exit).toBe(1);
    expect(notes).toEqual([`parley: ${path} ${message}`]);
    expect(out.map((line) => JSON.parse(line))).toEqual([
      { url: '', turns: [], errors: [`${path} ${message}`] },
    ]);
  });

  it('checks the barge-in before anything is said', async () => {
    const question = join(folder, 'fine.wav');
    await writeWav(question, new Int16Array(2400));
    const { exit, notes } = run(['converse', question, '--barge-in', `${join(folder, 'no.wav')}@500`]);
    expect(await exit).toBe(1);
    expect(notes).toEqual([`parley: ${join(folder, 'no.wav')} cannot be read: there is no such file.`]);
  });

  it.each([
    ['ftp://host', 'ftp://host cannot be connected to: ftp: is not one of http, https, ws, wss.'],
    ['nonsense', 'nonsense cannot be connected to: not a URL.'],
  ])('a URL that is none: %s', async (url, message) => {
    const question = join(folder, 'fine.wav');
    await writeWav(question, new Int16Array(2400));
    const { exit, notes } = run(['converse', question, '--url', url]);
    expect(await exit).toBe(1);
    expect(notes).toEqual([`parley: ${message}`]);
  });

  it('a server that is not there', async () => {
    const question = join(folder, 'fine.wav');
    await writeWav(question, new Int16Array(2400));
    const { server, port } = await occupy();
    await new Promise((closed) => server.close(closed));
    const { exit, out } = run(['converse', question, '--json', '--url', `ws://127.0.0.1:${port}`]);
    expect(await exit).toBe(1);
    expect(JSON.parse(out[0] as string)).toMatchObject({
      turns: [],
      errors: [expect.stringMatching(/^server-unreachable/)],
    });
  });
});

describe('serve', () => {
  it('serves until it is stopped, and shows no token', async () => {
    const { exit, out, stop } = run(['serve', '--port', '0'], { PARLEY_TOKEN: 'secret-token' });
    await until(() => out.length >= 3);
    const url = /ws:\/\/127\.0\.0\.1:(\d+)\/v1\/realtime/.exec(out[0] ?? '');
    const health = await fetch(`http://127.0.0.1:${url?.[1]}/health`);
    expect(await health.json()).toMatchObject({ status: 'ok', activeSessions: 0, version: '1.2.3' });
    stop();
    expect(await exit).toBe(0);
    expect(out.join('\n')).not.toContain('secret-token');
    await expect(fetch(`http://127.0.0.1:${url?.[1]}/health`)).rejects.toThrow();
  });

  it('serves over TLS, to whom and how it is told', async () => {
    const stateDir = join(folder, 'state');
    const traceFile = join(folder, 'serve-trace.jsonl');
    const origins = ['--allowed-origin', 'http://localhost:3000', 'app://page'];
    const { exit, out, stop } = run(
      [
        'serve',
        '--port',
        '0',
        '--tls',
        '--no-beta',
        '--max-sessions',
        '1',
        '--state-dir',
        stateDir,
        ...origins,
      ],
      { PARLEY_TRACE: traceFile },
    );
    await until(() => out.length >= 5);
    const [plain, , secure, trust] = out;
    const ca = await readFile(join(stateDir, 'tls', 'ca.pem'));
    expect(trust).toContain(`NODE_EXTRA_CA_CERTS=${join(stateDir, 'tls', 'ca.pem')}`);
    const url = secure?.replace('Over TLS at ', '') ?? '';
    expect(url).toMatch(/^wss:/);

    const client = await TestClient.open(url, { ca, origin: 'app://page' });
    client.send({ type: 'response.create', response: { instructions: 'Greet.' } });
    await client.next('response.done');
    const oneMore = await TestClient.connect(url, { ca });
    expect((await oneMore.next('error')).error.code).toBe('session_limit_exceeded');
    client.close();
    await client.closed;
    expect(await readFile(traceFile, 'utf8')).toContain('"audio-sent"');

    const http = plain?.replace('Realtime server at ws:', 'http:').replace('/v1/realtime', '') ?? '';
    expect(await (await fetch(`${http}/metrics`)).text()).toContain('parley_sessions_total');
    const beta = await TestClient.connect(url, { ca, headers: { 'openai-beta': 'realtime=v1' } });
    expect((await beta.next('error')).error.code).toBe('beta_api_shape_disabled');
    stop();
    expect(await exit).toBe(0);
  });

  it('says in one sentence that the port is in use', async () => {
    const { server, port } = await occupy();
    const { exit, out, notes } = run(['serve', '--port', String(port)]);
    expect(await exit).toBe(1);
    expect(notes).toEqual([
      `parley: Port ${port} on 127.0.0.1 is in use by another program. Choose another port.`,
    ]);
    expect(out).toEqual([]);
    server.close();
  });

  it('says which model file is missing, and serves with the engines that are there', async () => {
    const { exit, out, notes, stop } = run(['serve', '--port', '0', '--models-dir', join(folder, 'nothing')]);
    await until(() => out.length >= 3);
    stop();
    expect(await exit).toBe(0);
    expect(out[1]).toContain('VAD unavailable');
    expect(notes.length).toBe(1);
    expect(notes[0]).toMatch(/^error: engine unavailable, stage=vad: .*silero_vad_v5\.onnx/);
  });
});

describe('OPENAI_API_KEY', () => {
  const env = { OPENAI_API_KEY: 'sk-1' };
  it.each([
    ['wss://api.openai.com/v1/realtime', 'sk-1'],
    ['https://eu.api.openai.com/v1', 'sk-1'],
    ['http://127.0.0.1:11434/v1', null],
    ['https://api.openai.com.evil.example/v1', null],
    ['https://notopenai.com/v1', null],
    ['nonsense', null],
  ])('for %s is %s', (url, key) => {
    expect(openAiKey(url, env)).toBe(key);
    expect(openAiKey(url, {})).toBeNull();
  });
});
