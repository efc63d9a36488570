/** What a client of the fuzzer may do, and how much of it is chosen. Items and responses are chosen by number. */
import fc from 'fast-check';
import type { EngineScript } from './engine-script';

/** One of the ids seen so far, modulo their number; 'unknown' is none of them. */
export type Ref = number | 'unknown';

export type Item =
  | { kind: 'text'; role: 'system' | 'user' | 'assistant'; text: string }
  | { kind: 'audio'; samples: number; transcript: string | null; broken: boolean }
  | { kind: 'image' }
  | { kind: 'call'; callId: boolean }
  | { kind: 'output' }
  | { kind: 'history'; type: 'mcp_call' | 'mcp_list_tools' | 'mcp_approval_request' }
  | { kind: 'approval' };

export interface ResponseFields {
  outOfBand: boolean;
  named: boolean;
  modality: 'audio' | 'text' | null;
  input: Array<Item | Ref> | null;
  voice: string | null;
  rest: object;
}

export type Action =
  | { do: 'update'; session: object }
  | { do: 'append'; bytes: number; loud: boolean }
  /** A turn: sound, then silence. */
  | { do: 'say'; ms: number; silenceMs: number }
  | { do: 'commit' }
  | { do: 'clear' }
  | { do: 'create'; item: Item; id: 'none' | 'fresh' | Ref; after: 'none' | 'root' | Ref }
  | { do: 'retrieve' | 'delete'; item: Ref }
  /** `share` of the item's sound so far; above 1 is past its end. `spoken`: one of the items that sound, if any do. */
  | { do: 'truncate'; item: Ref; spoken: boolean; index: 0 | 1; share: number }
  | { do: 'respond'; response: ResponseFields }
  | { do: 'cancel'; response: 'none' | Ref }
  | { do: 'mangled'; number: number }
  | { do: 'speakUp'; text: string }
  /** Lets engines and socket do this much. */
  | { do: 'run'; rounds: number }
  /** Lets one waiting engine go on. */
  | { do: 'gate'; index: number }
  | { do: 'tick'; ms: number }
  | { do: 'disconnect' };

export interface FuzzCase {
  kind: 'realtime' | 'transcription';
  engines: EngineScript;
  actions: Action[];
}

const ref: fc.Arbitrary<Ref> = fc.oneof(
  { weight: 9, arbitrary: fc.nat({ max: 20 }) },
  { weight: 1, arbitrary: fc.constant('unknown' as const) },
);

const text = fc.constantFrom(
  'It is noon. ',
  'One. Two. Three.',
  'And then',
  ' the sun is high.',
  '…',
  ' ',
  '',
  'Ja\n\nnein! ',
  '👍🏽 ',
  'A long sentence, with a comma, that has no end yet',
);

const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 4 });
const partly = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { requiredKeys: [] });
const rarely = (weight = 12) =>
  fc.oneof({ weight, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });

const format = fc.constantFrom(
  { type: 'audio/pcm', rate: 24_000 },
  { type: 'audio/pcm' },
  { type: 'audio/pcmu' },
  { type: 'audio/pcma' },
);
const turnResponse = { create_response: fc.boolean(), interrupt_response: fc.boolean() };
const turnDetection = orNull(
  fc.oneof(
    partly({
      threshold: fc.constantFrom(0, 0.3, 0.5, 1),
      prefix_padding_ms: fc.constantFrom(0, 100, 300, 2000),
      silence_duration_ms: fc.constantFrom(0, 100, 500, 2000),
      idle_timeout_ms: orNull(fc.constantFrom(5000, 30_000)),
      ...turnResponse,
    }).map((fields) => ({ type: 'server_vad', ...fields })),
    partly({ eagerness: fc.constantFrom('low', 'medium', 'high', 'auto'), ...turnResponse }).map(
      (fields) => ({
        type: 'semantic_vad',
        ...fields,
      }),
    ),
  ),
);
const input = partly({
  format,
  noise_reduction: orNull(
    partly({ type: fc.constantFrom('near_field', 'far_field'), strength: fc.constant(2) }),
  ),
  transcription: orNull(
    partly({ model: fc.constant('whisper-1'), language: fc.constant('en'), prompt: text }),
  ),
  turn_detection: turnDetection,
});
const output = partly({
  format,
  voice: fc.constantFrom('alloy', 'sage'),
  speed: fc.constantFrom(0.25, 1, 1.5),
});
const tool = fc.record({ type: fc.constant('function'), name: fc.constantFrom('look', 'go') });
const toolChoice = fc.constantFrom('auto', 'none', 'required', { type: 'function', name: 'look' });
const maxOutputTokens = fc.constantFrom<number | string>(1, 4096, 'inf');

const realtimePatch = partly({
  model: fc.constant('another'),
  output_modalities: fc.constantFrom(['audio'], ['text']),
  instructions: text,
  audio: partly({ input, output }),
  tools: fc.array(tool, { maxLength: 2 }),
  tool_choice: toolChoice,
  parallel_tool_calls: orNull(fc.boolean()),
  reasoning: orNull(partly({ effort: fc.constantFrom('low', 'high') })),
  max_output_tokens: maxOutputTokens,
  truncation: fc.constantFrom<unknown>('auto', 'disabled', { type: 'retention_ratio', retention_ratio: 0.5 }),
  tracing: fc.constantFrom<unknown>('auto', null, { workflow_name: 'x' }),
  prompt: orNull(fc.constant({ id: 'pmpt' })),
  include: orNull(fc.constantFrom([], ['item.input_audio_transcription.logprobs'])),
});

/** `type` is put in when it is sent: in a transcription session only what that has stays. */
const patch: fc.Arbitrary<object> = fc.oneof(
  { weight: 12, arbitrary: realtimePatch as fc.Arbitrary<object> },
  // What people do: no turn detection, transcripts.
  { weight: 3, arbitrary: fc.constant({ audio: { input: { turn_detection: null, transcription: {} } } }) },
  { weight: 1, arbitrary: fc.constantFrom({ type: 'realtime' }, { type: 'transcription' }) },
);

const item: fc.Arbitrary<Item> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('text' as const),
      role: fc.constantFrom('system' as const, 'user' as const, 'assistant' as const),
      text,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('audio' as const),
      samples: fc.constantFrom(0, 1, 2400, 30_001),
      transcript: orNull(fc.constantFrom('', 'said')),
      broken: rarely(6),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('call' as const), callId: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'image' as const }, { kind: 'output' as const }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Item>(
      { kind: 'history', type: 'mcp_call' },
      { kind: 'history', type: 'mcp_list_tools' },
      { kind: 'history', type: 'mcp_approval_request' },
      { kind: 'approval' },
    ),
  },
);

const plain: ResponseFields = {
  outOfBand: false,
  named: true,
  modality: null,
  input: null,
  voice: null,
  rest: {},
};
const special: fc.Arbitrary<ResponseFields> = fc.record({
  outOfBand: rarely(3),
  named: fc.boolean(),
  modality: orNull(fc.constantFrom('audio' as const, 'text' as const)),
  input: fc.option(fc.array(fc.oneof(item, ref), { maxLength: 2 }), { nil: null, freq: 1 }),
  voice: fc.option(fc.constantFrom('alloy', 'sage'), { nil: null, freq: 1 }),
  rest: partly({ instructions: text, max_output_tokens: maxOutputTokens, tool_choice: toolChoice }),
});

const response = fc.oneof({ weight: 2, arbitrary: fc.constant(plain) }, { weight: 3, arbitrary: special });

/** How many ways there are to send what is not an event. */
export const MANGLED = 24;

const one = (weight: number, what: Action['do'], fields: Record<string, fc.Arbitrary<unknown>>) => ({
  weight,
  arbitrary: fc.record({ do: fc.constant(what), ...fields }) as unknown as fc.Arbitrary<Action>,
});

const action: fc.Arbitrary<Action> = fc.oneof(
  one(22, 'run', { rounds: fc.constantFrom(1, 2, 5, 20, 60) }),
  one(12, 'gate', { index: fc.nat({ max: 5 }) }),
  one(6, 'update', { session: patch }),
  one(6, 'append', {
    bytes: fc.oneof(fc.integer({ min: 0, max: 6000 }), fc.constantFrom(9601, 30_000, 120_001)),
    loud: fc.boolean(),
  }),
  one(9, 'say', { ms: fc.constantFrom(40, 200, 500), silenceMs: fc.constantFrom(0, 200, 700, 1500) }),
  one(5, 'commit', {}),
  one(3, 'clear', {}),
  one(8, 'create', {
    item,
    id: fc.oneof(
      { weight: 4, arbitrary: fc.constant('fresh' as const) },
      { weight: 1, arbitrary: fc.oneof(fc.constant('none' as const), ref) },
    ),
    after: fc.oneof(
      { weight: 2, arbitrary: fc.constant('none' as const) },
      { weight: 2, arbitrary: fc.oneof(fc.constant('root' as const), ref) },
    ),
  }),
  one(4, 'retrieve', { item: ref }),
  one(4, 'delete', { item: ref }),
  one(10, 'truncate', {
    item: ref,
    spoken: fc.constantFrom(true, true, false),
    index: fc.constantFrom(0, 0, 0, 0, 0, 0, 1),
    share: fc.constantFrom(0, 0.3, 0.7, 1, 1.01, 2),
  }),
  one(12, 'respond', { response }),
  one(6, 'cancel', { response: fc.oneof(fc.constant('none' as const), ref) }),
  one(5, 'mangled', { number: fc.nat({ max: MANGLED - 1 }) }),
  one(1, 'speakUp', { text }),
  one(3, 'tick', { ms: fc.constantFrom(100, 6000, 31_000) }),
  one(1, 'disconnect', {}),
);

const llmStep: fc.Arbitrary<EngineScript['llm'][number][number]> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('text' as const), text }) },
  { weight: 5, arbitrary: fc.constant({ kind: 'gate' as const }) },
  { weight: 2, arbitrary: fc.constantFrom({ kind: 'yield' as const }, { kind: 'pause' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('tool' as const),
      name: fc.constantFrom('look', 'go'),
      arguments: fc.constantFrom('{}', '{"a":1}'),
      streamed: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'usage' as const }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { kind: 'stopped' as const, reason: 'max_output_tokens' as const },
      { kind: 'stopped' as const, reason: 'content_filter' as const },
    ),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fail' as const), known: fc.boolean() }) },
);

const engines: fc.Arbitrary<EngineScript> = fc.record({
  vadFails: fc.constantFrom('never', 'never', 'never', 'never', 'never', 'never', 'to open', 'later'),
  stt: fc.array(
    fc.record({
      partials: fc.array(fc.constantFrom('what', 'what time', 'wet'), { maxLength: 3 }),
      final: fc.constantFrom('what time is it', 'what', ''),
      fails: fc.constantFrom('never', 'never', 'never', 'never', 'never', 'never', 'to open', 'at the end'),
      waits: fc.boolean(),
      settled: fc.constantFrom('text', 'text', 'null', 'wait', 'fail'),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  llm: fc.array(fc.array(llmStep, { maxLength: 6, size: 'max' }), { minLength: 1, maxLength: 4 }),
  tts: fc.array(
    fc.record({
      pieces: fc.array(fc.constantFrom(0, 1, 999, 2400, 6001, 9600), { maxLength: 4, size: 'max' }),
      waits: rarely(2),
      fails: rarely(),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  llmFailsToOpen: rarely(),
  canPrepare: fc.boolean(),
  canSettle: fc.boolean(),
  ttsSampleRate: fc.constantFrom(24_000, 16_000),
  late: fc.boolean(),
});

/** One session: how its engines behave, and what its client does. */
export const fuzzCase: fc.Arbitrary<FuzzCase> = fc.record({
  kind: fc.constantFrom('realtime', 'realtime', 'realtime', 'realtime', 'transcription'),
  engines,
  actions: fc.array(action, { minLength: 1, maxLength: 80, size: 'max' }),
});
