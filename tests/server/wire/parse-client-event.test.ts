import { describe, expect, it } from 'vitest';
import { parseClientEvent } from '../../../src/server/wire/parse-client-event';

const update = (session: object) => ({ type: 'session.update', session: { type: 'realtime', ...session } });
const create = (item: object) => ({ type: 'conversation.item.create', item });

describe('parseClientEvent takes', () => {
  const events: object[] = [
    update({}),
    update({ audio: { input: { turn_detection: null } }, max_output_tokens: 'inf', tracing: 'auto' }),
    update({ audio: { input: { turn_detection: { type: 'semantic_vad', eagerness: 'low' } } } }),
    update({ tools: [{ type: 'function', name: 'f', parameters: { $schema: 'x', type: 'object' } }] }),
    update({ tool_choice: { type: 'function', name: 'f' }, prompt: { id: 'p', version: null } }),
    { type: 'session.update', session: { type: 'transcription', audio: { input: { transcription: null } } } },
    { type: 'input_audio_buffer.append', audio: 'AAAA' },
    { type: 'input_audio_buffer.commit', event_id: 'mine' },
    create({ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }),
    create({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'hi' }] }),
    create({ type: 'function_call_output', call_id: 'c', output: '1' }),
    create({ type: 'mcp_approval_response', approval_request_id: 'r', approve: false, reason: null }),
    create({ type: 'mcp_call', name: 'n', arguments: '{}', server_label: 's', output: 'x', error: null }),
    create({ type: 'mcp_list_tools', server_label: 's', tools: [{ name: 'n', input_schema: {} }] }),
    update({ tools: [{ type: 'mcp', server_label: 's', server_url: 'http://localhost:3000/mcp' }] }),
    update({
      audio: { input: { format: { type: 'audio/pcmu' } }, output: { format: { type: 'audio/pcma' } } },
    }),
    { type: 'response.create' },
    { type: 'response.create', response: { conversation: 'none', metadata: { a: 'b' }, input: [] } },
    { type: 'response.create', response: { input: [{ type: 'item_reference', id: 'item_1' }] } },
    { type: 'response.cancel', response_id: 'resp_1' },
  ];
  it.each(events.map((event) => [JSON.stringify(event), event]))('%s', (text, event) => {
    const result = parseClientEvent(text as string);
    expect(result).toMatchObject({ ok: true, event });
  });
});

describe('parseClientEvent refuses', () => {
  const cases: Array<[string | object, string, string | null]> = [
    ['{', 'invalid_json', null],
    ['', 'invalid_json', null],
    ['null', 'invalid_event', null],
    ['[]', 'invalid_event', null],
    ['"session.update"', 'invalid_event', null],
    [{}, 'invalid_event', 'type'],
    [{ type: 5 }, 'invalid_value', 'type'],
    [{ type: 'nonsense' }, 'invalid_value', 'type'],
    [{ type: 'toString' }, 'invalid_value', 'type'],
    [{ type: 'session.update' }, 'missing_required_parameter', 'session'],
    [{ type: 'session.update', session: {} }, 'missing_required_parameter', 'session.type'],
    [{ type: 'session.update', session: { type: 'other' } }, 'invalid_value', 'session.type'],
    [{ type: 'session.update', session: 'x' }, 'invalid_type', 'session'],
    [update({ modalities: ['text'] }), 'unknown_parameter', 'session.modalities'],
    [update({ temperature: 1 }), 'unknown_parameter', 'session.temperature'],
    [update({ output_modalities: ['text', 'audio'] }), 'invalid_value', 'session.output_modalities'],
    [update({ output_modalities: ['video'] }), 'invalid_value', 'session.output_modalities[0]'],
    [update({ instructions: 5 }), 'invalid_type', 'session.instructions'],
    [update({ max_output_tokens: 5000 }), 'invalid_value', 'session.max_output_tokens'],
    [
      update({ audio: { input: { turn_detection: {} } } }),
      'missing_required_parameter',
      'session.audio.input.turn_detection.type',
    ],
    [
      update({ audio: { input: { turn_detection: { type: 'server_vad', threshold: 2 } } } }),
      'invalid_value',
      'session.audio.input.turn_detection.threshold',
    ],
    [
      update({ audio: { input: { turn_detection: { type: 'server_vad', eagerness: 'low' } } } }),
      'unknown_parameter',
      'session.audio.input.turn_detection.eagerness',
    ],
    [
      update({ audio: { input: { format: { type: 'audio/pcm', rate: 16000 } } } }),
      'invalid_value',
      'session.audio.input.format.rate',
    ],
    [
      update({ audio: { output: { format: { type: 'audio/pcma', rate: 24000 } } } }),
      'unknown_parameter',
      'session.audio.output.format.rate',
    ],
    [
      update({ audio: { output: { format: { type: 'audio/opus' } } } }),
      'invalid_value',
      'session.audio.output.format.type',
    ],
    [
      update({ audio: { output: { voice: { id: 'v', name: 'x' } } } }),
      'unknown_parameter',
      'session.audio.output.voice.name',
    ],
    [update({ audio: { output: { speed: 3 } } }), 'invalid_value', 'session.audio.output.speed'],
    [
      update({ tools: [{ type: 'mcp', server_label: 'x' }] }),
      'missing_required_parameter',
      'session.tools[0].server_url',
    ],
    [
      update({ tools: [{ type: 'mcp', server_label: 'x', connector_id: 'connector_gmail' }] }),
      'invalid_value',
      'session.tools[0].connector_id',
    ],
    [
      update({ tools: [{ type: 'mcp', server_label: 'x', server_url: 'file:///etc' }] }),
      'invalid_value',
      'session.tools[0].server_url',
    ],
    [
      update({ tool_choice: { type: 'mcp' } }),
      'missing_required_parameter',
      'session.tool_choice.server_label',
    ],
    [update({ tools: [{ type: 'function' }] }), 'missing_required_parameter', 'session.tools[0].name'],
    [{ type: 'input_audio_buffer.append' }, 'missing_required_parameter', 'audio'],
    [{ type: 'input_audio_buffer.append', audio: 7 }, 'invalid_type', 'audio'],
    [{ type: 'input_audio_buffer.append', audio: null }, 'invalid_type', 'audio'],
    [{ type: 'input_audio_buffer.commit', extra: 1 }, 'unknown_parameter', 'extra'],
    [{ type: 'input_audio_buffer.commit', event_id: 9 }, 'invalid_type', 'event_id'],
    [{ type: 'conversation.item.create' }, 'missing_required_parameter', 'item'],
    [create({ type: 'message', role: 'user' }), 'missing_required_parameter', 'item.content'],
    [create({ type: 'message', content: [] }), 'missing_required_parameter', 'item.role'],
    [
      create({ type: 'message', role: 'user', content: [{ type: 'input_text' }] }),
      'missing_required_parameter',
      'item.content[0].text',
    ],
    [
      create({ type: 'message', role: 'user', content: [{ type: 'text', text: 'x' }] }),
      'invalid_value',
      'item.content[0].type',
    ],
    [
      create({ type: 'message', role: 'assistant', content: [{ type: 'output_audio', audio: 'AAAA' }] }),
      'invalid_value',
      'item.content[0]',
    ],
    [
      create({
        type: 'message',
        role: 'user',
        content: [{ type: 'input_image', image_url: 'https://a.test/a.png' }],
      }),
      'invalid_value',
      'item.content[0].image_url',
    ],
    [create({ type: 'function_call_output', output: '1' }), 'missing_required_parameter', 'item.call_id'],
    [
      { type: 'conversation.item.truncate', item_id: 'x', content_index: 0 },
      'missing_required_parameter',
      'audio_end_ms',
    ],
    [
      { type: 'conversation.item.truncate', item_id: 'x', content_index: 0, audio_end_ms: -1 },
      'invalid_value',
      'audio_end_ms',
    ],
    [
      { type: 'response.create', response: { modalities: ['text'] } },
      'unknown_parameter',
      'response.modalities',
    ],
    [
      { type: 'response.create', response: { conversation: 'other' } },
      'invalid_value',
      'response.conversation',
    ],
    [
      { type: 'response.create', response: { input: [{ type: 'item_reference' }] } },
      'missing_required_parameter',
      'response.input[0].id',
    ],
  ];
  it.each(cases)('%j with %s at %s', (event, code, param) => {
    const result = parseClientEvent(typeof event === 'string' ? event : JSON.stringify(event));
    expect(result.ok).toBe(false);
    if (!result.ok) expect({ code: result.error.code, param: result.error.param }).toEqual({ code, param });
  });

  it('keeps the id of the event that failed', () => {
    expect(parseClientEvent('{"type":"nonsense","event_id":"mine"}')).toMatchObject({
      ok: false,
      eventId: 'mine',
    });
  });

  it('lists what it knows, and repeats nothing of what it was sent', () => {
    const result = parseClientEvent('{"type":"secret"}');
    expect(result.ok ? '' : result.error.message).toMatch(/input_audio_buffer\.append.*response\.create/u);
    expect(result.ok ? '' : result.error.message).not.toContain('secret');
  });
});
