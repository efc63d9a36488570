import { type Logger, toError } from '../shared/log';
import {
  type BackendSettings,
  type Backends,
  EngineError,
  type Llm,
  type Stt,
  type Tts,
  type Vad,
} from './backends';
import { createBuiltinLlm } from './backends/builtin';
import { createFlite } from './backends/flite';
import { createOpenAiCompatibleLlm } from './backends/openai-compatible';
import { createPocketsphinx } from './backends/pocketsphinx';
import { createSileroVad } from './backends/silero';
import {
  isUnavailable,
  unavailableLlm,
  unavailableStt,
  unavailableTts,
  unavailableVad,
} from './backends/unavailable';
import { withSpeechGate } from './turns/speech-gate';

/** Names of the engines by stage, for people and for `GET /health`. */
export function engineNames({ vad, stt, llm, tts }: Backends): Record<'vad' | 'stt' | 'llm' | 'tts', string> {
  return { vad: vad.name, stt: stt.name, llm: llm.name, tts: tts.name };
}

/**
 * Starts the four engines side by side and warms them, so that the first turn is as quick as the next. One that cannot
 * start is replaced by an `unavailable` one, which tells its EngineError whenever it is asked for; the others work.
 */
export async function createBackends(settings: BackendSettings, log: Logger): Promise<Backends> {
  const closers: Array<() => Promise<void> | void> = [];
  const start = async <E>(
    stage: EngineError['stage'],
    create: () => Promise<E>,
    without: (reason: EngineError) => E,
  ) => {
    try {
      return await create();
    } catch (cause) {
      const reason =
        cause instanceof EngineError
          ? cause
          : new EngineError(stage, `${STAGES[stage]} could not start: ${toError(cause).message}`, { cause });
      log.error('engine unavailable', { stage, error: reason, cause: reason.cause });
      return without(reason);
    }
  };

  const [vad, stt, llm, tts] = await Promise.all([
    start<Vad>('vad', () => createSileroVad(settings.modelsDir), unavailableVad),
    start<Stt>(
      'stt',
      async () => {
        const engine = await createPocketsphinx(log);
        closers.push(() => engine.close());
        return engine;
      },
      unavailableStt,
    ),
    start<Llm>('llm', () => createLlm(settings, log), unavailableLlm),
    start<Tts>(
      'tts',
      async () => {
        const engine = await createFlite(log);
        closers.push(() => engine.close());
        return engine;
      },
      unavailableTts,
    ),
  ]);
  return {
    vad,
    stt: isUnavailable(stt) || isUnavailable(vad) ? stt : withSpeechGate(stt, vad),
    llm,
    tts,
    async close() {
      for (const close of closers) await close();
    },
  };
}

const STAGES: Record<EngineError['stage'], string> = {
  vad: 'Voice detection',
  stt: 'Speech recognition',
  llm: 'The language model',
  tts: 'The voice',
};

async function createLlm({ llm, stateDir }: BackendSettings, log: Logger): Promise<Llm> {
  switch (llm.kind) {
    case 'builtin':
      return createBuiltinLlm({ stateDir, log });
    case 'openai-compatible':
      return createOpenAiCompatibleLlm(llm);
    default: {
      const never: never = llm;
      throw new Error(`no language model is called ${JSON.stringify(never)}`);
    }
  }
}
