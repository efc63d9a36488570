import { join } from 'node:path';
import envPaths from 'env-paths';
import type { RunningServer, ServerOptions } from '../server';
import { type LocalCertificate, localCertificate, namesFor } from '../server/http/tls';
import { traceToFile } from '../server/trace';
import { type Logger, toError } from '../shared/log';
import { type EngineOptions, startLocalServer } from './local-server';
import { CliError, type Terminal, terminalLog } from './terminal';

export interface ServeOptions extends EngineOptions {
  host: string;
  port: number;
  token?: string;
  tls: boolean;
  /** The port after the plain one unless given. */
  tlsPort?: number;
  /** Names for the certificate beside those that follow from `host`. */
  tlsName?: string[];
  /** False with --no-beta. */
  beta: boolean;
  /** False with --no-metrics. */
  metrics: boolean;
  maxSessions?: number;
  allowedOrigin?: string[];
  stateDir?: string;
  verbose: boolean;
}

/** A certificate lasts for months, a server may run for years. */
const RENEW_CHECK_MS = 12 * 60 * 60 * 1000;

/** `parley serve`: serves until the user ends it. Throws a CliError when the server cannot start. */
export async function serve(options: ServeOptions, terminal: Terminal): Promise<void> {
  if (!options.tls) {
    if (options.tlsPort !== undefined) throw new CliError('--tls-port needs --tls.');
    if (options.tlsName !== undefined) throw new CliError('--tls-name needs --tls.');
  }
  const token = options.token ?? (terminal.env.PARLEY_TOKEN || null);
  const log = terminalLog(terminal, options.verbose);
  const stateDir = stateDirOf(options, terminal.env);
  const certify = options.tls
    ? certifier(options, stateDir ?? envPaths('parley', { suffix: '' }).data)
    : null;
  const certificate = certify === null ? null : await certify();
  const server = await startLocalServer(
    { ...options, token, stateDir, more: serverOptions(options, certificate, terminal.env) },
    terminal,
    log,
  );
  const stopRenewing = certify === null ? () => {} : renew(server, certify, log);
  const { vad, stt, llm, tts } = server.engines;
  terminal.print(`Realtime server at ${server.url}`);
  terminal.print(`Engines: VAD ${vad}, STT ${stt}, LLM ${llm}, TTS ${tts}`);
  if (certificate !== null) tellTls(server, certificate, terminal);
  terminal.print(
    `Try it: parley converse question.wav --url ${server.url}${token === null ? '' : ' --key <token>'}`,
  );
  await terminal.stopped();
  stopRenewing();
  await server.close();
  terminal.print('Stopped.');
}

/** The folder that the user or the service manager names; null when nobody does. */
function stateDirOf({ stateDir }: ServeOptions, env: Terminal['env']): string | null {
  return stateDir ?? (env.PARLEY_STATE_DIR || env.STATE_DIRECTORY || null);
}

function serverOptions(
  { port, tlsPort, beta, metrics, maxSessions, allowedOrigin }: ServeOptions,
  certificate: LocalCertificate | null,
  { PARLEY_TRACE: traceFile }: Terminal['env'],
): Partial<ServerOptions> {
  return {
    betaDialect: beta,
    metrics,
    ...(allowedOrigin === undefined ? {} : { allowedOrigins: allowedOrigin }),
    ...(maxSessions === undefined ? {} : { limits: { maxSessions } }),
    ...(certificate === null
      ? {}
      : { tls: { ...certificate, port: tlsPort ?? (port === 0 ? 0 : port + 1) } }),
    ...(traceFile ? { trace: traceToFile(traceFile) } : {}),
  };
}

/** Rejects with a CliError when the certificate cannot be made or kept. */
function certifier({ host, tlsName = [] }: ServeOptions, stateDir: string): () => Promise<LocalCertificate> {
  const folder = join(stateDir, 'tls');
  return async () => {
    try {
      return await localCertificate({ folder, names: [...namesFor(host), ...tlsName] });
    } catch (cause) {
      const { message } = toError(cause);
      throw new CliError(`The certificate for TLS cannot be kept in ${folder}: ${message}`, { cause });
    }
  };
}

/** Gives the function that ends it. */
function renew(server: RunningServer, certify: () => Promise<LocalCertificate>, log: Logger): () => void {
  const check = async () => {
    try {
      server.tls?.setCertificate(await certify());
    } catch (cause) {
      log.error('renewing the certificate failed', { error: toError(cause) });
    }
  };
  const timer = setInterval(() => void check(), RENEW_CHECK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function tellTls(
  { tls }: RunningServer,
  { caFile, newAuthority }: LocalCertificate,
  terminal: Terminal,
): void {
  terminal.print(`Over TLS at ${tls?.url}`);
  terminal.print(
    `Programs trust it with NODE_EXTRA_CA_CERTS=${caFile} (SSL_CERT_FILE where it is not Node)${newAuthority ? '; it was made just now' : ''}.`,
  );
}
