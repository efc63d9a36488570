/** The same clients as in `sessions.test.ts`, three at once over real sockets, with engines that they share. */
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type RunningServer, startServer } from '../../src/server/index';
import { startMcpServer, type TestMcpServer, text } from '../helpers/mcp-server';
import { type Action, type FuzzCase, fuzzCase } from './actions';
import { createEngines, type FuzzEngines } from './engines';
import { FuzzClient } from './fuzz-client';
import { fuzz, fuzzOptions } from './report';
import { bugLogger, type Played } from './run-case';

const CLIENTS = 3;
/** Questions to the server, each of which waits for its answer, in which it must come to rest. */
const MAX_FENCES = 200;

class SocketClient {
  readonly client: FuzzClient;
  private readonly fences = new Map<string, () => void>();
  private fenceCount = 0;
  gone = false;

  private constructor(
    kind: FuzzCase['kind'],
    private readonly socket: WebSocket,
    mcpUrl: string,
  ) {
    const line = { send: (frame: string | Buffer) => socket.send(frame), immediate: false };
    this.client = new FuzzClient(kind, line, mcpUrl);
    socket.on('message', (data) => {
      const event = JSON.parse(String(data));
      const fence = this.fences.get(event.error?.event_id);
      if (fence === undefined) this.client.take(event);
      else fence();
    });
  }

  static async open(kind: FuzzCase['kind'], url: string, mcpUrl: string): Promise<SocketClient> {
    const socket = new WebSocket(kind === 'realtime' ? url : `${url}?intent=transcription`);
    const client = new SocketClient(kind, socket, mcpUrl);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  perform(action: Action): void {
    if (this.gone) return;
    if (action.do === 'disconnect') this.cut();
    else this.client.perform(action);
  }

  /** Settles when the server has answered everything that was sent so far. */
  async fence(): Promise<void> {
    const event_id = `fence_${this.fenceCount++}`;
    const answered = new Promise<void>((resolve) => this.fences.set(event_id, resolve));
    this.socket.send(JSON.stringify({ type: 'conversation.item.retrieve', item_id: 'none', event_id }));
    await answered;
    this.fences.delete(event_id);
  }

  cut(): void {
    this.gone = true;
    this.socket.terminate();
  }
}

async function play({ kind, engines: script, actions }: FuzzCase, mcp: TestMcpServer): Promise<Played> {
  const engines = createEngines(script);
  const problems: string[] = [];
  const log = bugLogger(problems);
  const server = await startServer({
    port: 0,
    token: null,
    backends: engines.backends,
    log,
    version: 'fuzz',
  });
  const clients: SocketClient[] = [];
  for (let n = 0; n < CLIENTS; n++) clients.push(await SocketClient.open(kind, server.url, mcp.url));
  const tools: Action = { do: 'update', session: { tools: [{ type: 'function', name: 'go' }] } };
  for (const client of clients) client.perform(tools);
  for (const [at, action] of actions.entries()) {
    if (action.do === 'run') for (let round = 0; round < action.rounds; round++) await setImmediate();
    else if (action.do === 'gate') engines.gates.release(action.index);
    else clients[at % CLIENTS]?.perform(action);
  }
  engines.gates.openAll();
  const there = clients.filter(({ gone }) => !gone);
  if (!(await rest(there, engines))) problems.push('the server does not come to rest');
  for (const { client } of there) problems.push(...client.unfinished());
  for (const client of there) client.cut();
  problems.push(...(await left(server, engines)));
  return {
    problems: [...clients.flatMap(({ client }) => client.allProblems()), ...problems],
    sent: clients.flatMap(({ client }, at) => client.sent.map((event) => `client ${at}: ${event}`)),
    received: clients.reduce((sum, { client }) => sum + client.checker.count, 0),
  };
}

async function rest(clients: SocketClient[], { open }: FuzzEngines): Promise<boolean> {
  let seen = '';
  for (let fence = 0, quiet = 0; fence < MAX_FENCES; fence++) {
    await Promise.all(clients.map((client) => client.fence()));
    const now = JSON.stringify([open, clients.map(({ client }) => client.checker.count)]);
    quiet = now === seen ? quiet + 1 : 0;
    seen = now;
    const idle = quiet >= 10 && open.answer === 0 && open.voice === 0;
    // An MCP server takes its time, in which nothing happens.
    if (idle && clients.every(({ client }) => client.unfinished().length === 0)) return true;
    if (idle && fence === MAX_FENCES - 1) return true;
    for (let round = 0; round < 10; round++) await setImmediate();
  }
  return false;
}

/** What is open when everybody has gone. */
async function left(server: RunningServer, { open }: FuzzEngines): Promise<string[]> {
  await server.close();
  for (let round = 0; round < 30; round++) await setImmediate();
  const streams = Object.entries(open).filter(([, count]) => count !== 0);
  return streams.map(([name, count]) => `left open: ${count} ${name}`);
}

const options = fuzzOptions(60);
const runs = Math.ceil(options.runs / 5);

it(`${runs} times three sessions over sockets, seed ${options.seed}`, async () => {
  // What a path was found with is one session without a socket.
  if (options.path !== null) return;
  const mcp = await startMcpServer({
    go: {
      async run(_args, signal) {
        for (let round = 0; round < 20; round++) await setImmediate();
        return text(signal.aborted ? 'stopped' : 'gone');
      },
    },
  });
  const { sent, received } = await fuzz(fuzzCase, { ...options, runs }, (each) => play(each, mcp));
  expect(mcp.lists).toBeGreaterThan(0);
  await mcp.close();
  expect(received).toBeGreaterThan(sent);
  console.log(
    `fuzz: ${runs} times ${CLIENTS} sockets, ${sent} events sent, ${received} received, ${mcp.calls.length} MCP calls`,
  );
}, 600_000);
