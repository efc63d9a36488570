/** From what the fuzzer chose to events on the wire. */
import { type Item, MANGLED, type ResponseFields } from './actions';

export type ClientEvent = { type: string } & Record<string, unknown>;

/** Sound of `samples` samples at 24 kHz, as base64; loud enough to be speech. */
function sound(samples: number): string {
  return Buffer.from(new Int16Array(samples).fill(8000).buffer).toString('base64');
}

/** `name` makes ids and calls of this item its own. */
export function wireItem(item: Item, name: string): Record<string, unknown> {
  switch (item.kind) {
    case 'text': {
      const type = item.role === 'assistant' ? 'output_text' : 'input_text';
      return { type: 'message', role: item.role, content: [{ type, text: item.text }] };
    }
    case 'audio': {
      const audio = item.broken ? '?!' : sound(item.samples);
      const content = [{ type: 'input_audio', audio, transcript: item.transcript }];
      return { type: 'message', role: 'user', content };
    }
    case 'image': {
      const content = [{ type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=' }];
      return { type: 'message', role: 'user', content };
    }
    case 'call': {
      const call = { type: 'function_call', name: 'look', arguments: '{}' };
      return item.callId ? { ...call, call_id: `call_${name}` } : call;
    }
    case 'output':
      return { type: 'function_call_output', call_id: `call_${name}`, output: 'done' };
    case 'history': {
      if (item.type === 'mcp_list_tools') return { type: item.type, server_label: 'far', tools: [] };
      return { type: item.type, server_label: 'far', name: 'find', arguments: '{}' };
    }
    case 'approval':
      return { type: 'mcp_approval_response', approval_request_id: 'nobody', approve: true };
    default:
      return item satisfies never;
  }
}

/** `resolve` gives the id of a chosen item. */
export function wireResponse(
  { outOfBand, modality, input, voice, rest }: ResponseFields,
  name: string,
  metadata: Record<string, string> | null,
  resolve: (ref: number | 'unknown') => string,
): Record<string, unknown> {
  return {
    ...rest,
    ...(outOfBand ? { conversation: 'none' } : {}),
    ...(modality === null ? {} : { output_modalities: [modality] }),
    ...(voice === null ? {} : { audio: { output: { voice } } }),
    ...(metadata === null ? {} : { metadata }),
    ...(input === null
      ? {}
      : {
          input: input.map((item) =>
            typeof item === 'object' ? wireItem(item, name) : { type: 'item_reference', id: resolve(item) },
          ),
        }),
  };
}

/** What is no event, or none that can be: to be answered by an error that names `event_id`, where there is one. */
export function mangled(number: number, event_id: string): string | Buffer {
  const append = 'input_audio_buffer.append';
  const truncate = { type: 'conversation.item.truncate', item_id: 'x', content_index: 0, audio_end_ms: 0 };
  const all: Array<string | Buffer | object> = [
    '',
    '{',
    '[]',
    'null',
    '"event"',
    Buffer.from([1, 2, 3]),
    {},
    { type: 5 },
    { type: 'session.explode' },
    { type: 'toString' },
    { type: 'session.created', session: {} },
    { type: append },
    { type: append, audio: 5 },
    { type: append, audio: '?!' },
    { type: append, audio: 'AAA' },
    { type: 'session.update' },
    { type: 'session.update', session: { type: 'realtime', temperature: 1 } },
    { type: 'session.update', session: { instructions: 'no type' } },
    { type: 'conversation.item.create', item: { type: 'message', role: 'nobody', content: [] } },
    { ...truncate, audio_end_ms: -1 },
    { ...truncate, audio_end_ms: 0.5 },
    { type: 'response.create', response: { output_modalities: ['text', 'audio'] } },
    { type: 'response.create', response: { metadata: { key: 'x'.repeat(600) } } },
    { type: 'output_audio_buffer.clear' },
  ];
  if (all.length !== MANGLED) throw new Error('MANGLED is not the number of ways');
  const one = all[number] ?? {};
  return typeof one === 'string' || Buffer.isBuffer(one) ? one : JSON.stringify({ ...one, event_id });
}
