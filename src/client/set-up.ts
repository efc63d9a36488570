/** What the server session is told about itself: everything when it begins or changes, and the guard of a turn. */
import type { ClientEvent, ServerEvent } from '../shared/realtime';
import { type SessionConfig, sessionUpdate, turnDetectionUpdate } from './session-config';

export interface SetUp {
  /** The guard was lifted, and the server has not said yet that it knows. */
  readonly lifting: boolean;
  /** Tells the server all of the configuration. */
  configure(): void;
  /** Whether the client judges what a detected turn leads to. Sends nothing when that is so already. */
  setGuard(on: boolean): void;
  /** True when the event refuses a guard. */
  refuses(event: ServerEvent): boolean;
  /** The server session is over; the next one begins without a guard. */
  reset(): void;
}

export interface SetUpOptions {
  config(): SessionConfig;
  /** The server session has made sound, which fixes its voice. */
  voiced(): boolean;
  send(event: ClientEvent): void;
  nextEventId(prefix: string): string;
}

export function createSetUp({ config, voiced, send, nextEventId }: SetUpOptions): SetUp {
  let guarded = false;
  /** Updates the server has not answered, in the order in which it will. */
  let unanswered: { eventId: string; guarded: boolean; was: boolean }[] = [];

  const tell = (prefix: string, was: boolean, event: (eventId: string) => ClientEvent) => {
    const eventId = nextEventId(prefix);
    unanswered.push({ eventId, guarded, was });
    send(event(eventId));
  };
  return {
    get lifting() {
      return unanswered.some((update) => update.was && !update.guarded);
    },
    configure() {
      tell('session', guarded, (eventId) => sessionUpdate(config(), { voice: !voiced(), guarded, eventId }));
    },
    setGuard(on) {
      if (on === guarded) return;
      guarded = on;
      tell('guard', !on, (eventId) => turnDetectionUpdate(config(), { guarded: on, eventId }));
    },
    refuses(event) {
      if (event.type === 'session.updated') unanswered.shift();
      if (event.type !== 'error') return false;
      const refused = unanswered.find((update) => update.eventId === event.error?.event_id);
      unanswered = unanswered.filter((update) => update !== refused);
      const guardRefused = refused?.guarded === true && !refused.was;
      if (guardRefused) guarded = false;
      return guardRefused;
    },
    reset() {
      guarded = false;
      unanswered = [];
    },
  };
}
