/** The server's events in the older dialect's words. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBetaDialect } from '../../../src/server/beta';
import { BETA_NAMES, BETA_SERVER_EVENTS } from '../../../src/server/beta/events';
import type { Fields } from '../../../src/server/beta/fields';
import { patchConfig } from '../../../src/server/session-patch';
import { defaultConfig } from '../../../src/server/wire/session-config';
import { toWireSession } from '../../../src/server/wire/wire-session';

const newIds = () => {
  let count = 0;
  return (prefix: string) => `${prefix}_${++count}`;
};
const dialect = (kind: 'realtime' | 'transcription' = 'realtime') =>
  createBetaDialect({ kind, newId: newIds() });
const translate = (event: object) => dialect().toClient(event as Fields);

const begun = toWireSession(
  patchConfig(
    defaultConfig('realtime', 'sess_1', 'm', 1_900_000_000),
    {
      type: 'realtime',
      audio: {
        input: {
          transcription: { model: 'whisper-1', delay: 'low' },
          noise_reduction: { type: 'near_field' },
        },
        output: { format: { type: 'audio/pcmu' }, voice: { id: 'v' } },
      },
      tools: [{ type: 'function', name: 'f' }],
      max_output_tokens: 9,
    },
    false,
  ),
);

const at = { response_id: 'r', item_id: 'i', output_index: 0, content_index: 0 };
const answer = { id: 'i', object: 'realtime.item', type: 'message', role: 'assistant', status: 'completed' };
const wireResponse = {
  id: 'r',
  object: 'realtime.response',
  status: 'completed',
  status_details: null,
  output: [
    { ...answer, content: [{ type: 'output_audio', transcript: 'Hi.' }] },
    { type: 'mcp_call', id: 'x' },
  ],
  conversation_id: 'conv_of_session',
  output_modalities: ['audio'],
  max_output_tokens: 'inf',
  audio: { output: { format: { type: 'audio/pcma' }, voice: 'ash' } },
  metadata: null,
  usage: {
    total_tokens: 3,
    input_tokens: 1,
    output_tokens: 2,
    input_token_details: {
      text_tokens: 1,
      audio_tokens: 0,
      image_tokens: 0,
      cached_tokens: 0,
      cached_tokens_details: {},
    },
    output_token_details: { text_tokens: 2, audio_tokens: 0 },
  },
};

describe('session.created', () => {
  it('is flat, and conversation.created follows', () => {
    const events = translate({ event_id: 'e', type: 'session.created', session: begun });
    expect(events).toEqual([
      {
        event_id: 'e',
        type: 'session.created',
        session: {
          id: 'sess_1',
          object: 'realtime.session',
          expires_at: 1_900_000_000,
          model: 'm',
          modalities: ['audio', 'text'],
          instructions: '',
          voice: 'v',
          speed: 1,
          input_audio_format: 'pcm16',
          output_audio_format: 'g711_ulaw',
          input_audio_transcription: { model: 'whisper-1' },
          input_audio_noise_reduction: { type: 'near_field' },
          turn_detection: {
            type: 'server_vad',
            threshold: 0.5,
            prefix_padding_ms: 300,
            silence_duration_ms: 500,
            create_response: true,
            interrupt_response: true,
          },
          tools: [{ type: 'function', name: 'f' }],
          tool_choice: 'auto',
          temperature: 0.8,
          max_response_output_tokens: 9,
          tracing: null,
        },
      },
      {
        event_id: 'event_2',
        type: 'conversation.created',
        conversation: { id: 'conv_1', object: 'realtime.conversation' },
      },
    ]);
  });

  it('of a transcription session has no conversation, and its update another name', () => {
    const session = toWireSession(defaultConfig('transcription', 'sess_1', 'm', 5));
    const beta = dialect('transcription');
    expect(beta.toClient({ event_id: 'e', type: 'session.created', session })).toEqual([
      {
        event_id: 'e',
        type: 'session.created',
        session: {
          id: 'sess_1',
          object: 'realtime.transcription_session',
          expires_at: 5,
          input_audio_format: 'pcm16',
          input_audio_transcription: { model: 'm' },
          input_audio_noise_reduction: null,
          turn_detection: expect.objectContaining({ type: 'server_vad', threshold: 0.5 }),
          include: [],
        },
      },
    ]);
    expect(beta.toClient({ event_id: 'e', type: 'session.updated', session })[0]?.type).toBe(
      'transcription_session.updated',
    );
  });
});

describe('an event becomes', () => {
  const cases: Array<[string, object, object[]]> = [
    [
      'conversation.item.added',
      { previous_item_id: null, item: { ...answer, status: 'in_progress', content: [] } },
      [
        {
          type: 'conversation.item.created',
          previous_item_id: null,
          item: { ...answer, status: 'in_progress', content: [] },
        },
      ],
    ],
    ['conversation.item.done', { item: answer }, []],
    [
      'conversation.item.retrieved',
      {
        item: {
          ...answer,
          content: [
            { type: 'output_audio', transcript: 'Hi.' },
            { type: 'output_text', text: 'x' },
          ],
        },
      },
      [
        {
          type: 'conversation.item.retrieved',
          item: {
            ...answer,
            content: [
              { type: 'audio', transcript: 'Hi.' },
              { type: 'text', text: 'x' },
            ],
          },
        },
      ],
    ],
    [
      'conversation.item.added',
      {
        item: {
          type: 'message',
          role: 'user',
          content: [
            { type: 'input_image', image_url: 'x' },
            { type: 'input_audio', transcript: null },
          ],
        },
      },
      [
        {
          type: 'conversation.item.created',
          item: { type: 'message', role: 'user', content: [{ type: 'input_audio', transcript: null }] },
        },
      ],
    ],
    ['conversation.item.added', { item: { type: 'mcp_list_tools', id: 'x' } }, []],
    ['response.output_item.added', { item: { type: 'mcp_call', id: 'x' } }, []],
    [
      'response.output_audio.delta',
      { ...at, delta: 'AAAA' },
      [{ type: 'response.audio.delta', ...at, delta: 'AAAA' }],
    ],
    ['response.output_text.done', { ...at, text: 'x' }, [{ type: 'response.text.done', ...at, text: 'x' }]],
    [
      'response.content_part.added',
      { ...at, part: { type: 'audio', transcript: '' } },
      [{ type: 'response.content_part.added', ...at, part: { type: 'audio', transcript: '' } }],
    ],
    [
      'response.function_call_arguments.done',
      { call_id: 'c', name: 'f', arguments: '{}' },
      [{ type: 'response.function_call_arguments.done', call_id: 'c', arguments: '{}' }],
    ],
    ['input_audio_buffer.timeout_triggered', { item_id: 'i' }, []],
    ['mcp_list_tools.in_progress', { item_id: 'i' }, []],
    ['of.the.future', {}, []],
    ['toString', {}, []],
    [
      'error',
      {
        error: {
          type: 'invalid_request_error',
          code: 'invalid_type',
          message: "Invalid type for 'session.audio.output.voice': expected string, got number.",
          param: 'session.audio.output.voice',
          event_id: 'mine',
        },
      },
      [
        {
          type: 'error',
          error: {
            type: 'invalid_request_error',
            code: 'invalid_type',
            message: "Invalid type for 'session.voice': expected string, got number.",
            param: 'session.voice',
            event_id: 'mine',
          },
        },
      ],
    ],
    [
      'response.done',
      { response: wireResponse },
      [
        {
          type: 'response.done',
          response: {
            id: 'r',
            object: 'realtime.response',
            status: 'completed',
            status_details: null,
            output: [{ ...answer, content: [{ type: 'audio', transcript: 'Hi.' }] }],
            conversation_id: 'conv_1',
            modalities: ['audio', 'text'],
            voice: 'ash',
            output_audio_format: 'g711_alaw',
            temperature: 0.8,
            max_output_tokens: 'inf',
            metadata: null,
            usage: {
              total_tokens: 3,
              input_tokens: 1,
              output_tokens: 2,
              input_token_details: { cached_tokens: 0, text_tokens: 1, audio_tokens: 0 },
              output_token_details: { text_tokens: 2, audio_tokens: 0 },
            },
          },
        },
      ],
    ],
    [
      'response.created',
      { response: { ...wireResponse, conversation_id: null, output_modalities: ['text'], usage: null } },
      [
        expect.objectContaining({
          response: expect.objectContaining({ conversation_id: null, modalities: ['text'], usage: null }),
        }),
      ],
    ],
  ];
  it.each(cases)('%s %j', (type, event, expected) => {
    const events = translate({ event_id: 'e', type, ...event });
    expect(events.map(({ event_id, ...rest }) => rest)).toEqual(expected);
    expect(events.every(({ event_id }) => event_id === 'e')).toBe(true);
  });
});

describe('the path of an error is the flat one', () => {
  const cases: Array<[string, string]> = [
    ['session.audio.input.format.type', 'session.input_audio_format.type'],
    ['session.audio.input.turn_detection.threshold', 'session.turn_detection.threshold'],
    ['session.audio.input.transcription', 'session.input_audio_transcription'],
    ['session.output_modalities[0]', 'session.modalities[0]'],
    ['session.max_output_tokens', 'session.max_response_output_tokens'],
    ['session.tools[0].name', 'session.tools[0].name'],
    ['response.audio.output.voice', 'response.voice'],
    ['response.max_output_tokens', 'response.max_response_output_tokens'],
    ['response.input[0].content', 'response.input[0].content'],
    ['item_id', 'item_id'],
  ];
  it.each(cases)('%s -> %s', (param, expected) => {
    const [event] = translate({ event_id: 'e', type: 'error', error: { message: 'x', param } });
    expect(event?.error).toMatchObject({ param: expected });
  });
});

describe('what is remembered', () => {
  const update = (flat: object, event_id?: string) => ({ type: 'session.update', session: flat, event_id });
  const updated = (beta: ReturnType<typeof dialect>) => {
    const [event] = beta.toClient({ event_id: 'e', type: 'session.updated', session: begun });
    return (event?.session as Fields | undefined)?.temperature;
  };
  const error = (beta: ReturnType<typeof dialect>, event_id: unknown) => {
    const [event] = beta.toClient({ event_id: 'e', type: 'error', error: { message: 'x', event_id } });
    return (event?.error as Fields | undefined)?.event_id;
  };

  it('temperature counts from the update that was taken on, and stays', () => {
    const beta = dialect();
    beta.toServer(update({ temperature: 1 }));
    beta.toServer(update({ voice: 'ash' }));
    expect([updated(beta), updated(beta)]).toEqual([1, 1]);
  });

  it("a refused update changes nothing; its error names the client's own event", () => {
    const beta = dialect();
    const [passed] = beta.toServer(update({ temperature: 1.1 }));
    beta.toServer(update({ temperature: 0.7 }, 'mine'));
    beta.toServer(update({ temperature: 0.9 }));
    expect(error(beta, passed?.event_id)).toBe(null);
    expect(error(beta, 'mine')).toBe('mine');
    expect(updated(beta)).toBe(0.9);
    expect(error(beta, 'another')).toBe('another');
  });

  it('an event id that is none is left to be refused', () => {
    const beta = dialect();
    expect(beta.toServer({ ...update({ temperature: 1 }), event_id: 5 } as never)[0]?.event_id).toBe(5);
    expect(updated(beta)).toBe(0.8);
  });
});

it('whatever the server says, translating it never throws and stays within the published names', () => {
  const type = fc.constantFrom(...Object.keys(BETA_NAMES), 'of.the.future');
  const value = fc.oneof(
    fc.jsonValue() as fc.Arbitrary<unknown>,
    fc.constantFrom<unknown>(begun, wireResponse, answer, { content: [null, 5, {}] }, undefined),
  );
  const field = fc.constantFrom('session', 'item', 'response', 'error', 'delta', 'part');
  const event = fc
    .tuple(type, fc.dictionary(field, value))
    .map(([name, fields]): Fields => ({ event_id: 'e', ...fields, type: name }));
  fc.assert(
    fc.property(event, (ga) => {
      for (const { type: name, event_id } of dialect().toClient(ga)) {
        expect(Object.keys(BETA_SERVER_EVENTS)).toContain(name);
        expect(event_id).toBeTypeOf('string');
      }
    }),
    { numRuns: 500, seed: 1 },
  );
});
