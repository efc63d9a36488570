/** Responses beyond the plain answer: out of band, overridden, incomplete, failed. */
import { LlmError } from '../../../src/server/backends';
import { type Flow, open, respond, say, send, speakTurn, until, update } from '../flow';

export const responseFlows: readonly Flow[] = [
  {
    name: 'out-of-band',
    title: 'A response out of band beside a running one, told apart by its metadata',
    script: (gate) => ({
      answers: [
        ['One. ', gate('first'), 'Two.'],
        [gate('second'), 'A greeting.'],
      ],
    }),
    steps: [
      say('Tell me more.'),
      respond(),
      until('response.output_audio.delta'),
      respond({ conversation: 'none', metadata: { purpose: 'topic' }, output_modalities: ['text'] }),
      until('response.created'),
      open('second'),
      until('response.done'),
      open('first'),
      until('response.done'),
    ],
  },
  {
    name: 'out-of-band-cancelled',
    title: 'A plain response.cancel leaves the response out of band alone; one with its id does not',
    script: (gate) => ({
      answers: [
        ['One. ', gate('never')],
        ['Two. ', gate('never')],
      ],
    }),
    steps: [
      respond({ conversation: 'none', output_modalities: ['text'] }),
      until('response.output_text.delta'),
      respond({ output_modalities: ['text'] }),
      until('response.output_text.delta'),
      send({ type: 'response.cancel' }),
      until('response.done'),
      send({ type: 'response.cancel', response_id: 'resp_1' }),
      until('response.done'),
    ],
  },
  {
    name: 'response-with-own-input',
    title: 'A response with an input of its own: items, and a reference to one of the conversation',
    dialects: ['ga'],
    steps: [
      say('The sky is blue.'),
      until('conversation.item.done'),
      respond({
        conversation: 'none',
        output_modalities: ['text'],
        input: [
          { type: 'item_reference', id: 'item_1' },
          { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'What colour?' }] },
        ],
      }),
      until('response.done'),
    ],
  },
  {
    name: 'response-overrides',
    title: 'What response.create names holds for that response only',
    script: { answers: [['Ahoy.'], ['Hello.']] },
    steps: [
      say('Hello.'),
      respond({
        instructions: 'Talk like a pirate.',
        output_modalities: ['text'],
        max_output_tokens: 100,
        metadata: { mood: 'sea' },
      }),
      until('response.done'),
      respond(),
      until('response.done'),
    ],
  },
  {
    name: 'response-incomplete',
    title: 'An answer that reaches max_output_tokens is incomplete',
    script: { answers: [['It is ', { type: 'stopped', reason: 'max_output_tokens' }]] },
    steps: [update({ max_output_tokens: 2 }), say('What time is it?'), respond(), until('response.done')],
  },
  {
    name: 'response-content-filter',
    title: 'An answer that a content filter stops is incomplete',
    script: { answers: [['It is ', { type: 'stopped', reason: 'content_filter' }]] },
    steps: [say('What time is it?'), respond(), until('response.done')],
  },
  {
    name: 'response-failed',
    title: 'A language model that fails in the middle: the response is failed, the session lives on',
    script: { answers: [['It is ', new LlmError('The language model cannot be reached.')], ['Noon.']] },
    steps: [say('What time is it?'), respond(), until('response.done'), respond(), until('response.done')],
  },
  {
    name: 'response-nothing-heard',
    title: 'An answer asked for after a turn without words says so',
    script: { speech: [{ final: '' }] },
    steps: [...speakTurn, until('conversation.item.done'), respond(), until('response.done')],
  },
];
