import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { backoffMs } from '../../src/client/backoff';
import { type Connection, type ConnectionStatus, createConnection } from '../../src/client/connection';
import type { Target } from '../../src/client/dial';
import { withoutKeys } from '../../src/client/failure';
import type { Problem } from '../../src/shared/ipc';
import { createLogger } from '../../src/shared/log';
import type { ServerEvent } from '../../src/shared/realtime';
import { createManualClock } from '../helpers/client-clock';
import { SESSION_CREATED, startWireServer, type WireServer } from '../helpers/client-wire-server';

const KEY = 'sk-proj-canary0123456789';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A connection whose every status, event and log line is kept. */
function connect(target: Target | Problem | ((attempt: number) => Target | Problem), reconnect = true) {
  const clock = createManualClock();
  const logged: unknown[] = [];
  let attempt = 0;
  const connection = createConnection({
    resolveTarget: async () => (typeof target === 'function' ? target(attempt++) : target),
    log: createLogger((entry) => logged.push(entry), 'debug'),
    clock,
    random: () => 0,
    reconnect,
  });
  const statuses: ConnectionStatus[] = [];
  const events: ServerEvent[] = [];
  connection.onStatus((status) => statuses.push(status));
  connection.onEvent((event) => events.push(event));
  closers.push(() => connection.close());
  connection.open();
  return { connection, clock, statuses, events, logged };
}

async function reached(connection: Connection, state: ConnectionStatus['state']): Promise<ConnectionStatus> {
  while (connection.status.state !== state) {
    await new Promise<void>((resolve) => {
      const remove = connection.onStatus(() => {
        remove();
        resolve();
      });
    });
  }
  return connection.status;
}

async function server(options: Parameters<typeof startWireServer>[0] = {}): Promise<WireServer> {
  const started = await startWireServer(options);
  closers.push(() => started.close());
  return started;
}

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('connection', () => {
  it('sends the key as a bearer header and passes events both ways', async () => {
    const wire = await server();
    const { connection, events } = connect({ url: wire.url, key: KEY });
    await reached(connection, 'connected');
    const client = await wire.client(0);
    expect(client.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(client.headers['sec-websocket-extensions']).toBeUndefined();
    expect(client.path).toBe('/v1/realtime?model=m');

    expect(connection.send({ type: 'input_audio_buffer.clear' })).toBe(true);
    await until(() => client.received.length === 1);
    expect(client.received).toEqual([{ type: 'input_audio_buffer.clear' }]);

    client.socket.send('{ not json');
    client.socket.send(Buffer.from([1, 2, 3]));
    client.send({ type: 'input_audio_buffer.cleared', event_id: 'e1' });
    await until(() => events.length === 2);
    expect(events.map((event) => event.type)).toEqual(['session.created', 'input_audio_buffer.cleared']);
  });

  it('sends no header without a key, and nothing when not connected', async () => {
    const wire = await server();
    const { connection } = connect({ url: wire.url, key: null });
    expect(connection.send({ type: 'input_audio_buffer.clear' })).toBe(false);
    await reached(connection, 'connected');
    expect(wire.clients[0]?.headers.authorization).toBeUndefined();
  });

  it('closes, and opens again', async () => {
    const wire = await server();
    const { connection, statuses } = connect({ url: wire.url, key: null });
    await reached(connection, 'connected');
    const closing = connection.close();
    expect(connection.status.state).toBe('closing');
    await closing;
    expect(connection.status).toEqual({ state: 'disconnected', problem: null });
    connection.open();
    await reached(connection, 'connected');
    expect(statuses.map((s) => s.state)).toEqual([
      'connecting',
      'connected',
      'closing',
      'disconnected',
      'connecting',
      'connected',
    ]);
  });

  it('closes a connection that is still being made', async () => {
    const wire = await server({ greet: () => undefined });
    const { connection } = connect({ url: wire.url, key: null });
    await wire.client(0);
    await connection.close();
    expect(connection.status).toEqual({ state: 'disconnected', problem: null });
  });

  describe('refused at the start', () => {
    const error = (code: string, message = `${code} for ${KEY}`) => ({
      type: 'error',
      error: { type: 'invalid_request_error', code, message },
    });
    type Case = [string, Parameters<typeof startWireServer>[0], string, ConnectionStatus['state']];
    it.each<Case>([
      ['HTTP 401', { refuse: () => 401 }, 'key-rejected', 'disconnected'],
      ['HTTP 403', { refuse: () => 403 }, 'key-rejected', 'disconnected'],
      ['HTTP 404', { refuse: () => 404 }, 'server-refused', 'disconnected'],
      ['HTTP 503', { refuse: () => 503 }, 'server-refused', 'recovering'],
      ['HTTP 200', { refuse: () => 200 }, 'server-refused', 'disconnected'],
      [
        'a wrong key in band',
        {
          greet: (c) => {
            c.send(error('invalid_api_key'));
            c.socket.close(3000, 'invalid_request_error.invalid_api_key');
          },
        },
        'key-rejected',
        'disconnected',
      ],
      ['close 3000 alone', { greet: (c) => c.socket.close(3000, KEY) }, 'key-rejected', 'disconnected'],
      [
        'a wrong model in band',
        { greet: (c) => c.send(error('model_not_found')) },
        'model-rejected',
        'disconnected',
      ],
      ['close 4000 alone', { greet: (c) => c.socket.close(4000) }, 'model-rejected', 'disconnected'],
      ['close 4004', { greet: (c) => c.socket.close(4004) }, 'model-rejected', 'disconnected'],
      [
        'close 4000 for another reason',
        {
          greet: (c) => {
            c.send(error('beta_api_shape_disabled'));
            c.socket.close(4000);
          },
        },
        'server-refused',
        'disconnected',
      ],
      ['close 1013', { greet: (c) => c.socket.close(1013) }, 'server-refused', 'recovering'],
      ['socket cut', { greet: (c) => c.socket.terminate() }, 'server-refused', 'recovering'],
    ])('%s', async (_name, options, code, state) => {
      const wire = await server(options);
      const { connection, logged } = connect({ url: wire.url, key: KEY });
      const status = await reached(connection, state);
      expect(status.problem?.code).toBe(code);
      expect(status.problem?.detail).not.toBe('');
      expect(JSON.stringify([status, logged])).not.toContain('canary');
    });
  });

  it('names an unreachable server and keeps trying', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as { port: number };
    closed.close();
    const { connection } = connect({ url: `ws://127.0.0.1:${port}/v1/realtime`, key: null });
    const { problem } = await reached(connection, 'recovering');
    expect(problem).toMatchObject({ code: 'server-unreachable' });
    expect(problem?.detail).toContain('ECONNREFUSED');
  });

  it('gives up when asked not to reconnect', async () => {
    const wire = await server({ refuse: () => 503 });
    const { connection } = connect({ url: wire.url, key: null }, false);
    expect((await reached(connection, 'disconnected')).problem?.code).toBe('server-refused');
  });

  it('gives up on a server that accepts and says nothing after 10 s', async () => {
    const wire = await server({ greet: () => undefined });
    const { connection, clock } = connect({ url: wire.url, key: null });
    await wire.client(0);
    clock.advance(9999);
    expect(connection.status.state).toBe('connecting');
    clock.advance(1);
    expect(connection.status).toMatchObject({ state: 'recovering', problem: { code: 'server-unreachable' } });
  });

  it.each([
    ['a key with a line break', { url: 'ws://127.0.0.1:1/', key: 'canary\nkey' }, 'key-rejected'],
    ['no key', { code: 'key-missing', detail: '' } as const, 'key-missing'],
    ['a failed local server', { code: 'local-server-failed', detail: 'x' } as const, 'local-server-failed'],
  ])('ends without an attempt: %s', async (_name, target, code) => {
    const { connection, logged } = connect(target);
    const status = await reached(connection, 'disconnected');
    expect(status.problem?.code).toBe(code);
    expect(JSON.stringify([status, logged])).not.toContain('canary');
  });

  describe('lost in mid-session', () => {
    it.each([
      [1001, '', 'server-lost', 'recovering'],
      [1001, 'Your session hit the maximum duration of 60 minutes.', 'session-expired', 'recovering'],
      [1011, '', 'server-lost', 'recovering'],
      [1012, '', 'server-lost', 'recovering'],
      [1013, '', 'server-lost', 'recovering'],
      [1000, '', 'server-lost', 'disconnected'],
      [3000, '', 'key-rejected', 'disconnected'],
      [4000, '', 'model-rejected', 'disconnected'],
      [4004, '', 'model-rejected', 'disconnected'],
    ] as const)('closed with %i %s', async (code, reason, problem, state) => {
      const wire = await server();
      const { connection } = connect({ url: wire.url, key: null });
      await reached(connection, 'connected');
      wire.clients[0]?.socket.close(code, reason);
      expect((await reached(connection, state)).problem?.code).toBe(problem);
    });

    it('session_expired is acted on without waiting for the close', async () => {
      const wire = await server();
      const { connection, events } = connect({ url: wire.url, key: null });
      await reached(connection, 'connected');
      wire.clients[0]?.send({ type: 'error', error: { code: 'session_expired', message: 'too old' } });
      expect((await reached(connection, 'recovering')).problem).toEqual({
        code: 'session-expired',
        detail: 'too old',
      });
      expect(events.map((event) => event.type)).toEqual(['session.created']);
    });

    it('comes back on another port after 250 ms', async () => {
      const first = await server();
      const second = await server();
      const { connection, clock, events } = connect((n) => ({
        url: n === 0 ? first.url : second.url,
        key: `key${n}`,
      }));
      await reached(connection, 'connected');
      first.clients[0]?.socket.terminate();
      expect((await reached(connection, 'recovering')).problem?.code).toBe('server-lost');
      expect(clock.nextMs()).toBe(250);
      clock.advance(250);
      await reached(connection, 'connected');
      expect(second.clients[0]?.headers.authorization).toBe('Bearer key1');
      expect(events.filter((event) => event.type === 'session.created')).toHaveLength(2);
      expect(connection.status.problem).toBeNull();
    });

    it('waits longer each time, also when the server accepts and drops at once', async () => {
      const wire = await server({
        greet: (client) => {
          client.send(SESSION_CREATED);
          client.socket.close(1011);
        },
      });
      const { connection, clock } = connect({ url: wire.url, key: null });
      const waits: (number | null)[] = [];
      for (let i = 0; i < 4; i++) {
        await until(() => wire.clients.length === i + 1);
        await until(() => connection.status.state === 'recovering' && clock.nextMs() !== 10_000);
        waits.push(clock.nextMs());
        clock.advance(clock.nextMs() ?? 0);
      }
      expect(waits).toEqual([250, 500, 1000, 2000]);
    });

    it('tries at once when asked, and stops waiting when closed', async () => {
      const wire = await server({ refuse: (n) => (n === 0 ? 503 : null) });
      const { connection } = connect({ url: wire.url, key: null });
      await reached(connection, 'recovering');
      connection.open();
      await reached(connection, 'connected');
      wire.clients[0]?.socket.terminate();
      await reached(connection, 'recovering');
      await connection.close();
      expect(connection.status).toEqual({ state: 'disconnected', problem: null });
    });

    it('starts the backoff anew when asked', async () => {
      const wire = await server({ refuse: () => 503 });
      const { connection, clock } = connect({ url: wire.url, key: null });
      const waits: (number | null)[] = [];
      for (let i = 0; i < 4; i++) {
        await until(() => wire.clients.length === 0 && connection.status.state === 'recovering');
        await until(() => clock.nextMs() !== null && clock.nextMs() !== 10_000);
        waits.push(clock.nextMs());
        if (i === 2) connection.open();
        else clock.advance(clock.nextMs() ?? 0);
        await until(() => clock.nextMs() === 10_000);
      }
      expect(waits).toEqual([250, 500, 1000, 250]);
    });

    it('finds a peer that went silent within 30 s', async () => {
      const wire = await server();
      const { connection, clock } = connect({ url: wire.url, key: null });
      await reached(connection, 'connected');
      // A peer whose machine is gone answers no ping.
      (wire.clients[0]?.socket as unknown as { _autoPong: boolean })._autoPong = false;
      clock.advance(10_000);
      expect(connection.status.state).toBe('connected');
      const gone = once((await wire.client(0)).socket, 'close');
      clock.advance(20_000);
      await gone;
      expect(connection.status).toMatchObject({ state: 'recovering', problem: { code: 'server-lost' } });
    });

    it('keeps a peer that answers pings', async () => {
      const wire = await server();
      const { connection, clock } = connect({ url: wire.url, key: null });
      await reached(connection, 'connected');
      const socket = (await wire.client(0)).socket;
      for (let i = 0; i < 5; i++) {
        const pinged = once(socket, 'ping');
        clock.advance(10_000);
        await pinged;
        // The pong needs its way back.
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect(connection.status.state).toBe('connected');
    });
  });

  it('renews the session on a new socket without a problem', async () => {
    const wire = await server();
    const { connection, statuses, events } = connect({ url: wire.url, key: null });
    await reached(connection, 'connected');
    connection.renew();
    wire.clients[0]?.send({ type: 'input_audio_buffer.cleared' });
    await reached(connection, 'connected');
    await wire.client(1);
    expect(statuses.map((s) => s.problem)).toEqual([null, null, null, null]);
    expect(events.map((event) => event.type)).toEqual(['session.created', 'session.created']);
  });
});

describe('backoffMs', () => {
  it.each([
    [0, 0, 250],
    [0, 1, 250],
    [1, 0, 500],
    [1, 1, 375],
    [4, 0, 4000],
    [5, 0, 8000],
    [5, 1, 6000],
    [1000, 0, 8000],
  ])('attempt %i with %f gives %i', (attempt, random, expected) => {
    expect(backoffMs(attempt, random)).toBe(expected);
  });
});

describe('withoutKeys', () => {
  it.each([
    ['Incorrect API key provided: sk-abc***xyz.', null, 'Incorrect API key provided: [key]'],
    ['token 12345678 is wrong', '12345678', 'token [key] is wrong'],
    ['no such host', 'abc', 'no such host'],
    ['ek_68af296e8e408191a1120ab6383263c2', null, '[key]'],
  ])('%s', (text, key, expected) => {
    expect(withoutKeys(text, key)).toBe(expected);
  });
});
