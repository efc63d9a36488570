import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { type Logger, toError } from '../../../../shared/log';

const timerSchema = z.object({
  id: z.string(),
  kind: z.enum(['timer', 'reminder', 'alarm']),
  label: z.string().nullable(),
  /** What was asked for; null when a time of day was. */
  durationMs: z.number().positive().nullable(),
  /** Milliseconds since the epoch. */
  dueAtMs: z.number(),
});
const fileSchema = z.object({ version: z.literal(1), timers: z.array(timerSchema) });

export type Timer = z.infer<typeof timerSchema>;

export interface TimerFile {
  load(): Timer[];
  /** Resolves to whether they are on disk now; a failure is logged. Calls are served in order. */
  save(timers: readonly Timer[]): Promise<boolean>;
}

/** Pending timers as JSON at `path`. A file that cannot be understood is moved aside, and the list begins empty. */
export function timerFile(path: string, log: Logger): TimerFile {
  return {
    load() {
      let text: string;
      try {
        text = readFileSync(path, 'utf8');
      } catch (cause) {
        const error = toError(cause) as NodeJS.ErrnoException;
        if (error.code !== 'ENOENT') log.error('timers cannot be read', { path, error });
        return [];
      }
      try {
        return fileSchema.parse(JSON.parse(text)).timers;
      } catch (cause) {
        moveAside(path, toError(cause), log);
        return [];
      }
    },
    async save(timers) {
      const text = `${JSON.stringify({ version: 1, timers }, null, 2)}\n`;
      try {
        mkdirSync(dirname(path), { recursive: true });
        await writeFileAtomic(path, text, { mode: 0o600 });
        return true;
      } catch (cause) {
        log.error('timers cannot be saved', { path, error: toError(cause) });
        return false;
      }
    },
  };
}

function moveAside(path: string, cause: Error, log: Logger): void {
  const aside = `${path}.damaged`;
  // A schema error quotes labels, which are the user's words: only its kind is logged.
  const reason = cause.name;
  try {
    renameSync(path, aside);
    log.warn('damaged timers file moved aside', { path, aside, reason });
  } catch (error) {
    log.error('damaged timers file cannot be moved aside', { path, reason, error: toError(error) });
  }
}
