/**
 * Exactly one response at a time. A server refuses a second one and sends no `response.done` for it, so the next
 * `response.create` waits until the running response is done.
 */
import type { ClientEvent, RealtimeErrorBody } from '../shared/realtime';
import type { Clock } from './clock';

/** Milliseconds after which a `response.create` that the server neither follows nor refuses is given up. */
const UNANSWERED_MS = 30_000;

export interface ResponseGateOptions {
  clock: Clock;
  send(event: ClientEvent): void;
  nextEventId(prefix: string): string;
  /** A request was given up. */
  onUnanswered(): void;
}

export interface ResponseGate {
  /** The response that runs now. */
  readonly openId: string | null;
  /** A response runs, is asked for, or waits to be asked for. */
  readonly busy: boolean;
  isCancelled(responseId: string): boolean;
  /** Asks for a response, now or when the running one is done. */
  request(): void;
  created(responseId: string): void;
  done(responseId: string): void;
  /** Cancels what runs or was asked for, and forgets what waits. */
  cancel(): void;
  /** The server cancels the running response by itself. */
  markCancelled(): void;
  /** True when the error is about this gate's own events and a mere matter of timing. */
  absorbs(error: Partial<RealtimeErrorBody>): boolean;
  /** The server session is over. What ran and was not cancelled, and whether one was asked for that did not begin. */
  reset(): { openId: string | null; asked: boolean };
}

export function createResponseGate(options: ResponseGateOptions): ResponseGate {
  const { clock, send, nextEventId, onUnanswered } = options;
  let openId: string | null = null;
  /** Event id of the `response.create` that is not answered yet. */
  let asked: string | null = null;
  let waiting = false;
  /** Event id of a cancel sent before the response had an id. */
  let cancelAsked: string | null = null;
  let cancelWait: () => void = () => undefined;
  const cancelled = new Set<string>();

  const create = () => {
    waiting = false;
    const eventId = nextEventId('create');
    asked = eventId;
    send({ type: 'response.create', event_id: eventId });
    cancelWait = clock.after(UNANSWERED_MS, () => {
      answered();
      onUnanswered();
      createWaiting();
    });
  };
  const answered = () => {
    cancelWait();
    asked = null;
  };
  const createWaiting = () => {
    if (waiting && openId === null && asked === null) create();
  };

  return {
    get openId() {
      return openId;
    },
    get busy() {
      return openId !== null || asked !== null || waiting;
    },
    isCancelled: (responseId) => cancelled.has(responseId),
    request() {
      waiting = true;
      createWaiting();
    },
    created(responseId) {
      openId = responseId;
      answered();
      if (cancelAsked !== null) cancelled.add(responseId);
      cancelAsked = null;
    },
    done(responseId) {
      if (openId !== null && openId !== responseId) return;
      openId = null;
      createWaiting();
    },
    cancel() {
      waiting = false;
      if (openId !== null) {
        if (cancelled.has(openId)) return;
        cancelled.add(openId);
        send({ type: 'response.cancel', event_id: nextEventId('cancel'), response_id: openId });
      } else if (asked !== null && cancelAsked === null) {
        cancelAsked = nextEventId('cancel');
        send({ type: 'response.cancel', event_id: cancelAsked });
      }
    },
    markCancelled() {
      if (openId !== null) cancelled.add(openId);
    },
    absorbs(error) {
      const code = error.code ?? '';
      if (code === 'response_cancel_not_active') {
        if (error.event_id === cancelAsked) cancelAsked = null;
        return true;
      }
      const mine = asked !== null && error.event_id === asked;
      if (code === 'conversation_already_has_active_response') {
        // A server that was about to answer by itself says so too when it was asked in time: nothing is left to ask.
        if (asked === null) return true;
        // A response this side did not know of runs; the end of it lets the next one through.
        answered();
        waiting = waiting || cancelAsked === null;
        cancelAsked = null;
        return true;
      }
      if (mine) {
        answered();
        cancelAsked = null;
        createWaiting();
      }
      return false;
    },
    reset() {
      const was = {
        openId: openId !== null && cancelled.has(openId) ? null : openId,
        asked: waiting || (asked !== null && cancelAsked === null),
      };
      openId = null;
      answered();
      waiting = false;
      cancelAsked = null;
      cancelled.clear();
      return was;
    },
  };
}
