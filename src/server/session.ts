import { SAMPLE_RATE } from '../shared/audio';
import { type Logger, toError } from '../shared/log';
import type { ClientEventType } from '../shared/realtime';
import { type Backends, ENGINE_SAMPLE_RATE } from './backends';
import { refuseOverCapacity } from './capacity';
import { Conversation } from './conversation/conversation';
import { type HandlerContext, handlers } from './handlers';
import { DEFAULT_LIMITS, type Limits, type RateState } from './limits';
import { McpServers } from './mcp';
import { Responses } from './responses/responses';
import { patchConfig } from './session-patch';
import type { TraceEvent, TraceFacts } from './trace';
import { TurnTaking } from './turn-taking';
import { type Clock, systemClock } from './turns/clock';
import { IdleTimer } from './turns/idle-timer';
import { UserTurns } from './turns/user-turns';
import type { ParsedClientEventOf } from './wire/client-event-schema';
import { ClientError, toServerError, toWireError } from './wire/errors';
import { newId } from './wire/ids';
import { parseClientEvent } from './wire/parse-client-event';
import { createResampler } from './wire/resampler';
import type { Emit, OutgoingEvent } from './wire/server-events';
import { defaultConfig, type SessionConfig } from './wire/session-config';
import type { SessionPatch } from './wire/session-schema';
import { toWireSession } from './wire/wire-session';

export interface SessionOptions {
  kind: SessionConfig['kind'];
  model: string;
  /** What the session begins with beside the defaults (a client secret carries it); of the same kind. */
  initial?: SessionPatch | undefined;
  backends: Backends;
  log: Logger;
  trace?: ((event: TraceEvent) => void) | undefined;
  /** Takes one text frame for the client. */
  send(text: string): void;
  /** Told of each event that is sent, for those who count. */
  observe?: ((event: OutgoingEvent) => void) | undefined;
  /** The defaults unless given. */
  limits?: Limits | undefined;
  /** The system's unless given. */
  clock?: Clock | undefined;
  /** Settles when the client has taken most of what was sent, undefined when it keeps up; it does unless given. */
  room?: (() => Promise<void> | undefined) | undefined;
  /** How many events the client may still send, null for no limit; there is none unless given. */
  rateState?: (() => RateState | null) | undefined;
}

interface Frame {
  data: Buffer;
  isBinary: boolean;
}

/** One connection's conversation. The only place that writes to the socket. */
export class Session {
  readonly id = newId('sess');
  private config: SessionConfig;
  private readonly context: HandlerContext;
  private readonly lifetime = new AbortController();
  private readonly backlog: Frame[] = [];
  private draining = false;
  private readonly idle: IdleTimer;

  /** Sends `session.created`. Throws a ClientError, and sends nothing, when `initial` cannot be taken. */
  constructor(private readonly options: SessionOptions) {
    const {
      kind,
      model,
      initial,
      backends,
      limits = DEFAULT_LIMITS,
      room = () => undefined,
      rateState = () => null,
    } = options;
    const expiresAt = Math.floor((Date.now() + limits.maxSessionMs) / 1000);
    const config = defaultConfig(kind, this.id, model, expiresAt);
    this.config = initial === undefined ? config : patchConfig(config, initial, false);
    const shared = {
      backends,
      conversation: new Conversation(limits.maxHistoryAudioBytes),
      log: options.log.child({ sessionId: this.id }),
      emit: this.emit,
      limits,
      room,
      rateState,
      config: () => this.config,
      closing: this.lifetime.signal,
      trace: (facts: TraceFacts) =>
        options.trace?.({ sessionId: this.id, atMs: performance.timeOrigin + performance.now(), ...facts }),
    };
    const taking = new TurnTaking({
      parts: () => this.context,
      idle: () => this.idle,
      attempt: (action) => void this.guard(() => null, action),
    });
    const turns = new UserTurns(shared, taking, createResampler(SAMPLE_RATE, ENGINE_SAMPLE_RATE));
    this.idle = new IdleTimer(options.clock ?? systemClock, {
      timeoutMs: () => idleTimeoutMs(this.config),
      audioEndMs: () => turns.audioEndMs,
      answerMs: (id) => shared.conversation.find(id)?.answer?.audioMs ?? 0,
      onIdle: (fromMs) => taking.onIdle(fromMs),
    });
    const mcp = new McpServers(shared);
    const responses = new Responses(shared, newId('conv'), taking, mcp);
    this.context = {
      ...shared,
      turns,
      responses,
      mcp,
      setConfig: (config) => {
        this.config = config;
      },
    };
    this.emit({ type: 'session.created', session: toWireSession(this.config) });
    mcp.update(this.config.tools);
    if (kind === 'realtime') responses.prepare();
  }

  /** Takes one frame from the client; frames are handled in order. Whatever one holds, the session lives on. */
  receive(data: Buffer, isBinary: boolean): void {
    this.backlog.push({ data, isBinary });
    if (!this.draining) void this.drain();
  }

  /** Waits only for an event whose handler does, and for a client that does not take its answers. */
  private async drain(): Promise<void> {
    this.draining = true;
    for (let frame = this.backlog.shift(); frame !== undefined; frame = this.backlog.shift()) {
      const handled = this.take(frame);
      if (handled !== undefined) await handled;
      const room = this.context.room();
      if (room !== undefined) await room;
    }
    this.draining = false;
  }

  private take({ data, isBinary }: Frame): Promise<void> | undefined {
    if (this.closed) return undefined;
    let eventId: string | null = null;
    return this.guard(
      () => eventId,
      () => {
        if (isBinary)
          throw new ClientError('invalid_event', 'Events are JSON in text frames; this frame is binary.');
        const parsed = parseClientEvent(data.toString('utf8'));
        eventId = parsed.eventId;
        if (!parsed.ok) throw parsed.error;
        return this.handle(parsed.event);
      },
    );
  }

  private get closed(): boolean {
    return this.lifetime.signal.aborted;
  }

  close(): void {
    if (this.closed) return;
    this.lifetime.abort();
    this.idle.stop();
    this.context.responses.close();
    this.context.mcp.close();
    this.context.turns.close();
  }

  private readonly emit: Emit = (event: OutgoingEvent) => {
    if (this.closed) return;
    this.options.observe?.(event);
    this.idle.observe(event);
    this.options.send(JSON.stringify({ event_id: newId('event'), ...event }));
  };

  private handle<T extends ClientEventType>(event: ParsedClientEventOf<T>): Promise<void> | void {
    const { conversation, turns, limits } = this.context;
    refuseOverCapacity(event, { items: conversation.all(), bufferedMs: turns.bufferedMs }, limits);
    // The compiler cannot see that the handler and the event are picked by the same type.
    const handler = handlers[event.type as T] as (
      context: HandlerContext,
      event: unknown,
    ) => Promise<void> | void;
    return handler(this.context, event);
  }

  private guard(eventId: () => string | null, action: () => Promise<void> | void): Promise<void> | undefined {
    try {
      return action()?.catch((cause: unknown) => this.report(cause, eventId()));
    } catch (cause) {
      this.report(cause, eventId());
      return undefined;
    }
  }

  private report(cause: unknown, eventId: string | null): void {
    if (cause instanceof ClientError) {
      this.emit({ type: 'error', error: toWireError(cause, eventId) });
      return;
    }
    this.context.log.error('handling an event failed', { error: toError(cause) });
    const message = 'The server failed to handle this event.';
    this.emit({ type: 'error', error: toServerError('server_error', message, eventId) });
  }
}

function idleTimeoutMs({ kind, turnDetection }: SessionConfig): number | null {
  return kind === 'realtime' && turnDetection?.type === 'server_vad' ? turnDetection.idle_timeout_ms : null;
}
