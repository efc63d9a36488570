/** Who may knock at all: Host and Origin, on HTTP and on the upgrade, as bytes on a socket. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLoopback, refuse } from '../../../src/server/http/gate';
import { startTestServer, type TestServer } from '../../helpers/server-client';

describe('isLoopback', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['localhost', true],
    ['LOCALHOST', true],
    ['::1', true],
    ['[::1]', true],
    ['0.0.0.0', false],
    ['::', false],
    ['127.0.0.1.nip.io', false],
    ['127.1', false],
    ['localhost.evil.example', false],
    ['localhost.', false],
    ['::ffff:127.0.0.1', false],
    ['192.168.0.7', false],
    ['', false],
  ])('%s: %s', (host, expected) => expect(isLoopback(host)).toBe(expected));
});

describe('refuse', () => {
  type Case = [name: string, host: string, port: number, header: string | undefined, allowed: boolean];
  const cases: Case[] = [
    ['the address', '127.0.0.1', 8765, '127.0.0.1:8765', true],
    ['the name', '127.0.0.1', 8765, 'localhost:8765', true],
    ['in capitals', '127.0.0.1', 8765, 'LocalHost:8765', true],
    ['the address of IPv6', '127.0.0.1', 8765, '[::1]:8765', true],
    ['another loopback address that is ours', '127.0.0.2', 8765, '127.0.0.2:8765', true],
    ['another loopback address that is not', '127.0.0.1', 8765, '127.0.0.2:8765', false],
    ['a trailing dot', '127.0.0.1', 8765, 'localhost.:8765', false],
    ['no port', '127.0.0.1', 8765, 'localhost', false],
    ['no port where none is needed', '127.0.0.1', 80, 'localhost', true],
    ['another port', '127.0.0.1', 8765, 'localhost:8766', false],
    ['a foreign name', '127.0.0.1', 8765, 'evil.example:8765', false],
    ['a foreign name that begins like ours', '127.0.0.1', 8765, 'localhost.evil.example:8765', false],
    ['a foreign name that ends like ours', '127.0.0.1', 8765, 'evil-localhost:8765', false],
    ['the number of the address', '127.0.0.1', 8765, '2130706433:8765', false],
    ['an empty one', '127.0.0.1', 8765, '', false],
    ['none', '127.0.0.1', 8765, undefined, false],
    ['any, beyond loopback', '0.0.0.0', 8765, 'kitchen.local', true],
  ];
  it.each(cases)('Host: %s', (_name, host, port, header, allowed) => {
    const headers = header === undefined ? {} : { host: header };
    expect(refuse(headers, { host, port, allowedOrigins: [] }) === null).toBe(allowed);
  });

  it('the port that the scheme implies may be left out', () => {
    const place = { host: 'localhost', allowedOrigins: [] };
    expect(refuse({ host: 'localhost' }, { ...place, port: 443, secure: true })).toBeNull();
    expect(refuse({ host: 'localhost' }, { ...place, port: 443 })).not.toBeNull();
    expect(refuse({ host: 'localhost' }, { ...place, port: 80, secure: true })).not.toBeNull();
  });

  it.each<[origin: string, allowedOrigins: string[], allowed: boolean]>([
    ['http://localhost:3000', ['http://localhost:3000'], true],
    ['http://localhost:3001', ['http://localhost:3000'], false],
    ['https://localhost:3000', ['http://localhost:3000'], false],
    ['http://localhost:3000.evil.example', ['http://localhost:3000'], false],
    ['http://127.0.0.1:8765', [], false],
    ['null', [], false],
    ['file://', [], false],
    ['null', ['null'], true],
    ['', [], false],
  ])('Origin: %s of %j', (origin, allowedOrigins, allowed) => {
    const refusal = refuse({ host: '127.0.0.1:1', origin }, { host: '127.0.0.1', port: 1, allowedOrigins });
    expect(refusal === null).toBe(allowed);
  });
});

describe('on the wire', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({}, { allowedOrigins: ['http://localhost:3000'] });
  });
  afterAll(() => server.close());

  /** The status of the answer to these very lines; 0 when there is none. */
  function ask(...lines: string[]): Promise<number> {
    return new Promise((resolve, reject) => {
      let text = '';
      const socket = connect(server.port, '127.0.0.1', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
      socket.on('data', (data) => {
        text += data;
        if (text.includes('\r\n\r\n')) socket.destroy();
      });
      socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d+)/u.exec(text)?.[1] ?? 0)));
      socket.on('error', reject);
    });
  }
  const upgrade = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  const both = async (...lines: string[]) => [
    await ask('GET /health HTTP/1.1', ...lines),
    await ask('GET /v1/realtime HTTP/1.1', ...upgrade, ...lines),
  ];

  it('the same holds for requests and upgrades', async () => {
    const { port } = server;
    expect(await both(`Host: 127.0.0.1:${port}`)).toEqual([200, 101]);
    expect(await both(`Host: LOCALHOST:${port}`)).toEqual([200, 101]);
    expect(await both(`Host: localhost.:${port}`)).toEqual([403, 403]);
    expect(await both(`Host: evil.example:${port}`)).toEqual([403, 403]);
    expect(await both(`Host: 127.0.0.1:${port}`, 'Origin: http://localhost:3000')).toEqual([200, 101]);
    for (const origin of ['null', 'file://', 'http://evil.example', `http://127.0.0.1:${port}`]) {
      expect(await both(`Host: 127.0.0.1:${port}`, `Origin: ${origin}`), origin).toEqual([403, 403]);
    }
    // Node answers a request of HTTP/1.1 without a Host itself; that of an older client has to be.
    expect(await ask('GET /health HTTP/1.1')).toBe(400);
    expect(await ask('GET /health HTTP/1.0')).toBe(403);
    // The first of two counts for Node, so a second one cannot let anybody in.
    expect(await both(`Host: evil.example:${port}`, `Host: 127.0.0.1:${port}`)).toEqual([403, 403]);
  });

  it('a WebSocket needs the whole of its handshake', async () => {
    const host = `Host: 127.0.0.1:${server.port}`;
    expect(await ask('GET /v1/realtime HTTP/1.1', host, 'Connection: Upgrade', 'Upgrade: websocket')).toBe(
      400,
    );
    expect(await ask('GET /v1/realtime HTTP/1.1', host)).toBe(426);
  });
});
