import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** One client on a scripted server: what it sent, and the socket to answer on. */
export interface WireClient {
  socket: WebSocket;
  path: string;
  headers: IncomingHttpHeaders;
  received: { type: string }[];
  send(event: object): void;
}

export interface WireServer {
  url: string;
  clients: WireClient[];
  /** Resolves with the nth client (0 is the first) as soon as it is there. */
  client(index: number): Promise<WireClient>;
  close(): Promise<void>;
}

export const SESSION_CREATED = {
  type: 'session.created',
  event_id: 'e0',
  session: { type: 'realtime', id: 's' },
};

/** A real WebSocket server on a free port. `greet` answers each new client; `refuse` answers the upgrade over HTTP. */
export async function startWireServer(options: {
  greet?: (client: WireClient, index: number) => void;
  refuse?: (index: number) => number | null;
}): Promise<WireServer> {
  const { greet = (client) => client.send(SESSION_CREATED), refuse = () => null } = options;
  const http = createServer();
  const ws = new WebSocketServer({ noServer: true });
  const clients: WireClient[] = [];
  let waiting: (() => void)[] = [];
  let upgrades = 0;
  http.on('upgrade', (request, socket, head) => {
    const status = refuse(upgrades++);
    if (status !== null) {
      socket.end(`HTTP/1.1 ${status} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    ws.handleUpgrade(request, socket, head, (accepted) => {
      const client: WireClient = {
        socket: accepted,
        path: request.url ?? '',
        headers: request.headers,
        received: [],
        send: (event) => accepted.send(JSON.stringify(event)),
      };
      accepted.on('message', (data) => client.received.push(JSON.parse(data.toString())));
      clients.push(client);
      greet(client, clients.length - 1);
      for (const wake of waiting) wake();
      waiting = [];
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}/v1/realtime?model=m`,
    clients,
    async client(index) {
      for (;;) {
        const client = clients[index];
        if (client) return client;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    async close() {
      for (const client of clients) client.socket.terminate();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}
