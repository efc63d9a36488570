import { type RunningServer, type ServerOptions, startServer } from '../server';
import type { BackendSettings, Backends } from '../server/backends';
import { EngineError } from '../server/backends';
import { createBackends } from '../server/create-backends';
import type { Logger } from '../shared/log';
import { toError } from '../shared/log';
import { CliError, type Terminal } from './terminal';

/** What a user may choose about the server's engines. */
export interface EngineOptions {
  modelsDir?: string;
  llmUrl?: string;
  llmModel?: string;
}

export interface LocalServerOptions extends EngineOptions {
  host: string;
  port: number;
  token: string | null;
  /** Where timers are kept; null forgets them at the end. */
  stateDir: string | null;
  /** What more the user wants of the server. */
  more: Pick<ServerOptions, 'tls' | 'limits' | 'betaDialect' | 'allowedOrigins' | 'metrics' | 'trace'>;
}

/** A server in this process, with its engines. Throws a CliError when it cannot start. */
export async function startLocalServer(
  options: LocalServerOptions,
  terminal: Terminal,
  log: Logger,
): Promise<RunningServer> {
  const { host, port, token, more } = options;
  let backends: Backends;
  try {
    backends = await createBackends(backendSettings(options, terminal), log);
  } catch (cause) {
    if (cause instanceof EngineError) throw new CliError(cause.message, { cause });
    throw cause;
  }
  try {
    const server = await startServer({
      host,
      port,
      token,
      backends,
      log,
      version: terminal.version,
      ...more,
    });
    return {
      ...server,
      async close() {
        await server.close();
        await backends.close();
      },
    };
  } catch (cause) {
    await backends.close();
    throw new CliError(toError(cause).message, { cause });
  }
}

function backendSettings(
  { modelsDir, stateDir, llmUrl, llmModel }: LocalServerOptions,
  terminal: Terminal,
): BackendSettings {
  return {
    modelsDir: modelsDir ?? terminal.modelsDir,
    stateDir,
    llm: llmSettings(llmUrl, llmModel, terminal.env),
  };
}

function llmSettings(
  baseUrl: string | undefined,
  model: string | undefined,
  env: Terminal['env'],
): BackendSettings['llm'] {
  if (baseUrl === undefined && model === undefined) return { kind: 'builtin' };
  if (baseUrl === undefined)
    throw new CliError('--llm-model needs --llm-url, the base URL of a chat server.');
  if (model === undefined) throw new CliError('--llm-url needs --llm-model, the name of a model there.');
  return {
    kind: 'openai-compatible',
    baseUrl,
    model,
    apiKey: env.PARLEY_LLM_KEY || openAiKey(baseUrl, env),
  };
}

/** The key in OPENAI_API_KEY, for OpenAI's own addresses only: it is nobody else's business. */
export function openAiKey(url: string, env: Terminal['env']): string | null {
  let hostname: string;
  try {
    ({ hostname } = new URL(url));
  } catch {
    return null;
  }
  const isOpenAi = hostname === 'openai.com' || hostname.endsWith('.openai.com');
  return (isOpenAi && env.OPENAI_API_KEY) || null;
}
