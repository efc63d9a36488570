/** Turns: by voice, by text, by hand. REALTIME 7.1 and 7.2. */
import {
  type Flow,
  input,
  open,
  respond,
  say,
  send,
  silence,
  speak,
  speakTurn,
  until,
  update,
} from '../flow';

const transcription = { transcription: { model: 'whisper-1' } };

const turnDetection = (fields: object) =>
  update(input({ turn_detection: { type: 'server_vad', ...fields } }));

/** The answer to the first turn waits in its middle; a second turn comes before it is over. */
const TWO_TURNS: Flow['script'] = (gate) => ({
  speech: [{ final: 'tell me more' }, { final: 'and that' }],
  answers: [['One. ', gate('rest'), 'Two.'], ['Three.']],
});

export const turnFlows: readonly Flow[] = [
  {
    name: 'voice-turn',
    title: 'A turn by voice under server_vad, transcribed while it is spoken',
    script: {
      speech: [{ partials: ['what', 'what time', 'what time is'], final: 'what time is it' }],
      answers: [['It is ', 'noon.', { type: 'usage', inputTokens: 12, outputTokens: 5 }]],
    },
    steps: [update(input(transcription)), ...speakTurn, until('response.done')],
  },
  {
    name: 'voice-turn-untranscribed',
    title: 'A turn by voice without transcription',
    script: { speech: [{ final: 'what time is it' }], answers: [['It is noon.']] },
    steps: [...speakTurn, until('response.done')],
  },
  {
    name: 'voice-turn-text-answer',
    title: 'A turn by voice, answered in text',
    script: { answers: [['It is noon.']] },
    steps: [update({ output_modalities: ['text'] }), ...speakTurn, until('response.done')],
  },
  {
    name: 'voice-turn-nothing-recognised',
    title: 'A turn by voice in which no words were recognised: no answer, no invented text',
    script: { speech: [{ final: '' }] },
    steps: [
      update(input(transcription)),
      ...speakTurn,
      until('conversation.item.input_audio_transcription.completed'),
    ],
  },
  {
    name: 'voice-turn-recognition-failed',
    title: 'A turn by voice whose recognition fails',
    script: { speech: [{ failure: new Error('it broke') }] },
    steps: [
      update(input(transcription)),
      ...speakTurn,
      until('conversation.item.input_audio_transcription.failed'),
    ],
  },
  {
    name: 'voice-turn-segments',
    title: 'A turn by voice, transcribed by a model that tells speakers apart: segments',
    script: { speech: [{ final: 'what time is it' }] },
    steps: [
      update(
        input({
          transcription: { model: 'gpt-4o-transcribe-diarize' },
          turn_detection: { type: 'server_vad', create_response: false },
        }),
      ),
      ...speakTurn,
      until('conversation.item.input_audio_transcription.completed'),
    ],
  },
  {
    name: 'two-voice-turns',
    title: 'One turn by voice after the other',
    script: { speech: [{ final: 'hello' }, { final: 'goodbye' }], answers: [['Hi.'], ['Bye.']] },
    steps: [...speakTurn, until('response.done'), ...speakTurn, until('response.done')],
  },
  {
    name: 'text-turn',
    title: 'A turn by text, answered in text',
    script: { answers: [['It is ', 'noon.']] },
    steps: [
      update({ output_modalities: ['text'] }),
      say('What time is it?'),
      respond(),
      until('response.done'),
    ],
  },
  {
    name: 'text-turn-spoken-answer',
    title: 'A turn by text, answered by voice',
    script: { answers: [['It is ', 'noon.']] },
    steps: [say('What time is it?'), respond(), until('response.done')],
  },
  {
    name: 'push-to-talk',
    title: 'Push to talk: no turn detection, commit by the client, transcript, response.create',
    script: { speech: [{ final: 'what time is it' }], answers: [['It is noon.']] },
    steps: [
      update(input({ turn_detection: null, ...transcription })),
      speak(600),
      send({ type: 'input_audio_buffer.commit' }),
      until('conversation.item.input_audio_transcription.completed'),
      respond(),
      until('response.done'),
    ],
  },
  {
    name: 'push-to-talk-cleared',
    title: 'Push to talk, thought better of: the buffer is cleared',
    steps: [
      update(input({ turn_detection: null })),
      speak(600),
      send({ type: 'input_audio_buffer.clear' }),
      until('input_audio_buffer.cleared'),
    ],
  },
  {
    name: 'voice-turn-committed-by-hand',
    title: 'The client commits in the middle of a detected turn',
    script: { speech: [{ final: 'what time is it' }] },
    steps: [
      speak(600),
      until('input_audio_buffer.speech_started'),
      send({ type: 'input_audio_buffer.commit' }),
      until('conversation.item.done'),
      respond(),
      until('response.done'),
    ],
  },
  {
    name: 'create-and-interrupt',
    title: 'create_response and interrupt_response both on: the second turn ends the first answer',
    script: TWO_TURNS,
    steps: [
      turnDetection({ create_response: true, interrupt_response: true }),
      ...speakTurn,
      until('response.output_audio.delta'),
      ...speakTurn,
      until('response.done'),
      until('response.done'),
    ],
  },
  {
    name: 'create-without-interrupt',
    title: 'create_response only: the first answer goes on, and the second turn finds it active',
    script: TWO_TURNS,
    steps: [
      turnDetection({ create_response: true, interrupt_response: false }),
      ...speakTurn,
      until('response.output_audio.delta'),
      ...speakTurn,
      until('error'),
      open('rest'),
      until('response.done'),
    ],
  },
  {
    name: 'interrupt-without-create',
    title: 'interrupt_response only: the turn ends the answer that was asked for, and gets none of its own',
    script: TWO_TURNS,
    steps: [
      turnDetection({ create_response: false, interrupt_response: true }),
      ...speakTurn,
      until('conversation.item.done'),
      respond(),
      until('response.output_audio.delta'),
      ...speakTurn,
      until('response.done'),
    ],
  },
  {
    name: 'neither-create-nor-interrupt',
    title: 'Both off: turns are reported, and nothing else happens by itself',
    script: TWO_TURNS,
    steps: [
      turnDetection({ create_response: false, interrupt_response: false }),
      ...speakTurn,
      until('conversation.item.done'),
      respond(),
      until('response.output_audio.delta'),
      ...speakTurn,
      until('input_audio_buffer.committed'),
      open('rest'),
      until('response.done'),
    ],
  },
  {
    name: 'semantic-vad-turn',
    title: 'A turn by voice under semantic_vad: a sentence that is whole',
    script: {
      speech: [{ partials: ['what time is it'], final: 'what time is it' }],
      answers: [['It is noon.']],
    },
    steps: [
      update(input({ turn_detection: { type: 'semantic_vad', eagerness: 'high' }, ...transcription })),
      speak(600),
      silence(5000),
      until('response.done'),
    ],
  },
];
