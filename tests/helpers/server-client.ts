/** A raw WebSocket client for tests of the server: keeps every event and waits for those to come. */
import { type ClientOptions, WebSocket } from 'ws';
import { createFakeBackends, type FakeRecord, type FakeScript } from '../../src/server/backends/fake';
import { type RunningServer, type ServerOptions, startServer } from '../../src/server/index';
import { type Pcm16, pcm16ToBytes } from '../../src/shared/audio';
import { silentLogger } from '../../src/shared/log';

// biome-ignore lint/suspicious/noExplicitAny: tests look into events as they are on the wire.
export type WireEvent = { type: string; event_id: string } & Record<string, any>;

export interface TestServer extends RunningServer {
  record: FakeRecord;
}

/** A server on a free port with scripted engines. */
export async function startTestServer(
  script: FakeScript = {},
  options: Partial<ServerOptions> = {},
): Promise<TestServer> {
  const { backends, record } = createFakeBackends(script);
  const server = await startServer({
    port: 0,
    token: null,
    backends,
    log: silentLogger,
    version: '0.0.0-test',
    ...options,
  });
  return { ...server, record };
}

export class TestClient {
  readonly events: WireEvent[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  private readonly waiting = new Set<() => void>();

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.events.push(JSON.parse(String(data)));
      for (const check of this.waiting) check();
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
  }

  static async connect(
    url: string,
    options: ClientOptions & { protocols?: string[] } = {},
  ): Promise<TestClient> {
    const { protocols = [], ...rest } = options;
    const socket = new WebSocket(url, protocols, rest);
    const client = new TestClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    return client;
  }

  /** Connects and waits for `session.created`. */
  static async open(url: string, options?: Parameters<typeof TestClient.connect>[1]): Promise<TestClient> {
    const client = await TestClient.connect(url, options);
    await client.next('session.created');
    return client;
  }

  send(event: unknown): void {
    this.socket.send(typeof event === 'string' ? event : JSON.stringify(event));
  }

  append(pcm: Pcm16): void {
    this.send({
      type: 'input_audio_buffer.append',
      audio: Buffer.from(pcm16ToBytes(pcm)).toString('base64'),
    });
  }

  /** The `count`th event of this type since `from` in `events`; waits for it. */
  async next(
    type: string,
    { from = 0, count = 1 }: { from?: number; count?: number } = {},
  ): Promise<WireEvent> {
    const find = () => this.events.slice(from).filter((event) => event.type === type)[count - 1];
    const found = find();
    if (found !== undefined) return found;
    return new Promise((resolve, reject) => {
      const check = () => {
        const event = find();
        if (event === undefined) return;
        clearTimeout(timer);
        this.waiting.delete(check);
        resolve(event);
      };
      const timer = setTimeout(() => {
        this.waiting.delete(check);
        reject(new Error(`no ${type}; got ${this.types().join(', ')}`));
      }, 20_000);
      this.waiting.add(check);
    });
  }

  /** Sends `event` and waits for an event of `type` that comes after. */
  async ask(event: unknown, type: string): Promise<WireEvent> {
    const from = this.events.length;
    this.send(event);
    return this.next(type, { from });
  }

  /** Waits until the server has handled everything sent so far. */
  async settle(): Promise<void> {
    const id = `settle_${this.events.length}`;
    const from = this.events.length;
    this.send({ type: 'conversation.item.retrieve', item_id: 'none', event_id: id });
    for (let count = 1; ; count++) {
      const error = await this.next('error', { from, count });
      if (error.error.event_id === id) return;
    }
  }

  /** Types in order, with runs of the same type as one and what `settle` caused left out. */
  types(from = 0): string[] {
    return this.events
      .slice(from)
      .filter((event) => !String(event.error?.event_id ?? '').startsWith('settle_'))
      .map((event) => event.type)
      .filter((type, index, all) => type !== all[index - 1]);
  }

  of(type: string): WireEvent[] {
    return this.events.filter((event) => event.type === type);
  }

  close(): void {
    this.socket.terminate();
  }
}

/** Silence of `ms` milliseconds at 24 kHz. */
export function silence(ms: number): Pcm16 {
  return new Int16Array(ms * 24);
}
