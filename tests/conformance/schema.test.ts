/** The validator itself: it must refuse what is wrong, else everything passes. */
import { describe, expect, it } from 'vitest';
import type { Dialect, Side } from './schema/derive';
import { validatorOf } from './schema/validate';

const at = { event_id: 'e', response_id: 'r', item_id: 'i', output_index: 0, content_index: 0 };
const item = { id: 'i', object: 'realtime.item', type: 'message', status: 'completed' };
const user = (part: object) => ({ ...item, role: 'user', content: [part] });

const check = (dialect: Dialect, side: Side, event: object) => validatorOf(dialect, side).problems(event);

const RIGHT: ReadonlyArray<[Dialect, Side, object]> = [
  ['ga', 'server', { type: 'response.output_audio.delta', ...at, delta: 'AAAA' }],
  ['beta', 'server', { type: 'response.audio.delta', ...at, delta: 'AAAA' }],
  [
    'ga',
    'server',
    { type: 'conversation.item.added', event_id: 'e', item: user({ type: 'input_audio', transcript: null }) },
  ],
  [
    'ga',
    'server',
    { type: 'conversation.item.added', event_id: 'e', previous_item_id: null, item: user({}) },
  ],
  ['ga', 'server', { type: 'response.created', event_id: 'e', response: { usage: null, metadata: null } }],
  ['ga', 'client', { type: 'response.create' }],
  ['beta', 'client', { type: 'session.update', session: { voice: 'alloy', turn_detection: null } }],
];

const WRONG: ReadonlyArray<[string, Dialect, Side, object]> = [
  ['no event_id', 'ga', 'server', { type: 'input_audio_buffer.cleared' }],
  [
    'a missing field',
    'ga',
    'server',
    { type: 'response.output_audio.done', ...at, content_index: undefined },
  ],
  ['an extra field', 'ga', 'server', { type: 'input_audio_buffer.cleared', event_id: 'e', item_id: 'i' }],
  ['an event of the other dialect', 'ga', 'server', { type: 'response.audio.delta', ...at, delta: 'AAAA' }],
  ['a GA event', 'beta', 'server', { type: 'response.output_audio.delta', ...at, delta: 'AAAA' }],
  [
    'null where there must be a text',
    'ga',
    'server',
    { type: 'conversation.item.deleted', event_id: 'e', item_id: null },
  ],
  [
    'a wrong word',
    'ga',
    'server',
    { type: 'response.done', event_id: 'e', response: { status: 'finished' } },
  ],
  [
    'a wrong content type',
    'ga',
    'server',
    { type: 'conversation.item.added', event_id: 'e', item: user({ type: 'text' }) },
  ],
  [
    'an extra field deep inside',
    'ga',
    'server',
    {
      type: 'conversation.item.added',
      event_id: 'e',
      item: user({ type: 'input_text', text: 'x', index: 1 }),
    },
  ],
  [
    'an MCP item with the fields of others',
    'ga',
    'server',
    {
      type: 'conversation.item.added',
      event_id: 'e',
      item: { id: 'i', status: 'completed', type: 'mcp_list_tools', server_label: 's', tools: [] },
    },
  ],
  [
    'a flat session in GA',
    'ga',
    'client',
    { type: 'session.update', session: { type: 'realtime', voice: 'alloy' } },
  ],
  [
    'a nested session in the older dialect',
    'beta',
    'client',
    { type: 'session.update', session: { audio: {} } },
  ],
  [
    'a number that is none',
    'ga',
    'client',
    {
      type: 'conversation.item.truncate',
      item_id: 'i',
      content_index: 0,
      audio_end_ms: '10',
    },
  ],
];

describe('the schemas of the published types', () => {
  it.each(RIGHT)('accept %s %s %o', (dialect, side, event) => {
    expect(check(dialect, side, event)).toEqual([]);
  });

  it.each(WRONG)('refuse %s', (_, dialect, side, event) => {
    expect(check(dialect, side, JSON.parse(JSON.stringify(event)))).not.toEqual([]);
  });
});
