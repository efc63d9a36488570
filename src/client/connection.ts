/** The WebSocket to a Realtime server and its state machine; every server is spoken to in the same way. */
import type { ClientOptions } from 'ws';
import type { ConnectionState, Problem } from '../shared/ipc';
import type { Logger } from '../shared/log';
import type { ClientEvent, ServerEvent } from '../shared/realtime';
import { backoffMs } from './backoff';
import { type Clock, systemClock } from './clock';
import { type Dialled, dial, type Target } from './dial';
import type { Failure } from './failure';
import { createLink, type Link } from './link';
import { createListeners } from './listeners';

export type { Target } from './dial';

export interface ConnectionOptions {
  /** Where to connect, asked before each attempt. A Problem ends the attempt; see `Problem` for what is retried. */
  resolveTarget(): Promise<Target | Problem>;
  log: Logger;
  clock?: Clock;
  /** 0..1, for the jitter of the backoff. */
  random?: () => number;
  /** Milliseconds an attempt may take; 10 s unless given. */
  connectTimeoutMs?: number;
  /** Whether a lost or unreachable server is tried again; true unless given. */
  reconnect?: boolean;
  webSocket?: ClientOptions;
}

export interface ConnectionStatus {
  state: ConnectionState;
  /** Why it is disconnected or recovering; null when that was asked for. */
  problem: Problem | null;
}

export interface Connection {
  readonly status: ConnectionStatus;
  /** Connects; when it waits for the next attempt, tries now and starts the backoff anew. */
  open(): void;
  /** Resolves when the socket is gone. */
  close(): Promise<void>;
  /** A fresh session on a new socket, without a Problem; only when connected. */
  renew(): void;
  /** False, and nothing sent, unless connected. */
  send(event: ClientEvent): boolean;
  onEvent(listener: (event: ServerEvent) => void): () => void;
  onStatus(listener: (status: ConnectionStatus) => void): () => void;
}

type State =
  | { name: 'disconnected'; problem: Problem | null }
  | { name: 'connecting'; giveUp: () => void }
  | { name: 'connected'; link: Link; sinceMs: number }
  | { name: 'recovering'; problem: Problem | null; phase: 'waiting' | 'dialling'; giveUp: () => void }
  | { name: 'closing'; closed: Promise<void> };

const CONNECT_TIMEOUT_MS = 10_000;
const CLOSE_GRACE_MS = 2000;
/** A session that held this long starts the backoff anew; one that breaks at once does not. */
const STEADY_MS = 10_000;

export function createConnection(options: ConnectionOptions): Connection {
  const { log, clock = systemClock, random = Math.random, reconnect = true } = options;
  const events = createListeners<ServerEvent>();
  const statuses = createListeners<ConnectionStatus>();
  let state: State = { name: 'disconnected', problem: null };
  let attempt = 0;

  const status = (): ConnectionStatus => ({
    state: state.name,
    problem: 'problem' in state ? state.problem : null,
  });
  const enter = (next: State) => {
    state = next;
    const { state: name, problem } = status();
    log.info('connection', { state: name, ...(problem && { code: problem.code, detail: problem.detail }) });
    statuses.emit({ state: name, problem });
  };

  const startDial = () =>
    dial(
      {
        resolveTarget: options.resolveTarget,
        clock,
        timeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
        webSocket: options.webSocket ?? {},
      },
      connected,
      failed,
    );
  const connected = ({ socket, key, first }: Dialled) => {
    const link = createLink({
      socket,
      key,
      clock,
      onEvent: (event) => {
        if (state.name === 'connected' && state.link === link) events.emit(event);
      },
      onGarbage: (bytes) => log.warn('frame that is no event', { bytes }),
      onDown: (reason) => {
        if (state.name !== 'connected' || state.link !== link) return;
        if (clock.now() - state.sinceMs >= STEADY_MS) attempt = 0;
        failed(reason);
      },
    });
    enter({ name: 'connected', link, sinceMs: clock.now() });
    if (state.name === 'connected' && state.link === link) events.emit(first);
  };
  const failed = ({ problem, retry }: Failure) => {
    if (!retry || !reconnect) return enter({ name: 'disconnected', problem });
    const waitMs = backoffMs(attempt, random());
    attempt += 1;
    log.debug('next attempt', { waitMs, attempt });
    enter({
      name: 'recovering',
      problem,
      phase: 'waiting',
      giveUp: clock.after(waitMs, () => redial(problem)),
    });
  };
  /** Enters before it dials, so that whoever hears of the state and closes finds something to give up. */
  const redial = (problem: Problem | null) => {
    const dialling: State = { name: 'recovering', problem, phase: 'dialling', giveUp: startDial() };
    enter(dialling);
  };

  const open = (): void => {
    switch (state.name) {
      case 'disconnected':
        attempt = 0;
        enter({ name: 'connecting', giveUp: startDial() });
        return;
      case 'recovering':
        if (state.phase === 'dialling') return;
        state.giveUp();
        attempt = 0;
        redial(state.problem);
        return;
      case 'closing':
        void state.closed.then(open);
        return;
      case 'connecting':
      case 'connected':
        return;
      default:
        state satisfies never;
    }
  };

  return {
    get status() {
      return status();
    },
    open,
    async close() {
      switch (state.name) {
        case 'disconnected':
          return state.problem === null ? undefined : enter({ name: 'disconnected', problem: null });
        case 'connecting':
        case 'recovering':
          state.giveUp();
          return enter({ name: 'disconnected', problem: null });
        case 'connected': {
          const { link } = state;
          const closed = new Promise<void>((resolve) => link.close(CLOSE_GRACE_MS, resolve)).then(() =>
            enter({ name: 'disconnected', problem: null }),
          );
          enter({ name: 'closing', closed });
          return closed;
        }
        case 'closing':
          return state.closed;
        default:
          return state satisfies never;
      }
    },
    renew() {
      if (state.name !== 'connected') return;
      state.link.close(CLOSE_GRACE_MS, () => undefined);
      attempt = 0;
      redial(null);
    },
    send(event) {
      if (state.name !== 'connected') return false;
      state.link.send(event);
      return true;
    },
    onEvent: events.add,
    onStatus: statuses.add,
  };
}
