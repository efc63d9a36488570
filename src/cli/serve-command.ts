import { type EngineOptions, startLocalServer } from './local-server';
import { type Terminal, terminalLog } from './terminal';

export interface ServeOptions extends EngineOptions {
  host: string;
  port: number;
  token?: string;
  verbose: boolean;
}

/** `parley serve`: serves until the user ends it. Throws a CliError when the server cannot start. */
export async function serve(options: ServeOptions, terminal: Terminal): Promise<void> {
  const token = options.token ?? (terminal.env.PARLEY_TOKEN || null);
  const server = await startLocalServer(
    { ...options, token },
    terminal,
    terminalLog(terminal, options.verbose),
  );
  const { vad, stt, llm, tts } = server.engines;
  terminal.print(`Realtime server at ${server.url}`);
  terminal.print(`Engines: VAD ${vad}, STT ${stt}, LLM ${llm}, TTS ${tts}`);
  terminal.print(
    `Try it: parley converse question.wav --url ${server.url}${token === null ? '' : ' --key <token>'}`,
  );
  await terminal.stopped();
  await server.close();
  terminal.print('Stopped.');
}
