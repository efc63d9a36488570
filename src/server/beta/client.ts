/** What a client of the older dialect says, in GA words. Pure; what the dialect does not have is a ClientError. */

import { ClientError } from '../wire/errors';
import {
  type Fields,
  FORMAT_NAMES,
  fieldsOf,
  place,
  RESPONSE_PATHS,
  SESSION_PATHS,
  TRANSCRIPTION_PATHS,
  toGaFormat,
} from './fields';

export interface FlatSession {
  /** The GA patch, not yet checked further. */
  session: unknown;
  /** Undefined when it is not named. The engines have no such setting, so it is only remembered. */
  temperature: number | undefined;
}

/** Typed and taken, but without a meaning over a WebSocket. */
const IGNORED = ['client_secret'];

/**
 * The GA patch of a flat session. What is wrong in ways that GA knows too is left for GA's own check. Throws a
 * ClientError for a field that the older dialect does not have, and for a value that only it has.
 */
export function toGaSession(flat: unknown, kind: 'realtime' | 'transcription'): FlatSession {
  const fields = fieldsOf(flat);
  if (fields === null) return { session: flat, temperature: undefined };
  const paths = kind === 'realtime' ? SESSION_PATHS : TRANSCRIPTION_PATHS;
  // A transcription session has modalities in the published type, and nothing that they could change.
  const ignored = kind === 'realtime' ? [...IGNORED, 'temperature'] : [...IGNORED, 'modalities'];
  const session = toGaFields(fields, { at: 'session', paths, ignored });
  return {
    session: { type: kind, ...session },
    temperature: kind === 'realtime' ? temperatureOf(fields, 'session') : undefined,
  };
}

/** The GA `response` of a flat one. Throws as `toGaSession` does. */
export function toGaResponse(flat: unknown): unknown {
  const fields = fieldsOf(flat);
  if (fields === null) return flat;
  temperatureOf(fields, 'response');
  return toGaFields(fields, { at: 'response', paths: RESPONSE_PATHS, ignored: ['temperature'] });
}

function toGaFields(
  fields: Fields,
  { at, paths, ignored }: { at: string; paths: Record<string, string>; ignored: string[] },
): Fields {
  const target: Fields = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || ignored.includes(name)) continue;
    const path = Object.hasOwn(paths, name) ? paths[name] : undefined;
    if (path === undefined) throw unknownField(`${at}.${name}`);
    place(target, path, toGaValue(name, value, `${at}.${name}`));
  }
  return target;
}

function toGaValue(name: string, value: unknown, param: string): unknown {
  switch (name) {
    case 'modalities':
      return toGaModalities(value, param);
    case 'input_audio_format':
    case 'output_audio_format':
      return toGaFormat(value) ?? refuseValue(param, oneOf(FORMAT_NAMES));
    case 'input_audio_transcription':
      return toGaTranscription(value, param);
    case 'input_audio_noise_reduction':
      return only(value, ['type'], param);
    case 'turn_detection':
      return toGaTurnDetection(value, param);
    case 'voice':
      return typeof value === 'string' ? value : refuseValue(param, 'expected the name of a voice');
    case 'tools':
      return Array.isArray(value) ? value.map((tool, i) => toGaTool(tool, `${param}[${i}]`)) : value;
    case 'input':
      return Array.isArray(value) ? value.map((item, i) => toGaItem(item, `${param}[${i}]`)) : value;
    default:
      return value;
  }
}

/** Sound always comes with its text, so the older pair is what GA calls audio alone. */
function toGaModalities(value: unknown, param: string): string[] {
  const names = Array.isArray(value) ? [...new Set(value)].sort().join() : '';
  if (names === 'audio,text' || names === 'audio') return ['audio'];
  if (names === 'text') return ['text'];
  return refuseValue(param, "expected ['audio', 'text'] or ['text']");
}

/** The first release of the beta had a switch in it. */
function toGaTranscription(value: unknown, param: string): unknown {
  const fields = fieldsOf(value);
  if (fields === null) return value;
  const { enabled, ...rest } = fields;
  return enabled === false ? null : only(rest, ['model', 'language', 'prompt'], param);
}

function toGaTurnDetection(value: unknown, param: string): unknown {
  const fields = fieldsOf(value);
  if (fields === null) return value;
  // Azure's way to turn it off.
  if (fields.type === 'none') return null;
  const common = ['type', 'create_response', 'interrupt_response'];
  return only(
    { type: 'server_vad', ...fields },
    fields.type === 'semantic_vad'
      ? [...common, 'eagerness']
      : [...common, 'threshold', 'prefix_padding_ms', 'silence_duration_ms'],
    param,
  );
}

function toGaTool(tool: unknown, param: string): unknown {
  const fields = fieldsOf(tool);
  if (fields === null) return tool;
  const { type = 'function' } = fields;
  if (type !== 'function') return refuseValue(`${param}.type`, "expected 'function'");
  return { type, ...fields };
}

const ITEM_TYPES = ['message', 'function_call', 'function_call_output'];

/** The content types of each role, with their GA names. */
const CONTENT_TYPES: Record<string, Record<string, string>> = {
  system: { input_text: 'input_text' },
  user: { input_text: 'input_text', input_audio: 'input_audio' },
  assistant: { text: 'output_text' },
};

/** The GA item of a flat one, at `param` in the event. An item reference is left as it is. */
export function toGaItem(item: unknown, param: string): unknown {
  const fields = fieldsOf(item);
  if (fields === null) return item;
  const { type, role, content } = fields;
  const types = param.startsWith('response.') ? [...ITEM_TYPES, 'item_reference'] : ITEM_TYPES;
  if (typeof type === 'string' && !types.includes(type)) return refuseValue(`${param}.type`, oneOf(types));
  const names =
    typeof role === 'string' && Object.hasOwn(CONTENT_TYPES, role) ? CONTENT_TYPES[role] : undefined;
  if (type !== 'message' || names === undefined || !Array.isArray(content)) return item;
  return { ...fields, content: content.map((part, i) => toGaContent(part, names, `${param}.content[${i}]`)) };
}

function toGaContent(part: unknown, names: Record<string, string>, param: string): unknown {
  const fields = fieldsOf(part);
  if (fields === null || typeof fields.type !== 'string') return part;
  const type = Object.hasOwn(names, fields.type) ? names[fields.type] : undefined;
  return type === undefined ? refuseValue(`${param}.type`, oneOf(Object.keys(names))) : { ...fields, type };
}

/** The range is the one that the beta had. */
function temperatureOf({ temperature }: Fields, at: string): number | undefined {
  if (temperature === undefined || temperature === null) return undefined;
  if (typeof temperature !== 'number' || !(temperature >= 0.6 && temperature <= 1.2)) {
    return refuseValue(`${at}.temperature`, 'expected a number from 0.6 to 1.2');
  }
  return temperature;
}

/** `value`, when it is an object without fields other than `names`. */
function only(value: unknown, names: string[], param: string): unknown {
  const other = Object.keys(fieldsOf(value) ?? {}).find((name) => !names.includes(name));
  if (other !== undefined) throw unknownField(`${param}.${other}`);
  return value;
}

function unknownField(param: string): ClientError {
  return new ClientError('unknown_parameter', `Unknown parameter: '${param}'.`, param);
}

function refuseValue(param: string, expected: string): never {
  throw new ClientError('invalid_value', `Invalid value for '${param}': ${expected}.`, param);
}

function oneOf(names: string[]): string {
  return `expected one of ${names.map((name) => `'${name}'`).join(', ')}`;
}
