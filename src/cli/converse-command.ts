import { randomBytes } from 'node:crypto';
import type { Target } from '../client/connection';
import { OPENAI_BASE_URL, realtimeUrl } from '../client/realtime-url';
import type { Logger } from '../shared/log';
import { defaultSettings } from '../shared/settings';
import { type ConverseOptions, type ConverseResult, converse, type Utterance } from './converse';
import { type EngineOptions, openAiKey, startLocalServer } from './local-server';
import { CliError, type Terminal, terminalLog } from './terminal';
import type { TurnReport } from './turn-log';
import { readWav, WavError, writeWav } from './wav';

export interface ConverseCommandOptions extends EngineOptions {
  out?: string;
  json: boolean;
  url?: string;
  key?: string;
  model?: string;
  bargeIn?: { file: string; afterMs: number };
  /** Seconds an answer may take to begin. */
  timeout: number;
  verbose: boolean;
}

/** What `--json` prints. */
interface ConverseReport {
  url: string;
  turns: TurnReport[];
  errors: string[];
}

/** `parley converse`: true when every turn was answered. Failures are printed, not thrown. */
export async function converseCommand(
  files: string[],
  options: ConverseCommandOptions,
  terminal: Terminal,
): Promise<boolean> {
  const report: ConverseReport = { url: '', turns: [], errors: [] };
  try {
    await run(files, options, terminal, report);
  } catch (cause) {
    if (!(cause instanceof CliError || cause instanceof WavError)) throw cause;
    report.errors.push(cause.message);
  }
  for (const error of report.errors) terminal.note(`parley: ${error}`);
  if (options.json) terminal.print(JSON.stringify(report));
  return report.errors.length === 0;
}

async function run(
  files: string[],
  options: ConverseCommandOptions,
  terminal: Terminal,
  report: ConverseReport,
): Promise<void> {
  const questions = await readAll(files, terminal);
  const bargeIn = await readBargeIn(options, terminal);
  const log = terminalLog(terminal, options.verbose);
  const { target, close } = await reachServer(options, terminal, log);
  report.url = target.url;
  let result: ConverseResult;
  try {
    result = await converse({
      target,
      questions,
      bargeIn,
      answerTimeoutMs: options.timeout * 1000,
      log,
      ...(options.json ? {} : { onTurn: printTurn(terminal) }),
    });
  } finally {
    await close();
  }
  report.turns = result.turns;
  report.errors = result.errors;
  if (options.out !== undefined && result.recording.length > 0) {
    await writeWav(options.out, result.recording);
    terminal.note(`The answer was written to ${options.out}.`);
  }
}

async function readAll(files: string[], terminal: Terminal): Promise<Utterance[]> {
  const utterances: Utterance[] = [];
  for (const file of files) {
    const { pcm, notes } = await readWav(file);
    if (notes.length > 0) terminal.note(`${file}: ${notes.join(', ')}.`);
    utterances.push({ name: file, pcm });
  }
  return utterances;
}

async function readBargeIn(
  { bargeIn }: ConverseCommandOptions,
  terminal: Terminal,
): Promise<ConverseOptions['bargeIn']> {
  if (!bargeIn) return null;
  const [utterance] = await readAll([bargeIn.file], terminal);
  return utterance ? { ...utterance, afterMs: bargeIn.afterMs } : null;
}

/** The server the user named, or one started here for the time of the conversation. */
async function reachServer(
  options: ConverseCommandOptions,
  terminal: Terminal,
  log: Logger,
): Promise<{ target: Target; close(): Promise<void> }> {
  if (options.url === undefined) {
    const token = randomBytes(24).toString('base64url');
    const local = { ...options, host: '127.0.0.1', port: 0, token, stateDir: null, more: {} };
    const server = await startLocalServer(local, terminal, log);
    return { target: { url: server.url, key: token }, close: () => server.close() };
  }
  const baseUrl = options.url === 'openai' ? OPENAI_BASE_URL : options.url;
  const url = realtimeUrl(baseUrl, options.model ?? defaultSettings.model);
  if (typeof url !== 'string') throw new CliError(`${baseUrl} cannot be connected to: ${url.detail}.`);
  const key = options.key || terminal.env.PARLEY_KEY || openAiKey(url, terminal.env);
  return { target: { url, key }, close: async () => undefined };
}

function printTurn(terminal: Terminal): NonNullable<ConverseOptions['onTurn']> {
  return (report, userAtMs, answerAtMs) => {
    terminal.print(`${seconds(userAtMs)}  You     ${report.heard || '(nothing understood)'}`);
    const notes: string[] = [];
    if (report.speechEndToFirstAudioMs !== null) notes.push(`${report.speechEndToFirstAudioMs} ms after you`);
    if (report.interrupted) notes.push('cut');
    const what = report.said || '(nothing said)';
    const when = answerAtMs === null ? ''.padStart(7) : seconds(answerAtMs);
    terminal.print(`${when}  Parley  ${what}${notes.length > 0 ? `  (${notes.join(', ')})` : ''}`);
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(5)} s`;
}
