/** Interruption, cancelling and truncating. REALTIME 7.3. */
import { tone } from '../../../src/server/backends/fake';
import { type Flow, open, respond, say, send, sendWrong, settle, speak, speakTurn, until } from '../flow';

const truncate = (item_id: string, audio_end_ms: number) =>
  send({ type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms });

export const interruptionFlows: readonly Flow[] = [
  {
    name: 'interruption-by-voice',
    title: 'Speech over an answer: it is cancelled at once; the client truncates to what was heard',
    script: (gate) => ({
      speech: [{ final: 'tell me a story' }, { final: 'stop' }],
      answers: [['Once upon a time. ', 'There was a king.'], ['Fine.']],
      speak: (text) => (text === 'There was a king.' ? [gate('never')] : [tone(300)]),
    }),
    steps: [
      ...speakTurn,
      until('response.output_audio.delta'),
      ...speakTurn,
      until('response.done'),
      until('response.done'),
      truncate('item_2', 150),
      until('conversation.item.truncated'),
      send({ type: 'conversation.item.retrieve', item_id: 'item_2' }),
      until('conversation.item.retrieved'),
    ],
  },
  {
    name: 'interruption-truncated-meanwhile',
    title: 'The client truncates while the answer is still being made',
    script: (gate) => ({
      answers: [['Once upon a time. ', gate('rest'), 'The end.']],
    }),
    steps: [
      say('Tell me a story.'),
      respond(),
      until('response.output_audio.delta'),
      truncate('item_2', 50),
      until('conversation.item.truncated'),
      open('rest'),
      until('response.done'),
    ],
  },
  {
    name: 'interruption-after-generation',
    title: 'Speech after the answer was made whole: nothing to cancel, only speech_started and truncate',
    script: { answers: [['It is noon.'], ['Fine.']] },
    steps: [
      ...speakTurn,
      until('response.done'),
      speak(200),
      until('input_audio_buffer.speech_started'),
      truncate('item_2', 60),
      until('conversation.item.truncated'),
    ],
  },
  {
    name: 'response-cancel',
    title: 'response.cancel: the answer ends, client_cancelled',
    script: (gate) => ({ answers: [['Once upon a time. ', gate('never'), 'The end.']] }),
    steps: [
      say('Tell me a story.'),
      respond(),
      until('response.output_audio.delta'),
      send({ type: 'response.cancel' }),
      until('response.done'),
    ],
  },
  {
    name: 'response-cancel-before-anything',
    title: 'response.cancel before the first word: a response without output',
    script: (gate) => ({ answers: [[gate('never'), 'Late.']] }),
    steps: [
      say('Tell me a story.'),
      respond(),
      until('response.created'),
      send({ type: 'response.cancel', response_id: 'resp_1' }),
      until('response.done'),
    ],
  },
  {
    name: 'response-cancel-twice',
    title: 'A second response.cancel comes too late',
    script: (gate) => ({ answers: [[gate('never'), 'Late.']] }),
    steps: [
      respond(),
      until('response.created'),
      send({ type: 'response.cancel' }),
      send({ type: 'response.cancel', event_id: 'again' }),
      until('error'),
    ],
  },
  {
    name: 'two-interruptions',
    title: 'Two interruptions, one after the other',
    script: (gate) => ({
      answers: [['One. ', gate('never')], ['Two. ', gate('never')], ['Three.']],
    }),
    steps: [
      ...speakTurn,
      until('response.output_audio.delta'),
      ...speakTurn,
      until('response.done'),
      until('response.output_audio.delta'),
      ...speakTurn,
      until('response.done'),
      until('response.done'),
    ],
  },
  {
    name: 'output-buffer-clear',
    title: 'output_audio_buffer.clear is for WebRTC and SIP',
    steps: [sendWrong({ type: 'output_audio_buffer.clear', event_id: 'mine' }), settle],
  },
];
