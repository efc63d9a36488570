/** Function calls. REALTIME 7.2. */
import type { LlmPart } from '../../../src/server/backends';
import { type Flow, respond, say, send, speakTurn, until, update } from '../flow';

const weather = {
  type: 'function',
  name: 'weather',
  description: 'The weather somewhere',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

const call = (callId: string, city: string): LlmPart => ({
  type: 'tool-call',
  callId,
  name: 'weather',
  arguments: JSON.stringify({ city }),
});

const output = (call_id: string, text: string) =>
  send({ type: 'conversation.item.create', item: { type: 'function_call_output', call_id, output: text } });

export const toolFlows: readonly Flow[] = [
  {
    name: 'function-call',
    title: 'A function call, its output, and the answer that follows',
    script: { answers: [[call('call_a', 'Paris')], ['It is sunny.']] },
    steps: [
      update({ tools: [weather], tool_choice: 'auto' }),
      say('Weather in Paris?'),
      respond(),
      until('response.done'),
      output('call_a', 'sunny'),
      respond(),
      until('response.done'),
    ],
  },
  {
    name: 'function-call-streamed',
    title: 'A function call whose arguments come bit by bit',
    script: {
      answers: [
        [
          { type: 'tool-call-start', callId: 'call_a', name: 'weather' },
          { type: 'tool-call-delta', callId: 'call_a', delta: '{"city":' },
          { type: 'tool-call-delta', callId: 'call_a', delta: '"Paris"}' },
          call('call_a', 'Paris'),
        ],
      ],
    },
    steps: [update({ tools: [weather] }), say('Weather in Paris?'), respond(), until('response.done')],
  },
  {
    name: 'message-and-calls',
    title: 'One response with a message and two function calls',
    script: {
      answers: [['Let me look.', call('call_a', 'Paris'), call('call_b', 'Rome')], ['Sunny and wet.']],
    },
    steps: [
      update({ tools: [weather] }),
      ...speakTurn,
      until('response.done'),
      output('call_a', 'sunny'),
      output('call_b', 'wet'),
      respond(),
      until('response.done'),
    ],
  },
  {
    name: 'function-call-cancelled',
    title: 'A response is cancelled in the middle of a function call',
    script: (gate) => ({
      answers: [
        [
          { type: 'tool-call-start', callId: 'call_a', name: 'weather' },
          { type: 'tool-call-delta', callId: 'call_a', delta: '{"city":' },
          gate('never'),
        ],
      ],
    }),
    steps: [
      update({ tools: [weather] }),
      respond(),
      until('response.function_call_arguments.delta'),
      send({ type: 'response.cancel' }),
      until('response.done'),
    ],
  },
  {
    name: 'function-forced',
    title: 'A response that must call one function of its own',
    dialects: ['ga'],
    script: { answers: [[call('call_a', 'Paris')]] },
    steps: [
      say('Hello.'),
      respond({ tools: [weather], tool_choice: { type: 'function', name: 'weather' } }),
      until('response.done'),
    ],
  },
];
