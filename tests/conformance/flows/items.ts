/** Items of the conversation: created, placed, retrieved, deleted. REALTIME 5.1. */
import { tone } from '../../../src/server/backends/fake';
import { pcm16ToBytes } from '../../../src/shared/audio';
import { type Flow, input, respond, say, send, speakTurn, until, update } from '../flow';

const create = (item: object, fields: object = {}) =>
  send({ type: 'conversation.item.create', item, ...fields });
const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const picture = create({
  type: 'message',
  role: 'user',
  content: [
    { type: 'input_text', text: 'What is this?' },
    { type: 'input_image', image_url: PIXEL, detail: 'low' },
  ],
});
const audio = Buffer.from(pcm16ToBytes(tone(300))).toString('base64');

export const itemFlows: readonly Flow[] = [
  {
    name: 'item-places',
    title: 'Items at the end, at the root and in the middle; the ids are the client’s',
    steps: [
      create({
        id: 'last',
        type: 'message',
        role: 'user',
        content: [{ type: 'input_text', text: 'And you?' }],
      }),
      create(
        {
          id: 'first',
          type: 'message',
          role: 'system',
          content: [{ type: 'input_text', text: 'Be kind.' }],
        },
        { previous_item_id: 'root' },
      ),
      create(
        {
          id: 'middle',
          type: 'message',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'I am well.' }],
        },
        { previous_item_id: 'first' },
      ),
      until('conversation.item.done'),
    ],
  },
  {
    name: 'item-life',
    title: 'An item is created, retrieved and deleted',
    steps: [
      say('Hello.'),
      until('conversation.item.done'),
      send({ type: 'conversation.item.retrieve', item_id: 'item_1' }),
      until('conversation.item.retrieved'),
      send({ type: 'conversation.item.delete', item_id: 'item_1' }),
      until('conversation.item.deleted'),
    ],
  },
  {
    name: 'item-with-audio',
    title: 'User audio in an item: it is transcribed, and comes back when it is retrieved',
    script: { speech: [{ final: 'hello there' }] },
    steps: [
      update(input({ transcription: { model: 'whisper-1' } })),
      create({ type: 'message', role: 'user', content: [{ type: 'input_audio', audio }] }),
      until('conversation.item.input_audio_transcription.completed'),
      send({ type: 'conversation.item.retrieve', item_id: 'item_1' }),
      until('conversation.item.retrieved'),
    ],
  },
  {
    name: 'item-retrieved-after-voice',
    title: 'A spoken turn and its answer are retrieved with their sound',
    script: { speech: [{ final: 'what time is it' }], answers: [['It is noon.']] },
    steps: [
      update(input({ transcription: { model: 'whisper-1' } })),
      ...speakTurn,
      until('response.done'),
      send({ type: 'conversation.item.retrieve', item_id: 'item_1' }),
      until('conversation.item.retrieved'),
      send({ type: 'conversation.item.retrieve', item_id: 'item_2' }),
      until('conversation.item.retrieved'),
    ],
  },
  {
    name: 'item-history',
    title: 'A conversation is replayed item by item, and goes on',
    steps: [
      create({ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Weather?' }] }),
      create({ type: 'function_call', name: 'weather', call_id: 'call_a', arguments: '{}' }),
      create({ type: 'function_call_output', call_id: 'call_a', output: 'sunny' }),
      create({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Sunny.' }] }),
      until('conversation.item.done'),
      say('Thanks.'),
      respond({ output_modalities: ['text'] }),
      until('response.done'),
    ],
  },
  {
    name: 'image',
    title: 'A picture for a language model that can see',
    dialects: ['ga'],
    script: { sees: true, answers: [['A pixel.']] },
    steps: [
      picture,
      until('conversation.item.done'),
      respond({ output_modalities: ['text'] }),
      until('response.done'),
    ],
  },
  {
    name: 'image-refused',
    title: 'A picture for a language model that cannot see',
    dialects: ['ga'],
    steps: [picture, until('error')],
  },
];
