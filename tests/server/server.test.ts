import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeBackends } from '../../src/server/backends/fake';
import { startServer } from '../../src/server/index';
import { silentLogger } from '../../src/shared/log';
import { startTestServer, TestClient, type TestServer } from '../helpers/server-client';

let server: TestServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

function get(port: number, path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; body: unknown }>((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
    call.on('error', reject);
    call.end();
  });
}

describe('GET /health', () => {
  it('tells status, sessions, engines and version', async () => {
    server = await startTestServer({}, { engineNames: { stt: 'unavailable' } });
    const client = await TestClient.open(server.url);
    expect(await get(server.port, '/health')).toEqual({
      status: 200,
      body: {
        status: 'ok',
        activeSessions: 1,
        engines: { vad: 'fake vad', stt: 'unavailable', llm: 'fake llm', tts: 'fake tts' },
        version: '0.0.0-test',
      },
    });
    client.close();
    await client.closed;
    const idle = async () =>
      ((await get(server?.port ?? 0, '/health')).body as { activeSessions: number }).activeSessions;
    while ((await idle()) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('answers other paths and methods with 404 and 405', async () => {
    server = await startTestServer();
    for (const path of ['/', '//', '/healthy', '/health/x'])
      expect((await get(server.port, path)).status).toBe(404);
    expect((await get(server.port, '/health?x=//')).status).toBe(200);
    expect((await get(server.port, '/health', {}, 'POST')).status).toBe(405);
  });

  it('is closed to foreign names and to web pages', async () => {
    server = await startTestServer({}, { allowedOrigins: ['app://parley'] });
    expect((await get(server.port, '/health', { host: 'evil.example' })).status).toBe(403);
    expect((await get(server.port, '/health', { host: '127.0.0.1' })).status).toBe(403);
    expect((await get(server.port, '/health', { host: `localhost:${server.port}` })).status).toBe(200);
    expect((await get(server.port, '/health', { origin: 'http://evil.example' })).status).toBe(403);
    expect((await get(server.port, '/health', { origin: `http://127.0.0.1:${server.port}` })).status).toBe(
      403,
    );
    expect((await get(server.port, '/health', { origin: 'app://parley' })).status).toBe(200);
  });
});

describe('the upgrade', () => {
  const refused = async (url: string, options?: Parameters<typeof TestClient.connect>[1]) =>
    TestClient.connect(url, options).then(
      () => 'connected',
      (error: Error) => error.message,
    );

  it('is refused to foreign names, foreign origins and other paths', async () => {
    server = await startTestServer();
    expect(await refused(server.url, { headers: { host: 'evil.example' } })).toContain('403');
    expect(await refused(server.url, { origin: 'http://evil.example' })).toContain('403');
    expect(await refused(server.url.replace('/v1/realtime', '/other'))).toContain('404');
    expect(await refused(server.url.replace('/v1/realtime', '//'))).toContain('404');
  });

  it('lets in what has the key, in each of the three places', async () => {
    server = await startTestServer({}, { token: 'secret-1' });
    const ways = [
      { headers: { authorization: 'Bearer secret-1' } },
      { headers: { 'api-key': 'secret-1' } },
      { protocols: ['realtime', 'openai-insecure-api-key.secret-1'] },
    ];
    for (const way of ways) {
      const client = await TestClient.open(`${server.url}?model=anything&x=1`, way);
      expect(client.socket.protocol).toBe('protocols' in way ? 'realtime' : '');
      expect(client.events[0]?.session.model).toBe('anything');
      client.close();
    }
  });

  const refusals: Array<[string, string, Parameters<typeof TestClient.connect>[1], string, number]> = [
    ['no key', '', {}, 'invalid_api_key', 3000],
    ['a wrong key', '', { headers: { authorization: 'Bearer secret-2' } }, 'invalid_api_key', 3000],
    ['part of the key', '', { headers: { authorization: 'Bearer secret' } }, 'invalid_api_key', 3000],
    [
      'the beta header, when it is off',
      '',
      { headers: { authorization: 'Bearer secret-1', 'openai-beta': 'realtime=v1' } },
      'beta_api_shape_disabled',
      4000,
    ],
    [
      'the beta subprotocol, when it is off',
      '',
      { protocols: ['realtime', 'openai-insecure-api-key.secret-1', 'openai-beta.realtime-v1'] },
      'beta_api_shape_disabled',
      4000,
    ],
    ['a call', '?call_id=rtc_1', { headers: { 'api-key': 'secret-1' } }, 'invalid_value', 4000],
    ['an unknown intent', '?intent=sing', { headers: { 'api-key': 'secret-1' } }, 'invalid_value', 4000],
  ];
  it.each(refusals)('answers %s in-band and closes', async (_name, query, options, code, closeCode) => {
    server = await startTestServer({}, { token: 'secret-1', betaDialect: false });
    const client = await TestClient.connect(server.url + query, options);
    expect((await client.next('error')).error).toMatchObject({ type: 'invalid_request_error', code });
    expect(await client.closed).toEqual({ code: closeCode, reason: `invalid_request_error.${code}` });
    expect(client.types()).toEqual(['error']);
  });

  it('handles what a client sends before the session is there', async () => {
    server = await startTestServer();
    const client = await TestClient.connect(server.url);
    client.send({ type: 'input_audio_buffer.clear' });
    await client.next('input_audio_buffer.cleared');
    expect(client.types()).toEqual(['session.created', 'input_audio_buffer.cleared']);
    client.close();
  });
});

describe('startServer', () => {
  const options = { token: null, backends: createFakeBackends().backends, log: silentLogger, version: '0' };

  it('says which port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(startServer({ ...options, port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`);
    other.close();
  });

  it.each(['0.0.0.0', '::', '192.168.0.7'])('does not listen on %s without a token', async (host) => {
    await expect(startServer({ ...options, host, port: 0 })).rejects.toThrow('Give a token');
    await expect(startServer({ ...options, host, port: 0, token: '' })).rejects.toThrow('The token is empty');
  });

  it('listens beyond loopback with a token, under any name', async () => {
    const open = await startServer({ ...options, host: '0.0.0.0', port: 0, token: 'secret' });
    expect((await get(open.port, '/health', { host: 'kitchen.local' })).status).toBe(200);
    await open.close();
  });

  it('ends its sessions when it closes, and the port is free again', async () => {
    const first = await startTestServer();
    const client = await TestClient.open(first.url);
    await first.close();
    expect((await client.closed).code).toBe(1001);
    expect(first.record.llm.closed).toBe(1);
    const second = await startTestServer({}, { port: first.port });
    await second.close();
  });
});
