/** Updates of a session's configuration: what is not named stays. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { checkServers } from './mcp/endpoint';
import { ClientError } from './wire/errors';
import {
  SEMANTIC_VAD,
  SERVER_VAD,
  type SessionConfig,
  type TurnDetection,
  type TurnDetectionPatch,
  voiceName,
} from './wire/session-config';
import type { InputPatch, SessionPatch } from './wire/session-schema';
import type { McpTool, Tools } from './wire/tool-schema';
import { fromWireFormat } from './wire/wire-audio';

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
    include: patch.include === undefined ? config.include : patch.include,
  };
  if (patch.type === 'transcription') return withInput;
  if (patch.tools !== undefined) checkServers(patch.tools, 'session.tools');
  const output = patch.audio?.output ?? {};
  if (output.voice !== undefined) checkVoice(config, output.voice, audioSpoken, 'session.audio.output.voice');
  return {
    ...withInput,
    outputModality: patch.output_modalities?.[0] ?? config.outputModality,
    instructions: patch.instructions ?? config.instructions,
    outputFormat: output.format === undefined ? config.outputFormat : fromWireFormat(output.format),
    voice: output.voice ?? config.voice,
    speed: output.speed ?? config.speed,
    tools: patch.tools === undefined ? config.tools : patchTools(config.tools, patch.tools),
    toolChoice: patch.tool_choice ?? config.toolChoice,
    maxOutputTokens: patch.max_output_tokens ?? config.maxOutputTokens,
    truncation: patch.truncation ?? config.truncation,
    tracing: patchTracing(config.tracing, patch.tracing),
    prompt: patch.prompt === undefined ? config.prompt : patch.prompt,
    parallelToolCalls:
      patch.parallel_tool_calls === undefined ? config.parallelToolCalls : patch.parallel_tool_calls,
    reasoning: patched(config.reasoning ?? {}, config.reasoning, patch.reasoning),
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
  const { format, noise_reduction, transcription, turn_detection } = patch;
  return {
    inputFormat: format === undefined ? config.inputFormat : fromWireFormat(format),
    noiseReduction: patched(config.noiseReduction ?? NOISE_REDUCTION, config.noiseReduction, noise_reduction),
    transcription: patched(config.transcription ?? {}, config.transcription, transcription),
    turnDetection: patchTurnDetection(config.turnDetection, turn_detection),
  };
}

/** What noise reduction begins with when it is switched on. */
const NOISE_REDUCTION: NonNullable<SessionConfig['noiseReduction']> = { type: 'near_field', strength: 1 };

/** `base` is what the fields that `patch` does not name are taken from. */
function patched<T extends object>(
  base: NoInfer<T>,
  current: T | null,
  patch: { [K in keyof NoInfer<T>]?: T[K] | undefined } | null | undefined,
): T | null {
  if (patch === undefined) return current;
  // What comes from JSON has no key whose value is undefined, which the compiler cannot know.
  return patch === null ? null : ({ ...base, ...patch } as T);
}

function patchTracing(
  current: SessionConfig['tracing'],
  patch: SessionConfig['tracing'] | undefined,
): SessionConfig['tracing'] {
  if (patch === undefined || current === null || isDeepStrictEqual(patch, current)) return patch ?? current;
  throw new ClientError('invalid_value', 'Tracing cannot be changed once it is on.', 'session.tracing');
}

/**
 * The list is replaced. A server that stays keeps the credentials that `next` does not name: the echo leaves them out,
 * and what was echoed can be sent back. They stay with their URL: no other server is sent them.
 */
export function patchTools(current: Tools, next: Tools): Tools {
  return next.map((tool) => {
    if (tool.type !== 'mcp') return tool;
    const before = current.find(
      (other): other is McpTool =>
        other.type === 'mcp' &&
        other.server_label === tool.server_label &&
        other.server_url === tool.server_url,
    );
    return {
      ...tool,
      ...(before?.authorization === undefined ? {} : { authorization: before.authorization }),
      ...(before?.headers === undefined ? {} : { headers: before.headers }),
      ...(tool.authorization === undefined ? {} : { authorization: tool.authorization }),
      ...(tool.headers === undefined ? {} : { headers: tool.headers }),
    };
  });
}

function patchTurnDetection(
  current: TurnDetection | null,
  patch: TurnDetectionPatch | null | undefined,
): TurnDetection | null {
  if (patch === undefined) return current;
  if (patch === null) return null;
  const defaults = patch.type === 'server_vad' ? SERVER_VAD : SEMANTIC_VAD;
  const base = current?.type === patch.type ? current : { ...defaults, ...responsesOf(current) };
  // Base and patch have the same `type`, which the spread cannot tell the compiler.
  return { ...base, ...patch } as TurnDetection;
}

/** What both kinds of turn detection have, and what a change from one to the other keeps. */
function responsesOf(current: TurnDetection | null) {
  if (current === null) return {};
  const { create_response, interrupt_response } = current;
  return { create_response, interrupt_response };
}
