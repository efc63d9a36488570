import { createLogger, type LogEntry, type Logger } from '../shared/log';

/** What a command has of the outside. */
export interface Terminal {
  /** Writes a line to standard output, which carries results only. */
  print(line: string): void;
  /** Writes a line to standard error: notes, failures, log. */
  note(line: string): void;
  env: Readonly<Record<string, string | undefined>>;
  /** Where the provisioned model files are, unless the user says otherwise. */
  modelsDir: string;
  version: string;
  /** Resolves when the user asks the program to end. */
  stopped(): Promise<void>;
}

/** A failure the user can do something about; the message is a whole sentence. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/** A log on standard error: from warnings on, or everything when `verbose`. */
export function terminalLog(terminal: Terminal, verbose: boolean): Logger {
  return createLogger((entry) => terminal.note(lineOf(entry)), verbose ? 'debug' : 'warn');
}

/** For people: `warn: message, field=value: what an error says`. */
function lineOf({ level, message, fields }: LogEntry): string {
  let line = `${level}: ${message}`;
  let reason = '';
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    if (value instanceof Error) reason += `: ${value.message}`;
    else line += `, ${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`;
  }
  return line + reason;
}
