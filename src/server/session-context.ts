import type { Logger } from '../shared/log';
import type { Backends } from './backends';
import type { Conversation } from './conversation';
import type { Limits, RateState } from './limits';
import type { Emit } from './server-events';
import type { SessionConfig } from './session-config';
import type { TraceFacts } from './trace';

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
