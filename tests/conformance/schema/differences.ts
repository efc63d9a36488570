/**
 * Where the wire is known to differ from the published types. Everything else must be as the types say, and nothing
 * that a type does not name may be sent.
 */
import type { Dialect, Schema, Side } from './derive';

export interface Difference {
  dialect: Dialect;
  side: Side;
  events: readonly string[];
  /** Property names from the event down; `[]` goes into an array, `type=x` to the members of a union of that type. */
  path: string;
  /** Beside what the type says: null, nothing at all, or what fits a schema. */
  allow: 'null' | 'absent' | Schema;
  why: string;
}

const STRING: Schema = { type: 'string' };
const INTEGER: Schema = { type: 'integer' };
const BOOLEAN: Schema = { type: 'boolean' };
const NULL: Schema = { type: 'null' };
const NOISE_REDUCTION: Schema = {
  type: 'object',
  properties: { type: { enum: ['near_field', 'far_field'] } },
  additionalProperties: false,
};

const SESSION_EVENTS = ['session.created', 'session.updated'];
const RESPONSE_EVENTS = ['response.created', 'response.done'];
const ITEM_EVENTS = [
  'conversation.item.added',
  'conversation.item.done',
  'conversation.item.created',
  'conversation.item.retrieved',
];

const OUTPUT_ITEM_EVENTS = ['response.output_item.added', 'response.output_item.done'];
const MCP_ITEMS = ['mcp_list_tools', 'mcp_call', 'mcp_approval_request', 'mcp_approval_response'];

const nulls = (
  dialect: Dialect,
  side: Side,
  events: readonly string[],
  paths: readonly string[],
  why: string,
): Difference[] => paths.map((path) => ({ dialect, side, events, path, allow: 'null', why }));

const extras = (
  dialect: Dialect,
  events: readonly string[],
  fields: Record<string, Schema>,
  why: string,
): Difference[] =>
  Object.entries(fields).map(([path, allow]) => ({ dialect, side: 'server', events, path, allow, why }));

export const DIFFERENCES: readonly Difference[] = [
  ...extras(
    'ga',
    SESSION_EVENTS,
    { 'session.id': STRING, 'session.object': STRING, 'session.expires_at': INTEGER },
    'The events are typed with the request; the service adds what RealtimeSessionCreateResponse names.',
  ),
  ...nulls(
    'ga',
    'server',
    SESSION_EVENTS,
    ['session.audio.input.transcription', 'session.audio.input.noise_reduction'],
    'The service says null for what is off.',
  ),
  ...nulls(
    'ga',
    'server',
    RESPONSE_EVENTS,
    ['response.status_details', 'response.usage', 'response.conversation_id'],
    'The service says null for what there is not (yet); conversation_id is null out of band.',
  ),
  ...nulls(
    'ga',
    'server',
    ITEM_EVENTS,
    ['item.content[].transcript'],
    'The transcript of user audio is null until it is known, and clients rely on the key.',
  ),
  ...MCP_ITEMS.flatMap((type) => [
    ...extras(
      'ga',
      [...ITEM_EVENTS, ...OUTPUT_ITEM_EVENTS],
      { [`item.type=${type}.object`]: STRING },
      'Every item has its object on the wire; the types of these leave it out.',
    ),
    ...extras(
      'ga',
      RESPONSE_EVENTS,
      { [`response.output.[].type=${type}.object`]: STRING },
      'Every item has its object on the wire; the types of these leave it out.',
    ),
  ]),
  ...extras(
    'ga',
    ITEM_EVENTS,
    { 'item.type=mcp_list_tools.error': {} },
    'Why the tools could not be listed; the type has no place for it.',
  ),
  ...nulls(
    'ga',
    'client',
    ['session.update'],
    ['session.audio.input.transcription', 'session.audio.input.noise_reduction'],
    'null clears.',
  ),
  ...extras(
    'beta',
    SESSION_EVENTS,
    { 'session.object': STRING, 'session.expires_at': INTEGER },
    'The service sent them; the type leaves them out.',
  ),
  ...extras(
    'beta',
    SESSION_EVENTS,
    { 'session.model': STRING },
    'The type lists the models of its day; a local server has its own.',
  ),
  ...extras(
    'beta',
    ['session.created'],
    { 'session.include': { type: 'array', items: STRING } },
    'A transcription session begins with the same event.',
  ),
  {
    dialect: 'beta',
    side: 'server',
    events: ['transcription_session.updated'],
    path: 'session.client_secret',
    allow: 'absent',
    why: 'The event is typed with the answer of the call that makes a key; over the socket there is none.',
  },
  ...extras(
    'beta',
    ['transcription_session.updated'],
    {
      'session.id': STRING,
      'session.object': STRING,
      'session.expires_at': INTEGER,
      'session.include': { type: 'array', items: STRING },
      'session.input_audio_noise_reduction': { anyOf: [NOISE_REDUCTION, NULL] },
      'session.input_audio_transcription': NULL,
      'session.input_audio_transcription.model': STRING,
      'session.turn_detection': NULL,
      'session.turn_detection.create_response': BOOLEAN,
      'session.turn_detection.interrupt_response': BOOLEAN,
      'session.turn_detection.eagerness': STRING,
    },
    'The same; the reference shows the event with these.',
  ),
  ...nulls(
    'beta',
    'server',
    SESSION_EVENTS,
    [
      'session.input_audio_transcription',
      'session.input_audio_noise_reduction',
      'session.turn_detection',
      'session.tracing',
    ],
    'The service said null for what is off.',
  ),
  ...nulls(
    'beta',
    'server',
    RESPONSE_EVENTS,
    ['response.status_details', 'response.usage', 'response.conversation_id'],
    'The service said null for what there is not (yet).',
  ),
  ...nulls(
    'beta',
    'server',
    ITEM_EVENTS,
    ['item.content[].transcript'],
    'The transcript of user audio is null until it is known.',
  ),
  ...nulls(
    'beta',
    'client',
    ['session.update', 'transcription_session.update'],
    ['session.input_audio_transcription', 'session.input_audio_noise_reduction', 'session.turn_detection'],
    'null clears.',
  ),
  ...nulls('beta', 'client', ['session.update'], ['session.tracing'], 'null clears.'),
];

/** `schema` of one event with `difference` allowed. Throws when the path leads nowhere: the list must stay true. */
export function withDifference(schema: Schema, { path, allow }: Difference): Schema {
  const keys = path.split(/\.|(?=\[\])/u).filter((key) => key !== '');
  const changed = change(schema, keys, allow);
  if (changed === null) throw new Error(`Nothing is at ${path} any more; take it off the list.`);
  return changed;
}

/** null when `keys` lead nowhere in `schema`. */
function change(schema: Schema, keys: string[], allow: Difference['allow']): Schema | null {
  const [key, ...rest] = keys;
  if (key === undefined) return { anyOf: [schema, allow === 'null' ? NULL : (allow as Schema)] };
  if (schema.anyOf !== undefined) return changeBranches(schema.anyOf, keys, allow);
  if (key.includes('=')) {
    const [name = '', value] = key.split('=');
    return schema.properties?.[name]?.const === value ? change(schema, rest, allow) : null;
  }
  if (key === '[]') {
    const items = schema.items === undefined ? null : change(schema.items, rest, allow);
    return items === null ? null : { ...schema, items };
  }
  const { properties, required = [] } = schema;
  if (properties === undefined) return null;
  if (allow === 'absent' && rest.length === 0) {
    return required.includes(key) ? { ...schema, required: required.filter((name) => name !== key) } : null;
  }
  const changed = changeProperty(properties[key], rest, allow);
  return changed === null ? null : { ...schema, properties: { ...properties, [key]: changed } };
}

function changeProperty(
  property: Schema | undefined,
  rest: string[],
  allow: Difference['allow'],
): Schema | null {
  if (property !== undefined) return change(property, rest, allow);
  // A property that the type does not name.
  return rest.length === 0 && typeof allow !== 'string' ? allow : null;
}

function changeBranches(branches: Schema[], keys: string[], allow: Difference['allow']): Schema | null {
  const changed = branches.map((branch) => change(branch, keys, allow));
  if (changed.every((branch) => branch === null)) return null;
  return { anyOf: branches.map((branch, index) => changed[index] ?? branch) };
}
