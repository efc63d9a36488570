/** The older dialect's client events in GA words; what only GA has is refused in flat words. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBetaDialect } from '../../../src/server/beta';
import { BETA_CLIENT_EVENTS } from '../../../src/server/beta/events';
import { toBetaSession } from '../../../src/server/beta/server';
import { patchConfig } from '../../../src/server/session-patch';
import { ClientError } from '../../../src/server/wire/errors';
import { parseClientEvent } from '../../../src/server/wire/parse-client-event';
import { defaultConfig } from '../../../src/server/wire/session-config';
import { toWireSession } from '../../../src/server/wire/wire-session';

const dialect = (kind: 'realtime' | 'transcription' = 'realtime') =>
  createBetaDialect({ kind, newId: (prefix) => `${prefix}_1` });

/** The one GA event that `event` becomes. */
const translate = (event: object, kind?: 'realtime' | 'transcription') => {
  const [translated, ...more] = dialect(kind).toServer(event as never);
  expect(more).toEqual([]);
  return translated;
};
const refusal = (event: object, kind?: 'realtime' | 'transcription') => {
  try {
    translate(event, kind);
  } catch (error) {
    expect(error).toBeInstanceOf(ClientError);
    const { code, param } = error as ClientError;
    return [code, param];
  }
  throw new Error('it was taken');
};

const session = (flat: object) => ({ type: 'session.update', session: flat });
const item = (fields: object) => ({ type: 'conversation.item.create', item: fields });
const message = (role: string, ...content: object[]) => ({ type: 'message', role, content });
const response = (flat: object) => ({ type: 'response.create', response: flat });

describe('a flat session becomes', () => {
  const cases: Array<[object, object]> = [
    [{}, {}],
    [{ modalities: ['audio', 'text'] }, { output_modalities: ['audio'] }],
    [{ modalities: ['text', 'audio'] }, { output_modalities: ['audio'] }],
    [{ modalities: ['text'] }, { output_modalities: ['text'] }],
    [{ voice: 'sage', speed: 1.2 }, { audio: { output: { voice: 'sage', speed: 1.2 } } }],
    [
      { input_audio_format: 'pcm16', output_audio_format: 'g711_ulaw' },
      {
        audio: {
          input: { format: { type: 'audio/pcm', rate: 24_000 } },
          output: { format: { type: 'audio/pcmu' } },
        },
      },
    ],
    [{ input_audio_format: 'g711_alaw' }, { audio: { input: { format: { type: 'audio/pcma' } } } }],
    [{ input_audio_transcription: null }, { audio: { input: { transcription: null } } }],
    [
      { input_audio_transcription: { model: 'whisper-1', language: 'en' } },
      { audio: { input: { transcription: { model: 'whisper-1', language: 'en' } } } },
    ],
    [
      { input_audio_transcription: { enabled: true, model: 'whisper-1' } },
      { audio: { input: { transcription: { model: 'whisper-1' } } } },
    ],
    [{ input_audio_transcription: { enabled: false } }, { audio: { input: { transcription: null } } }],
    [
      { input_audio_noise_reduction: { type: 'far_field' } },
      { audio: { input: { noise_reduction: { type: 'far_field' } } } },
    ],
    [{ turn_detection: null }, { audio: { input: { turn_detection: null } } }],
    [{ turn_detection: { type: 'none' } }, { audio: { input: { turn_detection: null } } }],
    [
      { turn_detection: { threshold: 0.3 } },
      { audio: { input: { turn_detection: { type: 'server_vad', threshold: 0.3 } } } },
    ],
    [
      { turn_detection: { type: 'semantic_vad', eagerness: 'high', create_response: false } },
      {
        audio: {
          input: { turn_detection: { type: 'semantic_vad', eagerness: 'high', create_response: false } },
        },
      },
    ],
    [
      { tools: [{ name: 'f', description: 'd', parameters: {} }], tool_choice: 'required' },
      {
        tools: [{ type: 'function', name: 'f', description: 'd', parameters: {} }],
        tool_choice: 'required',
      },
    ],
    [{ max_response_output_tokens: 'inf' }, { max_output_tokens: 'inf' }],
    [
      { tracing: 'auto', instructions: '', model: 'm' },
      { tracing: 'auto', instructions: '', model: 'm' },
    ],
    [{ temperature: 0.8, client_secret: null }, {}],
  ];
  it.each(cases)('%j -> %j', (flat, ga) => {
    const event = translate(session(flat));
    expect(event).toMatchObject({ type: 'session.update', event_id: 'event_1' });
    expect(event?.session).toEqual({ type: 'realtime', ...ga });
    expect(parseClientEvent(JSON.stringify(event))).toMatchObject({ ok: true });
  });

  it('a transcription session, by its own event', () => {
    const flat = {
      input_audio_format: 'pcm16',
      input_audio_transcription: { model: 'gpt-4o-transcribe', prompt: 'names' },
      input_audio_noise_reduction: null,
      turn_detection: { type: 'server_vad', silence_duration_ms: 700 },
      include: ['item.input_audio_transcription.logprobs'],
      modalities: ['text'],
    };
    const event = translate({ type: 'transcription_session.update', session: flat }, 'transcription');
    expect(event?.type).toBe('session.update');
    expect(event?.session).toEqual({
      type: 'transcription',
      audio: {
        input: {
          format: { type: 'audio/pcm', rate: 24_000 },
          transcription: { model: 'gpt-4o-transcribe', prompt: 'names' },
          noise_reduction: null,
          turn_detection: { type: 'server_vad', silence_duration_ms: 700 },
        },
      },
      include: ['item.input_audio_transcription.logprobs'],
    });
    expect(parseClientEvent(JSON.stringify(event))).toMatchObject({ ok: true });
  });
});

describe('the other events', () => {
  const cases: Array<[object, object]> = [
    [
      item(message('assistant', { type: 'text', text: 'Hi.' })),
      item(message('assistant', { type: 'output_text', text: 'Hi.' })),
    ],
    [
      item(message('user', { type: 'input_text', text: 'hi' }, { type: 'input_audio', audio: 'AAAA' })),
      item(message('user', { type: 'input_text', text: 'hi' }, { type: 'input_audio', audio: 'AAAA' })),
    ],
    [
      item(message('system', { type: 'input_text', text: 'Be kind.' })),
      item(message('system', { type: 'input_text', text: 'Be kind.' })),
    ],
    [
      item({ type: 'function_call_output', call_id: 'c', output: '1' }),
      item({ type: 'function_call_output', call_id: 'c', output: '1' }),
    ],
    [{ type: 'response.create' }, { type: 'response.create' }],
    [
      response({
        conversation: 'none',
        metadata: { a: 'b' },
        modalities: ['audio', 'text'],
        voice: 'ash',
        output_audio_format: 'g711_alaw',
        instructions: 'Sing.',
        temperature: 1,
        max_response_output_tokens: 50,
        input: [{ type: 'item_reference', id: 'item_1' }, message('assistant', { type: 'text', text: 'A.' })],
      }),
      response({
        conversation: 'none',
        metadata: { a: 'b' },
        output_modalities: ['audio'],
        audio: { output: { voice: 'ash', format: { type: 'audio/pcma' } } },
        instructions: 'Sing.',
        max_output_tokens: 50,
        input: [
          { type: 'item_reference', id: 'item_1' },
          message('assistant', { type: 'output_text', text: 'A.' }),
        ],
      }),
    ],
    [response({ max_output_tokens: 7 }), response({ max_output_tokens: 7 })],
  ];
  it.each(cases)('%j -> %j', (flat, ga) => {
    expect(translate(flat)).toEqual(ga);
    expect(parseClientEvent(JSON.stringify(translate(flat)))).toMatchObject({ ok: true });
  });

  it('are passed on as they are where both dialects are the same', () => {
    for (const event of [
      { type: 'input_audio_buffer.append', audio: 'AAAA' },
      { type: 'conversation.item.truncate', item_id: 'i', content_index: 0, audio_end_ms: 5 },
      { type: 'response.cancel', response_id: 'resp_1' },
    ]) {
      expect(translate(event)).toBe(event);
    }
  });
});

describe('what the older dialect does not have', () => {
  const cases: Array<[object, string, string]> = [
    [session({ output_modalities: ['audio'] }), 'unknown_parameter', 'session.output_modalities'],
    [session({ audio: {} }), 'unknown_parameter', 'session.audio'],
    [session({ type: 'realtime' }), 'unknown_parameter', 'session.type'],
    [session({ toString: 1 }), 'unknown_parameter', 'session.toString'],
    [
      JSON.parse('{"type":"session.update","session":{"__proto__":1}}'),
      'unknown_parameter',
      'session.__proto__',
    ],
    [
      session({ turn_detection: { type: 'server_vad', idle_timeout_ms: 5000 } }),
      'unknown_parameter',
      'session.turn_detection.idle_timeout_ms',
    ],
    [
      session({ input_audio_transcription: { keywords: [] } }),
      'unknown_parameter',
      'session.input_audio_transcription.keywords',
    ],
    [session({ tools: [{ type: 'mcp', server_label: 's' }] }), 'invalid_value', 'session.tools[0].type'],
    [session({ modalities: ['audio', 'video'] }), 'invalid_value', 'session.modalities'],
    [session({ modalities: [] }), 'invalid_value', 'session.modalities'],
    [session({ modalities: 'text' }), 'invalid_value', 'session.modalities'],
    [session({ input_audio_format: 'pcm8' }), 'invalid_value', 'session.input_audio_format'],
    [session({ output_audio_format: { type: 'audio/pcm' } }), 'invalid_value', 'session.output_audio_format'],
    [session({ voice: { id: 'v' } }), 'invalid_value', 'session.voice'],
    [session({ temperature: 2 }), 'invalid_value', 'session.temperature'],
    [session({ temperature: '1' }), 'invalid_value', 'session.temperature'],
    [response({ output_modalities: ['audio'] }), 'unknown_parameter', 'response.output_modalities'],
    [response({ reasoning: {} }), 'unknown_parameter', 'response.reasoning'],
    [response({ temperature: 0 }), 'invalid_value', 'response.temperature'],
    [response({ input: [{ type: 'mcp_call' }] }), 'invalid_value', 'response.input[0].type'],
    [item({ type: 'item_reference', id: 'i' }), 'invalid_value', 'item.type'],
    [item({ type: 'mcp_approval_response' }), 'invalid_value', 'item.type'],
    [item(message('assistant', { type: 'output_text', text: '' })), 'invalid_value', 'item.content[0].type'],
    [item(message('assistant', { type: 'audio', audio: '' })), 'invalid_value', 'item.content[0].type'],
    [
      item(message('user', { type: 'input_text', text: '' }, { type: 'input_image' })),
      'invalid_value',
      'item.content[1].type',
    ],
    [{ type: 'transcription_session.update', session: {} }, 'invalid_value', 'type'],
    [{ type: 'conversation.item.added' }, 'invalid_value', 'type'],
    [{ type: 'toString' }, 'invalid_value', 'type'],
  ];
  it.each(cases)('%j is refused: %s, %s', (event, code, param) => {
    expect(refusal(event)).toEqual([code, param]);
  });

  it('is refused in a transcription session too', () => {
    expect(refusal(session({}), 'transcription')).toEqual(['invalid_value', 'type']);
    const update = { type: 'transcription_session.update', session: { voice: 'sage' } };
    expect(refusal(update, 'transcription')).toEqual(['unknown_parameter', 'session.voice']);
  });
});

describe('what is wrong in both dialects is left to the one check', () => {
  const cases: Array<[object, string, string]> = [
    [{ type: 'session.update' }, 'missing_required_parameter', 'session'],
    [session('x' as never), 'invalid_type', 'session'],
    [session({ instructions: 5 }), 'invalid_type', 'session.instructions'],
    [item(5 as never), 'invalid_type', 'item'],
    [response([] as never), 'invalid_type', 'response'],
  ];
  it.each(cases)('%j', (event, code, param) => {
    const parsed = parseClientEvent(JSON.stringify(translate(event)));
    expect(parsed).toMatchObject({ ok: false, error: { code, param } });
  });
});

describe('whatever a client says', () => {
  const RUNS = { numRuns: 500, seed: 1 };

  it('is translated, or refused with a ClientError', () => {
    const type = fc.constantFrom(...Object.keys(BETA_CLIENT_EVENTS), 'nonsense');
    const names = [
      'session',
      'response',
      'item',
      'tools',
      'input',
      'content',
      'type',
      'role',
      'modalities',
      'voice',
    ];
    const { fields } = fc.letrec<{ value: unknown; fields: Record<string, unknown> }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('message', 'user', 'assistant', 'text', 'audio', null, 5, undefined),
        fc.array(tie('value'), { maxLength: 3 }),
        tie('fields'),
      ),
      fields: fc.dictionary(fc.constantFrom(...names), tie('value')) as fc.Arbitrary<Record<string, unknown>>,
    }));
    const check = (event: object) => {
      try {
        for (const translated of dialect().toServer(event as never))
          parseClientEvent(JSON.stringify(translated));
      } catch (error) {
        expect(error).toBeInstanceOf(ClientError);
      }
    };
    fc.assert(
      fc.property(type, fields, (name, rest) => check({ ...rest, type: name })),
      RUNS,
    );
  });

  it('a flat update is echoed flat: what it names is there, what it does not name is as before', () => {
    const format = fc.constantFrom('pcm16', 'g711_ulaw', 'g711_alaw');
    const update = fc.record(
      {
        modalities: fc.constantFrom(['audio', 'text'], ['text']),
        instructions: fc.string(),
        voice: fc.constantFrom('alloy', 'sage', 'my own'),
        speed: fc.constantFrom(0.25, 1, 1.5),
        input_audio_format: format,
        output_audio_format: format,
        input_audio_transcription: fc.constantFrom(null, { model: 'whisper-1', language: 'de', prompt: '' }),
        input_audio_noise_reduction: fc.constantFrom(null, { type: 'near_field' }),
        turn_detection: fc.constantFrom(
          null,
          {
            type: 'server_vad',
            threshold: 0.1,
            prefix_padding_ms: 0,
            silence_duration_ms: 900,
            create_response: false,
            interrupt_response: true,
          },
          { type: 'semantic_vad', eagerness: 'low', create_response: true, interrupt_response: false },
        ),
        tools: fc.constantFrom([], [{ type: 'function', name: 'f', parameters: { type: 'object' } }]),
        tool_choice: fc.constantFrom('auto', 'none', { type: 'function', name: 'f' }),
        max_response_output_tokens: fc.constantFrom('inf', 1, 4096),
      },
      { requiredKeys: [] },
    );
    const flatEcho = (config: Parameters<typeof toWireSession>[0]) =>
      toBetaSession(toWireSession(config), 0.8);
    fc.assert(
      fc.property(update, update, (first, second) => {
        let config = defaultConfig('realtime', 'sess_1', 'm', 1);
        let before = flatEcho(config);
        for (const flat of [first, second]) {
          const parsed = parseClientEvent(JSON.stringify(translate(session(flat))));
          if (!parsed.ok || parsed.event.type !== 'session.update') throw new Error('it was refused');
          config = patchConfig(config, parsed.event.session, false);
          const echo = flatEcho(config);
          expect(echo).toEqual({ ...before, ...flat });
          before = echo;
        }
      }),
      RUNS,
    );
  });
});
