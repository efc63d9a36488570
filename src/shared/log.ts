/**
 * Logging without a sink of its own: whoever composes the program passes one in.
 * A message is a constant string; what varies goes into `fields`. Transcripts, prompts, audio and keys never
 * appear above `debug`, and keys not even there.
 */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type LogFields = Record<string, unknown>;

export interface LogEntry {
  /** ISO 8601. */
  time: string;
  level: LogLevel;
  message: string;
  fields: LogFields;
}

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to every entry. */
  child(fields: LogFields): Logger;
}

const ORDER: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** A logger that hands every entry at or above `level` to `sink`. */
export function createLogger(
  sink: (entry: LogEntry) => void,
  level: LogLevel = 'info',
  base: LogFields = {},
): Logger {
  const at =
    (entryLevel: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (ORDER[entryLevel] < ORDER[level]) return;
      sink({
        time: new Date().toISOString(),
        level: entryLevel,
        message,
        fields: { ...base, ...fields },
      });
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => createLogger(sink, level, { ...base, ...fields }),
  };
}

/** Throws everything away. */
export const silentLogger: Logger = createLogger(() => undefined, 'error');

/** One line of JSON for an entry; an Error among the fields becomes its name and message. */
export function formatLogEntry(entry: LogEntry): string {
  const { time, level, message, fields } = entry;
  return JSON.stringify({ time, level, message, ...fields }, (_key, value) =>
    value instanceof Error ? { name: value.name, message: value.message } : value,
  );
}

/** `unknown` from a catch clause as an Error. */
export function toError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}
