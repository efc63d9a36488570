/** Where the fields of the older dialect's flat objects are in GA, both ways. Pure. */

/** A JSON object as it came from the wire. */
export type Fields = Record<string, unknown>;

/** The fields of `value` if it is a JSON object, else null. */
export function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

const INPUT_PATHS = {
  input_audio_format: 'audio.input.format',
  input_audio_transcription: 'audio.input.transcription',
  input_audio_noise_reduction: 'audio.input.noise_reduction',
  turn_detection: 'audio.input.turn_detection',
  include: 'include',
} as const;

/** Flat field of a transcription session -> path in the GA session. */
export const TRANSCRIPTION_PATHS = INPUT_PATHS;

const OUTPUT_PATHS = {
  modalities: 'output_modalities',
  instructions: 'instructions',
  voice: 'audio.output.voice',
  output_audio_format: 'audio.output.format',
  tools: 'tools',
  tool_choice: 'tool_choice',
  max_response_output_tokens: 'max_output_tokens',
} as const;

/** Flat field of a session -> path in the GA session. */
export const SESSION_PATHS = {
  model: 'model',
  ...OUTPUT_PATHS,
  ...INPUT_PATHS,
  speed: 'audio.output.speed',
  tracing: 'tracing',
} as const;

/** Flat field of `response.create` -> path in the GA event's `response`. */
export const RESPONSE_PATHS = {
  ...OUTPUT_PATHS,
  // The name that the older reference used for the same thing.
  max_output_tokens: 'max_output_tokens',
  conversation: 'conversation',
  input: 'input',
  metadata: 'metadata',
} as const;

/** Formats of sound: the flat name and the GA object. */
const FORMATS: ReadonlyArray<[string, Fields]> = [
  ['pcm16', { type: 'audio/pcm', rate: 24_000 }],
  ['g711_ulaw', { type: 'audio/pcmu' }],
  ['g711_alaw', { type: 'audio/pcma' }],
];

export const FORMAT_NAMES = FORMATS.map(([name]) => name);

export function toGaFormat(name: unknown): Fields | undefined {
  return FORMATS.find(([known]) => known === name)?.[1];
}

export function toBetaFormat(format: unknown): string {
  const type = fieldsOf(format)?.type;
  return FORMATS.find(([, known]) => known.type === type)?.[0] ?? 'pcm16';
}

/** Puts `value` at the dotted `path`, making the objects on the way. The path is one of the tables', never a client's. */
export function place(target: Fields, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() as string;
  let at = target;
  for (const name of names) {
    const next = fieldsOf(at[name]) ?? {};
    at[name] = next;
    at = next;
  }
  at[last] = value;
}

/** What is at the dotted `path`; undefined when there is nothing. */
export function valueAt(source: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => fieldsOf(value)?.[name], source);
}

/** GA path -> flat path, for errors. */
const FLAT_PATHS = [
  ...Object.entries(SESSION_PATHS).map(([flat, ga]) => [`session.${ga}`, `session.${flat}`] as const),
  ...Object.entries(RESPONSE_PATHS).map(([flat, ga]) => [`response.${ga}`, `response.${flat}`] as const),
];

/** The flat path of what an error is about; a path that is the same in both comes back as it is. */
export function toFlatPath(path: string): string {
  for (const [ga, flat] of FLAT_PATHS) {
    if (path === ga || path.startsWith(`${ga}.`) || path.startsWith(`${ga}[`)) {
      return flat + path.slice(ga.length);
    }
  }
  return path;
}

/** A sentence about a field with another path for it; paths stand in single quotes. */
export function renamePaths(message: string, rename: (path: string) => string): string {
  return message.replace(/'([a-z_.[\]\d]+)'/gu, (_, path: string) => `'${rename(path)}'`);
}
