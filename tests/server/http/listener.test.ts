/** Peers that are slow on purpose. */
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { closeListener, createListener, listen, portOf } from '../../../src/server/http/listener';
import { silentLogger } from '../../../src/shared/log';

const FAST = {
  headersTimeout: 100,
  requestTimeout: 200,
  keepAliveTimeout: 50,
  connectionsCheckingInterval: 20,
};

let server: Server;
let requests: number;
let sockets: Socket[];

beforeEach(async () => {
  requests = 0;
  sockets = [];
  server = createListener({
    certificate: null,
    maxConnections: 3,
    timeouts: FAST,
    onRequest: (request, response) => {
      requests++;
      request.resume().on('end', () => response.end('done'));
      request.on('error', () => {});
    },
    onUpgrade: (_request, socket) => socket.destroy(),
  });
  await listen(server, '127.0.0.1', 0, silentLogger);
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await closeListener(server);
});

/** A peer, and what it was told when it was cut off. */
function peer(text: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(portOf(server), '127.0.0.1', () => {
      if (text !== '') socket.write(text);
    });
    sockets.push(socket);
    socket.on('data', (data) => {
      heard += data;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard));
  });
}

it.each([
  ['says nothing', ''],
  ['never ends its head', 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '],
  ['never ends its body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nslow'],
])('one that %s is cut off', async (_name, text) => {
  const heard = await peer(text);
  expect(heard === '' || heard.startsWith('HTTP/1.1 408')).toBe(true);
});

it('too many are cut off, and those who are in are served', async () => {
  const served = peer('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(await served).toContain('done');
  for (let count = 0; count < 3; count++) void peer('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
  while ((await new Promise((resolve) => server.getConnections((_error, count) => resolve(count)))) !== 3) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(await peer('GET / HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('');
  expect(requests).toBe(1);
});

it('a head that is too large is answered', async () => {
  expect(await peer(`GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(100_000)}\r\n\r\n`)).toContain(
    ' 431 ',
  );
});
