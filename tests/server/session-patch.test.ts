import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patchConfig } from '../../src/server/session-patch';
import { ClientError } from '../../src/server/wire/errors';
import { parseClientEvent } from '../../src/server/wire/parse-client-event';
import { defaultConfig, type SessionConfig } from '../../src/server/wire/session-config';
import { toWireSession } from '../../src/server/wire/wire-session';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Fields = { [key: string]: Json };

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a session says of itself, as a client reads it. */
const echo = (config: SessionConfig): Fields => JSON.parse(JSON.stringify(toWireSession(config)));

/** The configuration after `session` was sent as an update; throws a ClientError when it is refused. */
function updated(config: SessionConfig, session: Json, audioSpoken = false): SessionConfig {
  const parsed = parseClientEvent(JSON.stringify({ type: 'session.update', session }));
  if (!parsed.ok) throw parsed.error;
  if (parsed.event.type !== 'session.update') throw new Error('another event');
  return patchConfig(config, parsed.event.session, audioSpoken);
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) freeze(part);
  return Object.freeze(value);
}

const start = () => freeze(defaultConfig('realtime', 'sess_1', 'a-model', 1_900_000_000));

const some = (fields: Record<string, fc.Arbitrary<unknown>>) => fc.record(fields, { requiredKeys: [] });
const text = fc.constantFrom('', 'a', 'Be kind.', 'é"\n');
const format = fc.constantFrom(
  { type: 'audio/pcm' },
  { type: 'audio/pcm', rate: 24_000 },
  { type: 'audio/pcmu' },
  { type: 'audio/pcma' },
);
const turnDetection = fc.oneof(
  fc.constant(null),
  fc.record(
    {
      type: fc.constant('server_vad'),
      threshold: fc.constantFrom(0, 0.25, 1),
      prefix_padding_ms: fc.nat(10_000),
      silence_duration_ms: fc.nat(10_000),
      idle_timeout_ms: fc.option(fc.integer({ min: 5000, max: 30_000 })),
      create_response: fc.boolean(),
      interrupt_response: fc.boolean(),
    },
    { requiredKeys: ['type'] },
  ),
  fc.record(
    {
      type: fc.constant('semantic_vad'),
      eagerness: fc.constantFrom('low', 'medium', 'high', 'auto'),
      create_response: fc.boolean(),
      interrupt_response: fc.boolean(),
    },
    { requiredKeys: ['type'] },
  ),
);
const input = some({
  format,
  noise_reduction: fc.option(
    some({ type: fc.constantFrom('near_field', 'far_field'), strength: fc.constantFrom(0, 0.5, 1, 2) }),
  ),
  transcription: fc.option(
    some({ model: text, language: text, prompt: text, keywords: fc.array(text, { maxLength: 2 }) }),
  ),
  turn_detection: turnDetection,
});
const output = some({
  format,
  voice: fc.oneof(fc.constantFrom('alloy', 'sage'), fc.constant({ id: 'voice_1' })),
  speed: fc.constantFrom(0.25, 1, 1.5),
});
const functionTool = fc.record(
  {
    type: fc.constant('function'),
    name: fc.constantFrom('f', 'g'),
    description: text,
    parameters: fc.constantFrom({}, { type: 'object', properties: { a: { type: 'string' } } }),
  },
  { requiredKeys: ['type', 'name'] },
);
const mcpTool = fc.record(
  {
    type: fc.constant('mcp'),
    server_label: fc.constantFrom('s', 't'),
    server_url: fc.constantFrom('http://localhost:3000/mcp', 'https://mcp.test/'),
    authorization: fc.constantFrom('', 'a-token'),
    headers: fc.option(fc.constant({ 'x-key': 'secret' })),
    allowed_tools: fc.option(fc.constantFrom([], ['a'], { read_only: true })),
    require_approval: fc.option(fc.constantFrom('always', 'never', { never: { tool_names: ['a'] } })),
  },
  { requiredKeys: ['type', 'server_label', 'server_url'] },
);
const tools = fc.uniqueArray(fc.oneof(functionTool, mcpTool), {
  maxLength: 3,
  selector: (tool) => ('name' in tool ? tool.name : tool.server_label),
});
const update = fc.record(
  {
    type: fc.constant('realtime'),
    output_modalities: fc.constantFrom(['audio'], ['text']),
    instructions: text,
    audio: some({ input, output }),
    tools,
    tool_choice: fc.constantFrom('auto', 'none', 'required', { type: 'function', name: 'f' }),
    parallel_tool_calls: fc.option(fc.boolean()),
    reasoning: fc.option(some({ effort: fc.constantFrom('minimal', 'xhigh') })),
    max_output_tokens: fc.constantFrom('inf', 1, 4096),
    truncation: fc.constantFrom('auto', 'disabled', { type: 'retention_ratio', retention_ratio: 0.5 }),
    tracing: fc.constantFrom(null, 'auto', { workflow_name: 'w' }),
    prompt: fc.option(
      fc.record(
        { id: text, version: fc.option(text), variables: fc.constant({ a: 'b' }) },
        { requiredKeys: ['id'] },
      ),
    ),
    include: fc.option(fc.constantFrom([], ['item.input_audio_transcription.logprobs'])),
  },
  { requiredKeys: ['type'] },
) as fc.Arbitrary<Fields>;

/** Values that the protocol refuses, each somewhere in an update that may be right otherwise. */
const wrong = fc.constantFrom<Fields>(
  { nonsense: 1 },
  { instructions: 5 },
  { output_modalities: ['audio', 'text'] },
  { max_output_tokens: 0 },
  { tools: [{ type: 'function' }] },
  { audio: { output: { speed: 2 } } },
  { audio: { input: { turn_detection: { type: 'server_vad', idle_timeout_ms: 1 } } } },
  { audio: { input: { format: { type: 'audio/pcm', rate: 8000 } } } },
);

/** The parts of a session that an update replaces as one. */
const WHOLE = new Set([
  'format',
  'voice',
  'tools',
  'tool_choice',
  'truncation',
  'tracing',
  'prompt',
  'include',
]);

interface Leaf {
  path: string[];
  value: Json;
}

function leaves(value: Json, path: string[] = []): Leaf[] {
  if (!isFields(value) || WHOLE.has(path.at(-1) ?? '')) return [{ path, value }];
  return Object.entries(value).flatMap(([key, part]) => leaves(part, [...path, key]));
}

function at(value: Json, path: string[]): Json | undefined {
  return path.reduce<Json | undefined>((part, key) => (isFields(part) ? part[key] : undefined), value);
}

/** Whether `session` says anything about what is at `path`: it names it, or something that it is within. */
function names(session: Fields, path: string[]): boolean {
  return path.some((_, depth) => {
    const named = at(session, path.slice(0, depth + 1));
    return named !== undefined && (!isFields(named) || depth === path.length - 1);
  });
}

const withoutCredentials = (named: Json) =>
  (named as Fields[]).map(({ authorization: _authorization, headers: _headers, ...shown }) => shown);

/** Updates one after another, as far as they are accepted. */
function after(updates: Fields[]): SessionConfig {
  return updates.reduce((config, session) => {
    try {
      return freeze(updated(config, session));
    } catch (cause) {
      if (cause instanceof ClientError) return config;
      throw cause;
    }
  }, start());
}

const sessions = fc.array(update, { maxLength: 4 }).map(after);

/** The update, unless it changes what cannot be changed. */
const allowed = (config: SessionConfig, session: Fields) =>
  config.tracing === null || session.tracing === undefined;

describe('an update of the session', () => {
  it('leaves what it does not name', () => {
    fc.assert(
      fc.property(sessions, update, (config, session) => {
        fc.pre(allowed(config, session));
        const before = echo(config);
        const now = echo(updated(config, session));
        const kindOf = (fields: Fields) => at(fields, ['audio', 'input', 'turn_detection', 'type']);
        for (const { path, value } of leaves(before)) {
          if (names(session, path)) continue;
          // Of another kind of turn detection only what both have can stay.
          if (
            path.includes('turn_detection') &&
            kindOf(now) !== kindOf(before) &&
            !/_response$/u.test(path.at(-1) ?? '')
          )
            continue;
          expect(at(now, path), path.join('.')).toEqual(value);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes what it names', () => {
    fc.assert(
      fc.property(sessions, update, (config, session) => {
        fc.pre(allowed(config, session));
        const now = echo(updated(config, session));
        for (const { path, value } of leaves(session)) {
          if (isFields(value) && Object.keys(value).length === 0) continue;
          const shown = at(now, path);
          if (path.at(-1) === 'format') expect(shown).toMatchObject(value as Fields);
          else if (path.at(-1) === 'tools') expect(shown).toEqual(withoutCredentials(value));
          // Null is also said by silence, where the published type has no null.
          else expect(shown ?? null, path.join('.')).toEqual(value);
        }
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(sessions, update, (config, session) => {
        fc.pre(allowed(config, session));
        const once = updated(config, session);
        expect(updated(once, session)).toEqual(once);
      }),
    );
  });

  it('that is refused names a field, and changes nothing', () => {
    fc.assert(
      fc.property(sessions, update, wrong, (config, session, fault) => {
        const before = JSON.stringify(config);
        let refusal: unknown;
        try {
          updated(config, { ...session, ...fault });
        } catch (cause) {
          refusal = cause;
        }
        expect(refusal).toBeInstanceOf(ClientError);
        expect((refusal as ClientError).param).toMatch(/^session\./u);
        expect(JSON.stringify(config)).toBe(before);
      }),
    );
  });

  it('of what the session itself said changes nothing, also once the assistant has spoken', () => {
    fc.assert(
      fc.property(sessions, (config) => {
        const { id: _id, object: _object, expires_at: _expires, ...said } = echo(config);
        expect(updated(config, said, true)).toEqual(config);
      }),
    );
  });

  const cleared: Array<[Fields, Fields, string[], Json | undefined]> = [
    [{ instructions: 'x' }, { instructions: '' }, ['instructions'], ''],
    [{ tools: [{ type: 'function', name: 'f' }] }, { tools: [] }, ['tools'], []],
    [{ prompt: { id: 'p' } }, { prompt: null }, ['prompt'], null],
    [{ reasoning: { effort: 'low' } }, { reasoning: null }, ['reasoning'], undefined],
    [{ parallel_tool_calls: true }, { parallel_tool_calls: null }, ['parallel_tool_calls'], undefined],
    [{ include: ['item.input_audio_transcription.logprobs'] }, { include: [] }, ['include'], []],
    ...['transcription', 'noise_reduction', 'turn_detection'].map((name): (typeof cleared)[number] => [
      { audio: { input: { [name]: name === 'turn_detection' ? { type: 'semantic_vad' } : {} } } },
      { audio: { input: { [name]: null } } },
      ['audio', 'input', name],
      null,
    ]),
    [
      { audio: { input: { transcription: { model: 'm', language: 'de', keywords: ['k'] } } } },
      { audio: { input: { transcription: { language: '', keywords: [] } } } },
      ['audio', 'input', 'transcription'],
      { model: 'm', language: '', keywords: [] },
    ],
  ];
  it.each(cleared)('%j is cleared by %j', (set, clear, path, expected) => {
    const config = updated(start(), { type: 'realtime', ...set });
    expect(at(echo(updated(config, { type: 'realtime', ...clear })), path)).toEqual(expected);
  });
});

describe('the credentials of an MCP server', () => {
  const server = (fields: Fields = {}) => ({
    type: 'mcp',
    server_label: 's',
    server_url: 'https://mcp.test/',
    ...fields,
  });
  const secret = { authorization: 'a-token', headers: { 'x-key': 'secret' } };
  const told = (...lists: Fields[][]) =>
    lists.reduce<SessionConfig>(
      (config, list) => updated(config, { type: 'realtime', tools: list }),
      start(),
    );

  it('are not said', () => {
    expect(JSON.stringify(echo(told([server(secret)])))).not.toMatch(/a-token|secret/u);
  });

  const cases: Array<[string, Fields, Fields]> = [
    ['stay with a server that is named again', server(), server(secret)],
    ['are replaced', server({ authorization: 'b' }), server({ ...secret, authorization: 'b' })],
    [
      'are cleared',
      server({ authorization: '', headers: null }),
      server({ authorization: '', headers: null }),
    ],
    [
      'do not go to another URL',
      server({ server_url: 'https://b.test/' }),
      server({ server_url: 'https://b.test/' }),
    ],
    ['do not go to another label', server({ server_label: 't' }), server({ server_label: 't' })],
  ];
  it.each(cases)('%s', (_, next, expected) => {
    expect(told([server(secret)], [next]).tools).toEqual([expected]);
  });
});

describe('noise reduction', () => {
  const reduced = (...patches: Json[]) =>
    patches.reduce<SessionConfig>(
      (config, noise_reduction) =>
        updated(config, { type: 'realtime', audio: { input: { noise_reduction } } }),
      start(),
    ).noiseReduction;

  const cases: Array<[Json[], SessionConfig['noiseReduction']]> = [
    [[{ type: 'far_field' }], { type: 'far_field', strength: 1 }],
    [[{ type: 'far_field', strength: 2 }, { type: 'near_field' }], { type: 'near_field', strength: 2 }],
    [[{ type: 'far_field', strength: 2 }, { strength: 0.5 }], { type: 'far_field', strength: 0.5 }],
    [[{ type: 'far_field', strength: 2 }, null, { type: 'near_field' }], { type: 'near_field', strength: 1 }],
  ];
  it.each(cases)('after %j is %j', (patches, expected) => {
    expect(reduced(...patches)).toEqual(expected);
  });
});

describe('tracing', () => {
  const traced = (...values: Json[]) =>
    values.reduce<SessionConfig>((config, tracing) => updated(config, { type: 'realtime', tracing }), start())
      .tracing;

  it.each([
    [['auto', 'auto']],
    [
      [
        { workflow_name: 'w', metadata: { a: 1 } },
        { workflow_name: 'w', metadata: { a: 1 } },
      ],
    ],
    [[null, 'auto']],
  ] as Json[][][])('can be said again: %j', (values) => {
    expect(traced(...values)).toEqual(values.at(-1));
  });

  it.each([
    [['auto', null]],
    [['auto', { workflow_name: 'w' }]],
    [[{ group_id: 'a' }, { group_id: 'b' }]],
  ] as Json[][][])('cannot be changed once it is on: %j', (values) => {
    expect(() => traced(...values)).toThrow(
      expect.objectContaining({ code: 'invalid_value', param: 'session.tracing' }),
    );
  });
});
