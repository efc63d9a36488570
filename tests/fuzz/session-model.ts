/** What a session's echo is after an update, by the protocol's rules alone: written apart from the server's own patching. */
import { isDeepStrictEqual } from 'node:util';

// biome-ignore lint/suspicious/noExplicitAny: the session object as it is on the wire.
export type WireSession = Record<string, any>;

const TURN_DETECTION: Record<string, object> = {
  server_vad: {
    type: 'server_vad',
    threshold: 0.5,
    prefix_padding_ms: 300,
    silence_duration_ms: 500,
    idle_timeout_ms: null,
    create_response: true,
    interrupt_response: true,
  },
  semantic_vad: { type: 'semantic_vad', eagerness: 'auto', create_response: true, interrupt_response: true },
};

/** Fields of the session that an update replaces whole. */
const REPLACED = [
  'output_modalities',
  'instructions',
  'tools',
  'tool_choice',
  'max_output_tokens',
  'truncation',
  'tracing',
  'prompt',
];
/** Fields that are not shown when they are null. */
const HIDDEN = ['parallel_tool_calls', 'include'];

/** `session` after the valid update `patch`. */
export function expectedSession(session: WireSession, patch: WireSession): WireSession {
  const next = structuredClone(session);
  for (const key of REPLACED) if (key in patch) next[key] = patch[key];
  for (const key of HIDDEN) if (key in patch) next[key] = patch[key];
  if ('reasoning' in patch) next.reasoning = patch.reasoning && { ...next.reasoning, ...patch.reasoning };
  for (const key of [...HIDDEN, 'reasoning']) if (next[key] === null) delete next[key];
  if (next.type === 'transcription') next.include ??= [];
  const { input = {}, output = {} } = patch.audio ?? {};
  for (const [side, format] of Object.entries({ input: input.format, output: output.format })) {
    if (format !== undefined) {
      next.audio[side].format = format.type === 'audio/pcm' ? { ...format, rate: 24_000 } : format;
    }
  }
  if ('voice' in output) next.audio.output.voice = output.voice;
  if ('speed' in output) next.audio.output.speed = output.speed;
  if ('noise_reduction' in input) {
    const base = next.audio.input.noise_reduction ?? { type: 'near_field', strength: 1 };
    next.audio.input.noise_reduction = input.noise_reduction && { ...base, ...input.noise_reduction };
  }
  if ('transcription' in input) {
    next.audio.input.transcription = input.transcription && {
      ...next.audio.input.transcription,
      ...input.transcription,
    };
  }
  if ('turn_detection' in input) {
    const current = next.audio.input.turn_detection;
    const wanted = input.turn_detection;
    const { create_response, interrupt_response } = current ?? {};
    const both = current === null ? {} : { create_response, interrupt_response };
    const base = current?.type === wanted?.type ? current : { ...TURN_DETECTION[wanted?.type], ...both };
    next.audio.input.turn_detection = wanted && { ...base, ...wanted };
  }
  return next;
}

/** Whether the protocol refuses a well-formed update; null when that depends on more than the session object. */
export function refusesUpdate(session: WireSession, patch: WireSession): boolean | null {
  if (patch.type !== session.type) return true;
  const { tracing } = session;
  if (patch.tracing !== undefined && tracing !== null && !isDeepStrictEqual(patch.tracing, tracing))
    return true;
  return patch.audio?.output?.voice === undefined ? false : null;
}

/** Where two session objects differ first, as a dotted path; null when they are equal. */
export function difference(left: unknown, right: unknown, path = 'session'): string | null {
  if (isDeepStrictEqual(left, right)) return null;
  if (!isObject(left) || !isObject(right)) return path;
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const found = difference(left[key], right[key], `${path}.${key}`);
    if (found !== null) return found;
  }
  return path;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
