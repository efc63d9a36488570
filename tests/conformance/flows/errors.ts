/** What is refused, one by one. REALTIME 5.3. */
import {
  closed,
  type Flow,
  frame,
  input,
  open,
  respond,
  say,
  send,
  sendWrong,
  settle,
  speak,
  until,
  update,
} from '../flow';

const truncate = (item_id: string, audio_end_ms: number) =>
  send({ type: 'conversation.item.truncate', event_id: 'mine', item_id, content_index: 0, audio_end_ms });

/** One event that is refused, after `before`. */
const refused = (name: string, title: string, ...steps: Flow['steps']): Flow => ({
  name: `error-${name}`,
  title,
  steps: [...steps, until('error')],
});

const ga = (flow: Flow): Flow => ({ ...flow, dialects: ['ga'] });

export const errorFlows: readonly Flow[] = [
  refused(
    'commit-empty',
    'A commit with nothing in the buffer',
    send({ type: 'input_audio_buffer.commit', event_id: 'mine' }),
  ),
  refused(
    'commit-too-short',
    'A commit with less than 100 ms in the buffer',
    update(input({ turn_detection: null })),
    speak(40),
    send({ type: 'input_audio_buffer.commit', event_id: 'mine' }),
  ),
  {
    name: 'error-second-response',
    title: 'A second response while one is active: refused, and no response.done for it',
    script: (gate) => ({ answers: [['One. ', gate('rest'), 'Two.']] }),
    steps: [
      respond(),
      until('response.output_audio.delta'),
      send({ type: 'response.create', event_id: 'mine' }),
      until('error'),
      open('rest'),
      until('response.done'),
    ],
  },
  refused(
    'cancel-not-active',
    'A cancel with nothing to cancel',
    send({ type: 'response.cancel', event_id: 'mine' }),
  ),
  refused(
    'cannot-update-voice',
    'Another voice once the assistant has spoken',
    respond(),
    until('response.done'),
    update({ audio: { output: { voice: 'verse' } } }),
  ),
  refused(
    'truncate-too-long',
    'A truncate past the end of the sound',
    respond(),
    until('response.done'),
    truncate('item_1', 60_000),
  ),
  refused(
    'truncate-no-audio',
    'A truncate of an item without model audio',
    say('Hello.'),
    until('conversation.item.done'),
    truncate('item_1', 10),
  ),
  refused('truncate-unknown-item', 'A truncate of no item', truncate('nowhere', 10)),
  refused(
    'retrieve-unknown-item',
    'A retrieve of no item',
    send({ type: 'conversation.item.retrieve', event_id: 'mine', item_id: 'nowhere' }),
  ),
  refused(
    'delete-unknown-item',
    'A delete of no item',
    send({ type: 'conversation.item.delete', event_id: 'mine', item_id: 'nowhere' }),
  ),
  refused(
    'create-behind-unknown-item',
    'An item behind no item',
    say('Hello.', { event_id: 'mine', previous_item_id: 'nowhere' }),
  ),
  refused(
    'create-known-id',
    'An item with an id that is taken',
    send({
      type: 'conversation.item.create',
      item: { id: 'one', type: 'message', role: 'user', content: [{ type: 'input_text', text: 'a' }] },
    }),
    send({
      type: 'conversation.item.create',
      event_id: 'mine',
      item: { id: 'one', type: 'message', role: 'user', content: [{ type: 'input_text', text: 'b' }] },
    }),
  ),
  ga(
    refused(
      'assistant-audio',
      'An assistant message with audio cannot be created',
      send({
        type: 'conversation.item.create',
        event_id: 'mine',
        item: { type: 'message', role: 'assistant', content: [{ type: 'output_audio', transcript: 'Hi.' }] },
      }),
    ),
  ),
  ga(
    refused(
      'missing-session-type',
      'A session.update without session.type',
      sendWrong({ type: 'session.update', event_id: 'mine', session: { instructions: 'x' } }),
    ),
  ),
  refused(
    'missing-parameter',
    'An event without a field it needs',
    sendWrong({ type: 'conversation.item.truncate', event_id: 'mine', item_id: 'x' }),
  ),
  ga(
    refused(
      'unknown-parameter',
      'A key of the older dialect sent to GA',
      sendWrong({ type: 'session.update', event_id: 'mine', session: { type: 'realtime', voice: 'alloy' } }),
    ),
  ),
  ga(
    refused(
      'both-modalities',
      'Text and audio at once',
      send({
        type: 'session.update',
        event_id: 'mine',
        session: { type: 'realtime', output_modalities: ['audio', 'text'] },
      }),
    ),
  ),
  refused(
    'invalid-type',
    'A field of the wrong type',
    sendWrong({ type: 'input_audio_buffer.append', event_id: 'mine', audio: 7 }),
  ),
  refused(
    'not-base64',
    'Sound that is not base64',
    send({ type: 'input_audio_buffer.append', event_id: 'mine', audio: '%%%' }),
  ),
  refused(
    'unknown-type',
    'An event of no known type',
    sendWrong({ type: 'session.destroy', event_id: 'mine' }),
  ),
  refused('no-type', 'An event without a type', frame('{"event_id":"mine"}')),
  refused('invalid-json', 'A frame that is not JSON', frame('{"type":')),
  refused('not-an-object', 'A frame that is JSON but no object', frame('[1]')),
  refused('binary-frame', 'A binary frame', frame(new Uint8Array([1, 2, 3]))),
  ga(
    refused(
      'connector',
      'An MCP connector, which lives at OpenAI',
      send({
        type: 'session.update',
        event_id: 'mine',
        session: {
          type: 'realtime',
          tools: [{ type: 'mcp', server_label: 'mail', connector_id: 'connector_gmail' }],
        },
      }),
    ),
  ),
  {
    name: 'error-bad-key',
    title: 'A wrong key: one error, close 3000',
    server: { token: 'right' },
    connect: { headers: { Authorization: 'Bearer wrong' } },
    steps: [closed],
  },
  {
    name: 'error-no-key',
    title: 'No key where one is needed',
    server: { token: 'right' },
    steps: [closed],
  },
  {
    name: 'error-call-id',
    title: 'A call to attach to, which a local server has none of',
    connect: { query: '?call_id=rtc_1' },
    steps: [closed],
  },
  {
    name: 'error-intent',
    title: 'An intent that does not exist',
    connect: { query: '?intent=dictation' },
    steps: [closed],
  },
  {
    name: 'error-beta-disabled',
    title: 'The older dialect where it is switched off',
    dialects: ['beta'],
    server: { betaDialect: false },
    steps: [closed],
  },
  {
    name: 'after-an-error',
    title: 'The session lives on after an error',
    steps: [frame('{'), until('error'), say('Hello.'), respond(), until('response.done'), settle],
  },
];
