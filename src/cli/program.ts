import { Command, InvalidArgumentError, Option } from 'commander';
import { type ConverseCommandOptions, converseCommand } from './converse-command';
import { type ServeOptions, serve } from './serve-command';
import { CliError, type Terminal } from './terminal';

const DEFAULT_PORT = 8765;

/**
 * Runs the command line `args` (without the program's own name) and gives the exit code: 0 when all went well, 1 when
 * not. What went wrong was said on standard error.
 */
export async function runProgram(args: string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  const program = new Command('parley')
    .description('A voice assistant over the OpenAI Realtime protocol, without its window.')
    .version(terminal.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    });

  withEngineOptions(program.command('serve'))
    .description('Runs the local Realtime server until it is stopped.')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 picks a free one', parsePort, DEFAULT_PORT)
    .option('--token <token>', 'key that clients must send (or environment PARLEY_TOKEN)')
    .option('--tls', 'serve over TLS too, with a certificate made here', false)
    .option('--tls-port <number>', 'port for TLS; the one after --port unless given', parsePort)
    .option('--tls-name <name...>', 'more names or addresses that the certificate is for')
    .option(
      '--allowed-origin <origin...>',
      'web pages that may connect, like http://localhost:3000',
      parseOrigin,
    )
    .option('--max-sessions <number>', 'sessions at once; 100 unless given', parseCount)
    .option(
      '--state-dir <folder>',
      'where certificates and timers are kept (or environment PARLEY_STATE_DIR)',
    )
    .option('--no-beta', 'turn away clients of the older dialect, as OpenAI does')
    .option('--no-metrics', 'no figures for Prometheus under /metrics')
    .action((options: ServeOptions) => serve(options, terminal));

  withEngineOptions(program.command('converse'))
    .description('Speaks WAV files to a Realtime server, one turn each, and tells what came back.')
    .argument('<question.wav...>', 'what to say')
    .option('--out <answer.wav>', 'write what was answered')
    .option('--json', 'print one JSON object', false)
    .option('--url <url>', 'server to speak to, or "openai"; without it one is started for the occasion')
    .option('--key <key>', 'key of that server (or environment PARLEY_KEY; for OpenAI, OPENAI_API_KEY)')
    .option('--model <name>', 'model to ask for')
    .option('--timeout <seconds>', 'how long an answer may take to begin', parseSeconds, 30)
    .addOption(
      new Option(
        '--barge-in <wav@ms>',
        'speak this WAV so many ms after the first answer began; it must cut the answer',
      ).argParser(parseBargeIn),
    )
    .action(async (files: string[], options: ConverseCommandOptions) => {
      if (!(await converseCommand(files, options, terminal))) exitCode = 1;
    });

  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (cause) {
    const said = exitCodeOf(cause);
    if (said === null) throw cause;
    if (cause instanceof CliError) terminal.note(`parley: ${cause.message}`);
    exitCode = said;
  }
  return exitCode;
}

function withEngineOptions(command: Command): Command {
  return command
    .option('--llm-url <url>', 'chat-completions server to think with (key in environment PARLEY_LLM_KEY)')
    .option('--llm-model <name>', 'model of that server')
    .option('--models-dir <folder>', 'where the model files are')
    .option('--verbose', 'log everything', false);
}

/** The exit code of a failure that was or will be told in a sentence; null for a bug. */
function exitCodeOf(cause: unknown): number | null {
  if (cause instanceof CliError) return 1;
  // Commander ends with an exception also when it only printed the help that was asked for.
  if (cause instanceof Error && 'exitCode' in cause) return Number(cause.exitCode);
  return null;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

function parseCount(text: string): number {
  const count = Number(text);
  if (/^\d{1,6}$/.test(text) && count > 0) return count;
  throw new InvalidArgumentError('A number of sessions is a whole number from 1 to 999999.');
}

/** Collects what Origin headers are compared with, letter by letter. */
function parseOrigin(text: string, before: string[] = []): string[] {
  if (/^(null|file:\/\/|[a-z][a-z\d+.-]*:\/\/[^/?#\s]+)$/.test(text)) return [...before, text];
  throw new InvalidArgumentError(
    'An origin is a scheme and a host without a path, like http://localhost:3000.',
  );
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError('A time is a number of seconds up to 3600.');
}

function parseBargeIn(text: string): ConverseCommandOptions['bargeIn'] {
  const [, file, ms] = /^(.+)@(\d{1,7})$/.exec(text) ?? [];
  if (file !== undefined && ms !== undefined) return { file, afterMs: Number(ms) };
  throw new InvalidArgumentError('It is a WAV file and milliseconds, like stop.wav@800.');
}
