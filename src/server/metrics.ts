/** Figures for Prometheus: what the sessions of one server do, and what they cost. Holds no word that was said. */
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { StageTimes } from './stage-times';
import type { TraceEvent } from './trace';
import type { OutgoingEvent } from './wire/server-events';
import type { SessionConfig } from './wire/session-config';

/** From a frame of sound to what nobody waits for. */
const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10];

/** What one session tells while it lasts. */
export interface SessionMeter {
  event(event: OutgoingEvent): void;
  trace(event: TraceEvent): void;
  /** Bytes of one frame of the client's. */
  received(bytes: number): void;
  /** Bytes of one frame for the client. */
  sent(bytes: number): void;
  close(): void;
}

export interface MeteredSession {
  kind: SessionConfig['kind'];
  /** Bytes on their way to the client. */
  waitingBytes(): number;
}

export class Metrics {
  private readonly registry = new Registry();
  private readonly live = new Set<MeteredSession>();
  private readonly loop: IntervalHistogram;
  private readonly opened = this.counter('sessions_total', 'Sessions that were opened.', ['kind']);
  private readonly refusals = this.counter('refused_total', 'Clients that got no session.', ['reason']);
  private readonly turns = this.counter('turns_total', 'Turns of users, detected or committed.');
  private readonly responses = this.counter('responses_total', 'Responses that are done.', ['status']);
  private readonly errors = this.counter('errors_total', 'Error events that were sent.', ['code']);
  private readonly bytesIn = this.counter('received_bytes_total', 'Bytes of client events.');
  private readonly bytesOut = this.counter('sent_bytes_total', 'Bytes of server events.');
  private readonly stages = new Histogram({
    name: 'parley_stage_seconds',
    help: 'How long the stages of a turn took; answer is from the end of speech to the first sound sent.',
    labelNames: ['stage'],
    buckets: SECONDS,
    registers: [this.registry],
  });

  constructor(version: string) {
    this.gauge('sessions', 'Sessions now.', () => this.live.size);
    this.gauge('outbox_bytes', 'Bytes that wait for clients to take them.', () =>
      [...this.live].reduce((sum, session) => sum + session.waitingBytes(), 0),
    );
    new Gauge({
      name: 'parley_info',
      help: 'The version of this server.',
      labelNames: ['version'],
      registers: [this.registry],
    }).set({ version }, 1);
    this.loop = monitorEventLoopDelay();
    this.loop.enable();
    this.watchProcess();
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** All figures in Prometheus' text form. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** A client got no session; `reason` is the code of the error it was sent. */
  refused(reason: string): void {
    this.refusals.inc({ reason });
  }

  open(session: MeteredSession): SessionMeter {
    const times = new StageTimes();
    this.live.add(session);
    this.opened.inc({ kind: session.kind });
    return {
      event: (event) => {
        if (event.type === 'response.created') times.onResponse(performance.timeOrigin + performance.now());
        this.count(event);
      },
      trace: (event) => {
        const done = times.on(event, event.atMs);
        if (done !== null) this.stages.observe({ stage: done.stage }, done.ms / 1000);
      },
      received: (bytes) => this.bytesIn.inc(bytes),
      sent: (bytes) => this.bytesOut.inc(bytes),
      close: () => this.live.delete(session),
    };
  }

  close(): void {
    this.loop.disable();
    this.registry.clear();
  }

  private count(event: OutgoingEvent): void {
    if (event.type === 'error') this.errors.inc({ code: event.error.code ?? 'none' });
    else if (event.type === 'response.done')
      this.responses.inc({ status: event.response.status ?? 'unknown' });
    else if (event.type === 'input_audio_buffer.committed') this.turns.inc();
  }

  /** Under the names that dashboards for Node expect. */
  private watchProcess(): void {
    const cpu = new Counter({
      name: 'process_cpu_seconds_total',
      help: 'Processor time of this process.',
      registers: [this.registry],
      collect: () => {
        const { user, system } = process.cpuUsage();
        cpu.reset();
        cpu.inc((user + system) / 1e6);
      },
    });
    const figure = (name: string, help: string, read: () => number) => this.gauge(name, help, read, '');
    const startedAt = Date.now() / 1000 - process.uptime();
    figure('process_start_time_seconds', 'When this process began, in Unix time.', () => startedAt);
    figure('process_resident_memory_bytes', 'Memory of this process.', () => process.memoryUsage().rss);
    figure(
      'nodejs_heap_size_used_bytes',
      'Memory in JavaScript objects.',
      () => process.memoryUsage().heapUsed,
    );
    figure('nodejs_external_memory_bytes', 'Memory in buffers.', () => process.memoryUsage().external);
    figure('nodejs_eventloop_lag_p99_seconds', 'How late timers were, but for the latest in a hundred.', () =>
      seconds(this.loop.percentile(99)),
    );
    figure(
      'nodejs_eventloop_lag_max_seconds',
      'How late the latest timer was since this was last read.',
      () => {
        const max = seconds(this.loop.max);
        this.loop.reset();
        return max;
      },
    );
  }

  private counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name: `parley_${name}`, help, labelNames, registers: [this.registry] });
  }

  private gauge(name: string, help: string, read: () => number, prefix = 'parley_'): void {
    const gauge: Gauge = new Gauge({
      name: prefix + name,
      help,
      registers: [this.registry],
      collect: () => gauge.set(read()),
    });
  }
}

/** Of nanoseconds; of nothing measured yet, 0. */
function seconds(ns: number): number {
  return Number.isFinite(ns) && ns > 0 && ns < 1e15 ? ns / 1e9 : 0;
}
