/** What this server says, in the words of the older dialect. Pure, and never throws. */
import { BETA_NAMES } from './events';
import {
  type Fields,
  fieldsOf,
  renamePaths,
  SESSION_PATHS,
  TRANSCRIPTION_PATHS,
  toBetaFormat,
  toFlatPath,
  valueAt,
} from './fields';

/** What a session of the beta began with. */
export const DEFAULT_TEMPERATURE = 0.8;

export interface BetaFacts {
  /** Of this session; echoed, nothing more. */
  temperature: number;
  /** What `conversation.created` named; it stands for the session's one conversation. */
  conversationId: string;
}

/** The event in beta words, null when they have none for it. An unknown event is none of theirs. */
export function toBetaEvent(event: Fields, facts: BetaFacts): Fields | null {
  const names: Record<string, string | null> = BETA_NAMES;
  const type = typeof event.type === 'string' && Object.hasOwn(names, event.type) ? names[event.type] : null;
  if (type == null) return null;
  switch (type) {
    case 'session.created':
    case 'session.updated':
      return toBetaSessionEvent(event, type, facts);
    case 'conversation.item.created':
    case 'conversation.item.retrieved':
    case 'response.output_item.added':
    case 'response.output_item.done': {
      const item = toBetaItem(event.item);
      return item === null ? null : { ...event, type, item };
    }
    case 'response.created':
    case 'response.done':
      return { ...event, type, response: toBetaResponse(event.response, facts) };
    case 'response.function_call_arguments.done': {
      const { name: _, ...rest } = event;
      return { ...rest, type };
    }
    case 'error':
      return { ...event, type, error: toBetaError(event.error) };
    default:
      return { ...event, type };
  }
}

function toBetaSessionEvent(event: Fields, type: string, facts: BetaFacts): Fields {
  const session = toBetaSession(event.session, facts.temperature);
  const transcription = session.object === 'realtime.transcription_session';
  const name = transcription && type === 'session.updated' ? 'transcription_session.updated' : type;
  return { ...event, type: name, session };
}

/** The flat session of an effective GA session. */
export function toBetaSession(session: unknown, temperature: number): Fields {
  const { type, id, expires_at } = fieldsOf(session) ?? {};
  const transcription = type === 'transcription';
  const flat: Fields = {
    id,
    object: transcription ? 'realtime.transcription_session' : 'realtime.session',
    ...(expires_at === undefined ? {} : { expires_at }),
  };
  for (const [name, path] of Object.entries(transcription ? TRANSCRIPTION_PATHS : SESSION_PATHS)) {
    const value = valueAt(session, path);
    if (value !== undefined) flat[name] = toBetaValue(name, value);
  }
  return transcription ? flat : { ...flat, temperature };
}

function toBetaValue(name: string, value: unknown): unknown {
  switch (name) {
    case 'modalities':
      return toBetaModalities(value);
    case 'input_audio_format':
    case 'output_audio_format':
      return toBetaFormat(value);
    case 'voice':
      return voiceName(value);
    case 'input_audio_transcription':
      return pick(value, ['model', 'language', 'prompt']);
    case 'input_audio_noise_reduction':
      return pick(value, ['type']);
    case 'turn_detection':
      return pick(value, [
        'type',
        'threshold',
        'prefix_padding_ms',
        'silence_duration_ms',
        'eagerness',
        'create_response',
        'interrupt_response',
      ]);
    case 'tools':
      return Array.isArray(value) ? value.filter((tool) => fieldsOf(tool)?.type === 'function') : [];
    default:
      return value;
  }
}

function toBetaModalities(value: unknown): string[] {
  return Array.isArray(value) && value.includes('audio') ? ['audio', 'text'] : ['text'];
}

function voiceName(voice: unknown): unknown {
  return fieldsOf(voice)?.id ?? voice;
}

const ITEM_TYPES = ['message', 'function_call', 'function_call_output'];

const CONTENT_NAMES = new Map<unknown, string>([
  ['input_text', 'input_text'],
  ['input_audio', 'input_audio'],
  ['output_text', 'text'],
  ['output_audio', 'audio'],
]);

/** The flat item, null when it is of a type that the beta does not have (MCP). Other content is left out. */
function toBetaItem(item: unknown): Fields | null {
  const fields = fieldsOf(item);
  if (fields === null || !ITEM_TYPES.includes(String(fields.type))) return null;
  if (!Array.isArray(fields.content)) return fields;
  return {
    ...fields,
    content: fields.content.flatMap((part) => {
      const content = fieldsOf(part);
      const type = CONTENT_NAMES.get(content?.type);
      return type === undefined ? [] : [{ ...content, type }];
    }),
  };
}

function toBetaResponse(response: unknown, { temperature, conversationId }: BetaFacts): unknown {
  const fields = fieldsOf(response);
  if (fields === null) return response;
  const { output_modalities, audio: _, output, conversation_id, usage, ...rest } = fields;
  const items = Array.isArray(output) ? output : [];
  return {
    ...rest,
    output: items.flatMap((item) => toBetaItem(item) ?? []),
    // An answer beside the conversation belongs to none, there as here.
    conversation_id: typeof conversation_id === 'string' ? conversationId : null,
    modalities: toBetaModalities(output_modalities),
    voice: voiceName(valueAt(response, 'audio.output.voice')),
    output_audio_format: toBetaFormat(valueAt(response, 'audio.output.format')),
    temperature,
    usage: toBetaUsage(usage),
  };
}

/** The beta knew no images. */
function toBetaUsage(usage: unknown): unknown {
  const fields = fieldsOf(usage);
  if (fields === null) return usage ?? null;
  const counted = ['cached_tokens', 'text_tokens', 'audio_tokens'];
  return { ...fields, input_token_details: pick(fields.input_token_details, counted) };
}

function toBetaError(error: unknown): unknown {
  const fields = fieldsOf(error);
  if (fields === null) return error;
  const { param, message } = fields;
  return {
    ...fields,
    ...(typeof message === 'string' ? { message: renamePaths(message, toFlatPath) } : {}),
    ...(typeof param === 'string' ? { param: toFlatPath(param) } : {}),
  };
}

/** The fields `names` of an object; anything else (null, mostly) stays what it is. */
function pick(value: unknown, names: string[]): unknown {
  const fields = fieldsOf(value);
  if (fields === null) return value;
  return Object.fromEntries(names.flatMap((name) => (name in fields ? [[name, fields[name]]] : [])));
}
