/** What the sockets of both sides are set to: nothing is compressed and nothing waits. */
import { Socket } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/client/clock';
import { dial } from '../../src/client/dial';
import { startTestServer, TestClient, type TestServer } from '../helpers/server-client';

let server: TestServer;
afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
});

it('the server compresses nothing, even for a client that offers it', async () => {
  server = await startTestServer();
  const client = await TestClient.open(server.url, { perMessageDeflate: true });
  expect(client.socket.extensions).toBe('');
  client.close();
});

it('neither side waits for acknowledgements, and the client offers no compression', async () => {
  const undelayed = new Set<Socket>();
  vi.spyOn(Socket.prototype, 'setNoDelay').mockImplementation(function (this: Socket, on = true) {
    if (on) undelayed.add(this);
    return this;
  });
  server = await startTestServer();
  const { socket } = await new Promise<Parameters<Parameters<typeof dial>[1]>[0]>((resolve, reject) => {
    const options = {
      resolveTarget: async () => ({ url: server.url, key: null }),
      clock: systemClock,
      timeoutMs: 10_000,
      webSocket: {},
    };
    dial(options, resolve, ({ problem }) => reject(new Error(problem.detail)));
  });
  expect(undelayed.size).toBe(2);
  expect(socket.extensions).toBe('');
  socket.terminate();
});
