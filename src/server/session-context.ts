import type { Logger } from '../shared/log';
import type { Backends } from './backends';
import type { Conversation } from './conversation/conversation';
import type { Limits, RateState } from './limits';
import type { TraceFacts } from './trace';
import type { Emit } from './wire/server-events';
import type { SessionConfig } from './wire/session-config';

/** What the parts of one session share. Only `Session` builds it. */
export interface SessionContext {
  readonly backends: Backends;
  readonly conversation: Conversation;
  readonly log: Logger;
  readonly emit: Emit;
  /** The configuration as it is now. */
  readonly config: () => SessionConfig;
  /** Aborts when the session is over: nobody waits for anything any more. */
  readonly closing: AbortSignal;
  /** For developers who look for lost time. */
  readonly trace: (facts: TraceFacts) => void;
  readonly limits: Limits;
  /** Settles when the client has taken most of what was sent; undefined when it keeps up. */
  readonly room: () => Promise<void> | undefined;
  /** How many events the client may still send; null when there is no limit. */
  readonly rateState: () => RateState | null;
}
