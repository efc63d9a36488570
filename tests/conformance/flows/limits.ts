/** What is too much, answered in the protocol. */
import { type Flow, input, say, send, speak, until, update } from '../flow';

export const limitFlows: readonly Flow[] = [
  {
    name: 'limit-buffer',
    title: 'More sound in the buffer than it may hold',
    server: { limits: { maxBufferedAudioMs: 1000 } },
    steps: [update(input({ turn_detection: null })), speak(1000), speak(100), until('error')],
  },
  {
    name: 'limit-history',
    title: 'More items than a conversation may hold',
    server: { limits: { maxHistoryItems: 1 } },
    steps: [say('One.'), until('conversation.item.done'), say('Two.', { event_id: 'mine' }), until('error')],
  },
  {
    name: 'limit-append',
    title: 'An append of more than 15 MiB',
    steps: [
      send({
        type: 'input_audio_buffer.append',
        event_id: 'mine',
        audio: Buffer.alloc(15 * 1024 * 1024 + 3).toString('base64'),
      }),
      until('error'),
    ],
  },
];
