/** The socket as a session sees it: what goes either way is counted and limited, and its time is. */
import type { WebSocket } from 'ws';
import type { RealtimeErrorBody } from '../shared/realtime';
import { EventRate, type Limits, type RateState } from './limits';
import type { MeteredSession, Metrics, SessionMeter } from './metrics';
import { Outbox } from './outbox';
import { ClientError, toServerError, toWireError } from './wire/errors';
import { newId } from './wire/ids';

export interface LinkOptions {
  limits: Limits;
  kind: MeteredSession['kind'];
  metrics: Metrics | null;
  /** Called once, when this side ends the connection. */
  onEnd(): void;
}

/** WebSocket's own close codes, for what has no code of the protocol's. */
export const SOCKET_CLOSE = { goingAway: 1001, policyViolation: 1008, tryAgainLater: 1013 } as const;

export class ClientLink {
  /** null when nobody counts. */
  readonly meter: SessionMeter | null;
  private readonly outbox: Outbox;
  private readonly rate: EventRate;
  private readonly expiry: NodeJS.Timeout;
  private ended = false;

  /** The session's time begins. */
  constructor(
    private readonly socket: Pick<WebSocket, 'send' | 'close' | 'pause' | 'resume'>,
    private readonly options: LinkOptions,
  ) {
    const { limits, kind, metrics } = options;
    this.rate = new EventRate(limits.eventsPerSecond);
    this.outbox = new Outbox(socket, {
      maxBytes: limits.maxOutboxBytes,
      maxStallMs: limits.maxStallMs,
      onTooSlow: () => this.endSlow(),
    });
    this.expiry = setTimeout(() => this.expire(), limits.maxSessionMs);
    this.expiry.unref();
    this.meter = metrics?.open({ kind, waitingBytes: () => this.outbox.waiting }) ?? null;
  }

  /** Sends one text frame. */
  readonly send = (text: string): void => {
    this.meter?.sent(Buffer.byteLength(text));
    this.outbox.send(text);
  };

  /** How many events the client may still send; null when there is no limit. */
  readonly rateState = (): RateState | null => this.rate.state();

  /** Settles when the client keeps up again; undefined when it does. */
  readonly room = (): Promise<void> | undefined => this.outbox.room();

  /** Whether a frame may go on to the session. One that may not is answered. */
  takes(frame: Buffer): boolean {
    if (this.ended) return false;
    this.meter?.received(frame.length);
    const verdict = this.rate.take();
    switch (verdict) {
      case 'pass':
        return true;
      case 'refuse':
        this.send(this.errorFrame(rateExceeded()));
        return false;
      case 'end':
        this.end(rateExceeded(), SOCKET_CLOSE.policyViolation, 'rate_limit_exceeded');
        return false;
      default:
        return verdict satisfies never;
    }
  }

  /** The socket is closed. */
  close(): void {
    clearTimeout(this.expiry);
    this.outbox.close();
    this.meter?.close();
  }

  private expire(): void {
    const message = `Your session hit the maximum duration of ${duration(this.options.limits.maxSessionMs)}.`;
    this.end(toWireError(new ClientError('session_expired', message), null), SOCKET_CLOSE.goingAway, message);
  }

  /** The error goes behind all that waits: a client that reads on will find it there. */
  private endSlow(): void {
    const message = 'The client reads more slowly than it is spoken to. Connect again.';
    this.end(toServerError('client_too_slow', message, null), SOCKET_CLOSE.tryAgainLater, 'client_too_slow');
  }

  private end(error: RealtimeErrorBody, closeCode: number, reason: string): void {
    if (this.ended) return;
    this.ended = true;
    this.socket.send(this.errorFrame(error));
    this.outbox.close();
    this.socket.close(closeCode, reason);
    this.options.onEnd();
  }

  private errorFrame(error: RealtimeErrorBody): string {
    const event = { event_id: newId('event'), type: 'error', error } as const;
    this.meter?.event(event);
    return JSON.stringify(event);
  }
}

function rateExceeded(): RealtimeErrorBody {
  const message = 'Events come faster than this server takes them. This one was not handled.';
  return toWireError(new ClientError('rate_limit_exceeded', message), null);
}

function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes > 0 ? `${minutes} minutes` : `${Math.ceil(ms / 1000)} seconds`;
}
