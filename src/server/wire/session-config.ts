/** The effective configuration of a session: what it holds, and what it begins with. Pure. */
import type { LlmTool } from '../backends';
import type { InputPatch, RealtimePatch } from './session-schema';
import type { FunctionTool, McpTool } from './tool-schema';
import type { WireFormat } from './wire-audio';

type Defined<T> = { [K in keyof T]-?: Exclude<T[K], undefined> };
export type TurnDetectionPatch = NonNullable<InputPatch['turn_detection']>;
export type ServerVad = Defined<Extract<TurnDetectionPatch, { type: 'server_vad' }>>;
export type SemanticVad = Defined<Extract<TurnDetectionPatch, { type: 'semantic_vad' }>>;
export type TurnDetection = ServerVad | SemanticVad;

export interface SessionConfig {
  kind: 'realtime' | 'transcription';
  id: string;
  model: string;
  /** When the session ends, in seconds since the epoch. */
  expiresAt: number;
  outputModality: 'audio' | 'text';
  instructions: string;
  inputFormat: WireFormat;
  /** Accepted for engines that reduce noise; none of those here does. */
  noiseReduction: Defined<NonNullable<InputPatch['noise_reduction']>> | null;
  transcription: NonNullable<InputPatch['transcription']> | null;
  turnDetection: TurnDetection | null;
  outputFormat: WireFormat;
  voice: NonNullable<NonNullable<NonNullable<RealtimePatch['audio']>['output']>['voice']>;
  /** 0.25 to 1.5; 1 is normal. */
  speed: number;
  tools: NonNullable<RealtimePatch['tools']>;
  toolChoice: NonNullable<RealtimePatch['tool_choice']>;
  maxOutputTokens: NonNullable<RealtimePatch['max_output_tokens']>;
  truncation: NonNullable<RealtimePatch['truncation']>;
  tracing: Exclude<RealtimePatch['tracing'], undefined>;
  prompt: NonNullable<RealtimePatch['prompt']> | null;
  /** Kept and echoed for clients that set them; null is not echoed. */
  parallelToolCalls: boolean | null;
  reasoning: NonNullable<RealtimePatch['reasoning']> | null;
  include: NonNullable<RealtimePatch['include']> | null;
}

export const SERVER_VAD: ServerVad = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 500,
  idle_timeout_ms: null,
  create_response: true,
  interrupt_response: true,
};

export const SEMANTIC_VAD: SemanticVad = {
  type: 'semantic_vad',
  eagerness: 'auto',
  create_response: true,
  interrupt_response: true,
};

/** `expiresAt` is in seconds since the epoch. */
export function defaultConfig(
  kind: SessionConfig['kind'],
  id: string,
  model: string,
  expiresAt: number,
): SessionConfig {
  return {
    kind,
    id,
    model,
    expiresAt,
    outputModality: 'audio',
    instructions: '',
    inputFormat: 'pcm',
    noiseReduction: null,
    transcription: kind === 'transcription' ? { model } : null,
    turnDetection: SERVER_VAD,
    outputFormat: 'pcm',
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

export function voiceName(voice: SessionConfig['voice']): string {
  return typeof voice === 'string' ? voice : voice.id;
}

/** Function tools as the LLM takes them. */
export function toLlmTools(tools: SessionConfig['tools']): LlmTool[] {
  return tools
    .filter((tool): tool is FunctionTool => tool.type === 'function')
    .map(({ name, description, parameters }) => ({
      name,
      description: description ?? '',
      parameters: parameters ?? { type: 'object', properties: {} },
    }));
}

/** The MCP servers among `tools`. */
export function mcpTools(tools: SessionConfig['tools']): McpTool[] {
  return tools.filter((tool): tool is McpTool => tool.type === 'mcp');
}
