/** Runs a flow against a real server over a real socket, with scripted engines. */
import { vi } from 'vitest';
import { type FakeScript, tone } from '../../src/server/backends/fake';
import { toWireBytes, type WireFormat, wireRate } from '../../src/server/wire/wire-audio';
import { msToSamples, type Pcm16 } from '../../src/shared/audio';
import * as helper from '../helpers/server-client';
import { betaName, toBetaClient } from './beta-client';
import type { ClientWire, Flow, FlowServer, Step } from './flow';
import { CanonicalIds } from './ids';
import type { Dialect } from './schema/derive';
import { validatorOf } from './schema/validate';
import { Trace } from './trace';

export interface FlowResult {
  trace: string;
  /** Types of what the server sent, in order. */
  types: string[];
  /** What is not as the published types say, or not as events must be. */
  problems: string[];
}

/** Probes that bring nothing new, one after another, until the server is taken to be at rest. */
const STILL_PROBES = 3;

export async function runFlow(flow: Flow, dialect: Dialect): Promise<FlowResult> {
  if (flow.clock) vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const gates = new Gates();
  const script: FakeScript =
    typeof flow.script === 'function' ? flow.script(gates.wait) : (flow.script ?? {});
  const beside: FlowServer =
    typeof flow.server === 'function' ? await flow.server() : { options: flow.server ?? {} };
  const server = await helper.startTestServer(script, beside.options);
  const run = new Run(flow, dialect, gates, beside.values ?? {});
  try {
    await run.connect(server.url);
    for (const step of flow.steps) await run.take(step);
    return run.result();
  } finally {
    run.client?.close();
    await server.close();
    await beside.close?.();
    vi.useRealTimers();
  }
}

class Run {
  client: helper.TestClient | null = null;
  private readonly ids: CanonicalIds;
  private readonly trace: Trace;
  private readonly problems: string[] = [];
  private readonly transcribes: boolean;
  /** Events that the trace has. */
  private traced = 0;
  /** Events up to the one waited for last. */
  private cursor = 0;

  constructor(
    private readonly flow: Flow,
    private readonly dialect: Dialect,
    private readonly gates: Gates,
    values: Record<string, string>,
  ) {
    this.ids = new CanonicalIds(values);
    this.trace = new Trace(this.ids, { startedAt: Date.now(), showSession: flow.showSession ?? false });
    this.transcribes = flow.connect?.query?.includes('intent=transcription') ?? false;
  }

  async connect(url: string): Promise<void> {
    const { query = '?model=parley-local', headers = {}, protocols = [] } = this.flow.connect ?? {};
    const older = this.dialect === 'beta' ? { 'OpenAI-Beta': 'realtime=v1' } : {};
    this.client = await helper.TestClient.connect(url + query, {
      headers: { ...headers, ...older },
      protocols,
    });
    // A client that is refused is told so in its first event.
    await this.wait(({ type }) => type === 'session.created' || type === 'error');
    await this.rest();
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'send':
        this.send(step.event, step.unchecked);
        return;
      case 'frame':
        this.trace.clientFrame(step.data);
        this.socket().send(step.data);
        return;
      case 'speak':
        this.append(tone(step.ms, wireRate(step.format ?? 'pcm')), step.format);
        return;
      case 'silence':
        this.append(new Int16Array(msToSamples(step.ms, wireRate(step.format ?? 'pcm'))), step.format);
        return;
      case 'until': {
        const name = this.dialect === 'beta' ? betaName(step.type, this.transcribes) : step.type;
        await this.wait(({ type }) => type === name, name);
        return this.rest();
      }
      case 'settle':
        return this.rest();
      case 'open':
        this.gates.open(step.gate);
        return;
      case 'advance':
        this.trace.note(`${step.ms} ms pass`);
        await vi.advanceTimersByTimeAsync(step.ms);
        return;
      case 'closed': {
        const { code, reason } = await this.connected().closed;
        this.record();
        this.trace.note(`closed ${code} ${reason}`);
        return;
      }
      default:
        step satisfies never;
    }
  }

  result(): FlowResult {
    this.record();
    const { events } = this.connected();
    const ids = events.map((event) => event.event_id);
    if (new Set(ids).size !== ids.length || ids.some((id) => typeof id !== 'string'))
      this.problems.push('event_id is missing or not unique');
    const header = `# ${this.flow.title}`;
    const types = events.filter((event) => !isProbe(event)).map(({ type }) => type);
    return { trace: `${header}\n${this.trace.text()}\n`, types, problems: this.problems };
  }

  private send(event: ClientWire, unchecked: boolean): void {
    const translated = this.dialect === 'beta' ? toBetaClient(event) : event;
    if (!unchecked) this.problems.push(...validatorOf(this.dialect, 'client').problems(translated));
    this.trace.client(translated);
    this.socket().send(this.ids.real(JSON.stringify(translated)));
  }

  /** `pcm` is at the format's own rate. */
  private append(pcm: Pcm16, format: WireFormat = 'pcm'): void {
    const audio = toWireBytes(pcm, format).toString('base64');
    this.send({ type: 'input_audio_buffer.append', audio }, false);
  }

  private async wait(is: (event: helper.WireEvent) => boolean, what = 'an answer'): Promise<void> {
    const client = this.connected();
    const find = () =>
      client.events.findIndex((event, index) => index >= this.cursor && !isProbe(event) && is(event));
    const until = Date.now() + 10_000;
    for (let at = find(); ; at = find()) {
      if (at >= 0) {
        this.cursor = at + 1;
        return;
      }
      if (Date.now() > until) {
        this.record();
        throw new Error(`Waited for ${what} in vain. So far:\n${this.trace.text()}`);
      }
      await turn();
    }
  }

  /** Waits until nothing more comes: what is still to come waits for a gate, a timer or the client. */
  private async rest(): Promise<void> {
    const client = this.connected();
    for (let still = 0; still < STILL_PROBES && client.socket.readyState === client.socket.OPEN; ) {
      const before = client.events.filter((event) => !isProbe(event)).length;
      await Promise.race([client.settle(), client.closed]);
      still = client.events.filter((event) => !isProbe(event)).length === before ? still + 1 : 0;
    }
    this.record();
  }

  private record(): void {
    const { events } = this.connected();
    const validator = validatorOf(this.dialect, 'server');
    for (const event of events.slice(this.traced)) {
      if (isProbe(event)) continue;
      this.problems.push(...validator.problems(event));
      this.trace.server(event);
    }
    this.traced = events.length;
  }

  private connected(): helper.TestClient {
    if (this.client === null) throw new Error('not connected');
    return this.client;
  }

  private socket() {
    return this.connected().socket;
  }
}

/** Promises that a script waits for until a step opens them. */
class Gates {
  private readonly gates = new Map<string, { promise: Promise<void>; open(): void }>();

  readonly wait = (name: string): Promise<void> => this.gate(name).promise;

  open(name: string): void {
    this.gate(name).open();
  }

  private gate(name: string) {
    let gate = this.gates.get(name);
    if (gate === undefined) {
      let open = () => {};
      const promise = new Promise<void>((resolve) => {
        open = resolve;
      });
      gate = { promise, open };
      this.gates.set(name, gate);
    }
    return gate;
  }
}

function isProbe(event: helper.WireEvent): boolean {
  return String(event.error?.event_id ?? '').startsWith('settle_');
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
