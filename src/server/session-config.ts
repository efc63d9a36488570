/** The effective configuration of a session: defaults, patches, and the echo on the wire. Pure. */
import type { RealtimeSessionConfig } from '../shared/realtime';
import type { LlmTool } from './backends';
import { ClientError } from './errors';
import type { InputPatch, RealtimePatch, SessionPatch } from './session-schema';

type Defined<T> = { [K in keyof T]-?: Exclude<T[K], undefined> };
type TurnDetectionPatch = NonNullable<InputPatch['turn_detection']>;
export type ServerVad = Defined<Extract<TurnDetectionPatch, { type: 'server_vad' }>>;
export type SemanticVad = Defined<Extract<TurnDetectionPatch, { type: 'semantic_vad' }>>;
export type TurnDetection = ServerVad | SemanticVad;

export interface SessionConfig {
  kind: 'realtime' | 'transcription';
  id: string;
  model: string;
  outputModality: 'audio' | 'text';
  instructions: string;
  noiseReduction: NonNullable<InputPatch['noise_reduction']> | null;
  transcription: NonNullable<InputPatch['transcription']> | null;
  turnDetection: TurnDetection | null;
  voice: NonNullable<NonNullable<NonNullable<RealtimePatch['audio']>['output']>['voice']>;
  speed: number;
  tools: NonNullable<RealtimePatch['tools']>;
  toolChoice: NonNullable<RealtimePatch['tool_choice']>;
  maxOutputTokens: NonNullable<RealtimePatch['max_output_tokens']>;
  truncation: NonNullable<RealtimePatch['truncation']>;
  tracing: Exclude<RealtimePatch['tracing'], undefined>;
  prompt: NonNullable<RealtimePatch['prompt']> | null;
  /** Kept and echoed for clients that set them; null is not echoed. */
  parallelToolCalls: boolean | null;
  reasoning: RealtimePatch['reasoning'] | null;
  include: NonNullable<RealtimePatch['include']> | null;
}

const SERVER_VAD: ServerVad = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 500,
  idle_timeout_ms: null,
  create_response: true,
  interrupt_response: true,
};

const SEMANTIC_VAD: SemanticVad = {
  type: 'semantic_vad',
  eagerness: 'auto',
  create_response: true,
  interrupt_response: true,
};

/** Milliseconds of silence that end a turn under `semantic_vad`, which this server decides by silence alone. */
const EAGERNESS_SILENCE_MS = { high: 350, auto: 600, medium: 600, low: 1200 } as const;

const PCM = { type: 'audio/pcm', rate: 24_000 } as const;

export function defaultConfig(kind: SessionConfig['kind'], id: string, model: string): SessionConfig {
  return {
    kind,
    id,
    model,
    outputModality: 'audio',
    instructions: '',
    noiseReduction: null,
    transcription: kind === 'transcription' ? { model } : null,
    turnDetection: SERVER_VAD,
    voice: 'alloy',
    speed: 1,
    tools: [],
    toolChoice: 'auto',
    maxOutputTokens: 'inf',
    truncation: 'auto',
    tracing: null,
    prompt: null,
    parallelToolCalls: null,
    reasoning: null,
    include: null,
  };
}

/**
 * `config` with what `patch` names laid over it; what it does not name stays. `audioSpoken` says that model audio
 * exists in this session, which freezes the voice. Throws a ClientError when the patch cannot be taken.
 */
export function patchConfig(config: SessionConfig, patch: SessionPatch, audioSpoken: boolean): SessionConfig {
  if (patch.type !== config.kind) {
    throw new ClientError(
      'invalid_value',
      `This session is of type '${config.kind}', which cannot be changed.`,
      'session.type',
    );
  }
  const withInput = {
    ...config,
    ...patchInput(config, patch.audio?.input),
    include: patch.include ?? config.include,
  };
  if (patch.type === 'transcription') return withInput;
  const { audio } = patch;
  if (audio?.output?.voice !== undefined)
    checkVoice(config, audio.output.voice, audioSpoken, 'session.audio.output.voice');
  return {
    ...withInput,
    outputModality: patch.output_modalities?.[0] ?? config.outputModality,
    instructions: patch.instructions ?? config.instructions,
    voice: audio?.output?.voice ?? config.voice,
    speed: audio?.output?.speed ?? config.speed,
    tools: patch.tools ?? config.tools,
    toolChoice: patch.tool_choice ?? config.toolChoice,
    maxOutputTokens: patch.max_output_tokens ?? config.maxOutputTokens,
    truncation: patch.truncation ?? config.truncation,
    tracing: patch.tracing === undefined ? config.tracing : patch.tracing,
    prompt: patch.prompt === undefined ? config.prompt : patch.prompt,
    parallelToolCalls: patch.parallel_tool_calls ?? config.parallelToolCalls,
    reasoning: patch.reasoning === undefined ? config.reasoning : { ...config.reasoning, ...patch.reasoning },
  };
}

/** Throws `cannot_update_voice` when `voice` differs from the session's and audio was already spoken with that. */
export function checkVoice(
  config: SessionConfig,
  voice: SessionConfig['voice'],
  audioSpoken: boolean,
  param: string,
): void {
  if (!audioSpoken || voiceName(voice) === voiceName(config.voice)) return;
  throw new ClientError(
    'cannot_update_voice',
    'The voice of a session cannot be changed once the assistant has spoken.',
    param,
  );
}

function patchInput(config: SessionConfig, patch: InputPatch | undefined): Partial<SessionConfig> {
  if (patch === undefined) return {};
  const { noise_reduction, transcription, turn_detection } = patch;
  return {
    noiseReduction: patched(config.noiseReduction, noise_reduction),
    transcription: patched(config.transcription, transcription),
    turnDetection: patchTurnDetection(config.turnDetection, turn_detection),
  };
}

function patched<T extends object>(current: T | null, patch: T | null | undefined): T | null {
  if (patch === undefined) return current;
  return patch === null ? null : { ...current, ...patch };
}

function patchTurnDetection(
  current: TurnDetection | null,
  patch: TurnDetectionPatch | null | undefined,
): TurnDetection | null {
  if (patch === undefined) return current;
  if (patch === null) return null;
  const base =
    current?.type === patch.type ? current : patch.type === 'server_vad' ? SERVER_VAD : SEMANTIC_VAD;
  // Base and patch have the same `type`, which the spread cannot tell the compiler.
  return { ...base, ...patch } as TurnDetection;
}

/** What the turn detector is to do: semantic_vad becomes silence that is as long as its eagerness suggests. */
export function turnOptions(turnDetection: TurnDetection): {
  threshold: number;
  prefixPaddingMs: number;
  silenceDurationMs: number;
} {
  return turnDetection.type === 'server_vad'
    ? {
        threshold: turnDetection.threshold,
        prefixPaddingMs: turnDetection.prefix_padding_ms,
        silenceDurationMs: turnDetection.silence_duration_ms,
      }
    : {
        threshold: SERVER_VAD.threshold,
        prefixPaddingMs: SERVER_VAD.prefix_padding_ms,
        silenceDurationMs: EAGERNESS_SILENCE_MS[turnDetection.eagerness],
      };
}

export function voiceName(voice: SessionConfig['voice']): string {
  return typeof voice === 'string' ? voice : voice.id;
}

/** Function tools as the LLM takes them. */
export function toLlmTools(tools: SessionConfig['tools']): LlmTool[] {
  return tools.map(({ name, description, parameters }) => ({
    name,
    description: description ?? '',
    parameters: parameters ?? { type: 'object', properties: {} },
  }));
}

/** The whole effective session as `session.created` and `session.updated` carry it. */
export function toWireSession(config: SessionConfig): RealtimeSessionConfig {
  const input = {
    format: PCM,
    transcription: config.transcription,
    noise_reduction: config.noiseReduction,
    turn_detection: config.turnDetection,
  };
  const wire =
    config.kind === 'transcription'
      ? {
          type: 'transcription',
          object: 'realtime.transcription_session',
          id: config.id,
          audio: { input },
          include: config.include ?? [],
        }
      : {
          type: 'realtime',
          object: 'realtime.session',
          id: config.id,
          model: config.model,
          output_modalities: [config.outputModality],
          instructions: config.instructions,
          audio: { input, output: { format: PCM, voice: config.voice, speed: config.speed } },
          tools: config.tools,
          tool_choice: config.toolChoice,
          max_output_tokens: config.maxOutputTokens,
          truncation: config.truncation,
          tracing: config.tracing,
          prompt: config.prompt,
          ...(config.parallelToolCalls === null ? {} : { parallel_tool_calls: config.parallelToolCalls }),
          ...(config.reasoning === null ? {} : { reasoning: config.reasoning }),
          ...(config.include === null ? {} : { include: config.include }),
        };
  // The type of the update does not name what only the server says (id, object) nor the nulls it says it with.
  return wire as unknown as RealtimeSessionConfig;
}
