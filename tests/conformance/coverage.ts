/** What a test tells the summary of the suite: scripts/conformance-line.mjs reads it in vitest's report. */
import type { Dialect } from './schema/derive';

export const DIALECTS: readonly Dialect[] = ['ga', 'beta'];

export interface Coverage {
  dialect: Dialect;
  /** Types of server events that were sent, of as many in the published union. */
  events: number;
  union: number;
  flows: number;
}

declare module 'vitest' {
  interface TaskMeta {
    conformance?: Coverage;
    /** Name of the stock client that the test drove. */
    client?: string;
  }
}
