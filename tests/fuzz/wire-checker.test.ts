/** The checker itself: a server that does wrong is noticed. */
import { describe, expect, it } from 'vitest';
import type { WireEvent } from '../helpers/server-client';
import { WireChecker } from './wire-checker';

const message = (id: string, status = 'completed') => ({ id, type: 'message', role: 'assistant', status });
const at = { response_id: 'resp', item_id: 'a', output_index: 0, content_index: 0 };
const response = (fields: object) => ({
  id: 'resp',
  conversation_id: 'conv',
  status: 'in_progress',
  status_details: null,
  output: [],
  usage: null,
  ...fields,
});
const sound = Buffer.alloc(480).toString('base64');

/** A spoken answer of 10 ms, event by event. */
const ANSWER: object[] = [
  { type: 'response.created', response: response({}) },
  {
    type: 'response.output_item.added',
    response_id: 'resp',
    output_index: 0,
    item: message('a', 'in_progress'),
  },
  { type: 'conversation.item.added', previous_item_id: null, item: message('a', 'in_progress') },
  { type: 'response.content_part.added', ...at, part: { type: 'audio', transcript: '' } },
  { type: 'response.output_audio_transcript.delta', ...at, delta: 'Noon.' },
  { type: 'response.output_audio.delta', ...at, delta: sound },
  { type: 'response.output_audio.done', ...at },
  { type: 'response.output_audio_transcript.done', ...at, transcript: 'Noon.' },
  { type: 'response.content_part.done', ...at, part: { type: 'audio', transcript: 'Noon.' } },
  { type: 'conversation.item.done', previous_item_id: null, item: message('a') },
  { type: 'response.output_item.done', response_id: 'resp', output_index: 0, item: message('a') },
  { type: 'response.done', response: response({ status: 'completed', output: [message('a')] }) },
];

function check(events: readonly object[]): WireChecker {
  const checker = new WireChecker();
  events.forEach((event, number) => {
    checker.take({ event_id: `event_${number}`, ...event } as WireEvent);
  });
  return checker;
}

const without = (type: string) => ANSWER.filter((event) => (event as WireEvent).type !== type);
const twice = (type: string) =>
  ANSWER.flatMap((event) => ((event as WireEvent).type === type ? [event, event] : [event]));
const truncated = (ms: number) => ({
  type: 'conversation.item.truncated',
  item_id: 'a',
  content_index: 0,
  audio_end_ms: ms,
});
const speech = (start: number, end: number) => [
  { type: 'input_audio_buffer.speech_started', audio_start_ms: start, item_id: `u${start}` },
  { type: 'input_audio_buffer.speech_stopped', audio_end_ms: end, item_id: `u${start}` },
];

describe('the wire checker', () => {
  it('finds nothing in an answer that is right', () => {
    const checker = check(ANSWER);
    expect([...checker.problems, ...checker.unfinished()]).toEqual([]);
    expect(checker.items.get('a')).toMatchObject({ audioMs: 10, done: true });
  });

  const wrong: Array<[string, object[], string]> = [
    ['two ends', twice('response.done'), 'response.done of no open response'],
    ['two beginnings', twice('response.created'), 'a response id is used again'],
    ['an item twice', twice('conversation.item.added'), 'an item was added twice'],
    ['an item done twice', twice('conversation.item.done'), 'an item is done that was not added, or twice'],
    ['no item in the conversation', without('conversation.item.added'), 'came before the item was added'],
    ['no end of the item', without('response.output_item.done'), 'is not done, its response is'],
    ['no end of the part', without('response.content_part.done'), 'a part is not done, its item is'],
    ['no end of the sound', without('response.output_audio.done'), 'before its text or sound'],
    ['text missing', without('response.output_audio_transcript.delta'), 'the text is not its deltas'],
    ['sound after the end', [...ANSWER, ANSWER[5] as object], 'of no open response'],
    ['an event id again', [...ANSWER, { ...truncated(5), event_id: 'event_0' }], 'used again'],
    ['truncated past the end', [...ANSWER, truncated(11)], 'truncated past its end'],
    ['truncated to more than before', [...ANSWER, truncated(5), truncated(8)], 'or to more than before'],
    [
      'a turn before the last one',
      [...speech(100, 500), ...speech(400, 900)],
      'the time of the input goes back',
    ],
    ['a turn that ends before it begins', speech(500, 400), 'the time of the input goes back'],
    ['an unknown item before', [{ ...(ANSWER[2] as object), previous_item_id: 'x' }], 'not a known item'],
    ['an event of the older dialect', [{ type: 'conversation.item.created' }], 'is not sent by this server'],
    ['an empty error', [{ type: 'error', error: { type: 'x', code: 'y', message: '' } }], 'lacks a field'],
  ];
  it.each(wrong)('notices %s', (_name, events, problem) => {
    expect(check(events).problems.join('\n')).toContain(problem);
  });

  it('notices what never ends', () => {
    expect(check(ANSWER.slice(0, -1)).unfinished()).toEqual(['resp has no response.done']);
    expect(check(ANSWER.slice(0, 4)).unfinished()).toContain('a has no conversation.item.done');
  });
});
