/** Sessions: their configuration, their kinds and their end. REALTIME 4. */
import { advance, closed, type Flow, input, send, silence, speak, speakTurn, until, update } from '../flow';

const transcribing = (fields: object) =>
  send({ type: 'session.update', session: { type: 'transcription', audio: { input: fields } } });

export const sessionFlows: readonly Flow[] = [
  {
    name: 'session-update',
    title: 'The whole session, and updates that change what they name and nothing else',
    showSession: true,
    steps: [
      update({
        instructions: 'Be brief.',
        audio: {
          input: {
            transcription: { model: 'whisper-1', language: 'en' },
            noise_reduction: { type: 'near_field' },
            turn_detection: { type: 'server_vad', threshold: 0.6, silence_duration_ms: 300 },
          },
          output: { voice: 'sage', speed: 1.2 },
        },
        tools: [{ type: 'function', name: 'f' }],
        tool_choice: 'required',
        max_output_tokens: 500,
        tracing: 'auto',
      }),
      until('session.updated'),
      update(input({ turn_detection: { type: 'server_vad', threshold: 0.4 } })),
      until('session.updated'),
    ],
  },
  {
    name: 'session-cleared',
    title: 'Empty text, an empty list and null clear',
    steps: [
      update({
        instructions: 'Be brief.',
        tools: [{ type: 'function', name: 'f' }],
        ...input({ transcription: { model: 'whisper-1' }, noise_reduction: { type: 'far_field' } }),
      }),
      until('session.updated'),
      update({
        instructions: '',
        tools: [],
        ...input({ transcription: null, noise_reduction: null, turn_detection: null }),
      }),
      until('session.updated'),
    ],
  },
  {
    name: 'session-newer-fields',
    title: 'Fields that only GA has: reasoning, truncation, idle_timeout_ms, parallel_tool_calls, include',
    dialects: ['ga'],
    steps: [
      update({
        reasoning: { effort: 'low' },
        parallel_tool_calls: false,
        truncation: { type: 'retention_ratio', retention_ratio: 0.8 },
        include: ['item.input_audio_transcription.logprobs'],
        tool_choice: { type: 'function', name: 'f' },
        tools: [{ type: 'function', name: 'f', parameters: { type: 'object' } }],
        tracing: { workflow_name: 'test' },
        ...input({ turn_detection: { type: 'server_vad', idle_timeout_ms: 6000 } }),
      }),
      until('session.updated'),
      update(input({ turn_detection: { type: 'semantic_vad', eagerness: 'low' } })),
      until('session.updated'),
    ],
  },
  {
    name: 'turn-detection-changed',
    title: 'Turn detection is changed in the middle of a session',
    steps: [
      update(input({ turn_detection: { type: 'server_vad', silence_duration_ms: 1000 } })),
      speak(),
      silence(700),
      until('input_audio_buffer.speech_started'),
      update(input({ turn_detection: { type: 'server_vad', silence_duration_ms: 200 } })),
      silence(100),
      until('response.done'),
    ],
  },
  {
    name: 'transcription-session',
    title: 'A transcription session: turns and transcripts, no responses',
    connect: { query: '?intent=transcription' },
    showSession: true,
    script: {
      speech: [{ partials: ['what', 'what time', 'what time is'], final: 'what time is it' }],
    },
    steps: [
      transcribing({ transcription: { model: 'gpt-4o-transcribe', language: 'en' } }),
      until('session.updated'),
      ...speakTurn,
      until('conversation.item.input_audio_transcription.completed'),
    ],
  },
  {
    name: 'transcription-session-by-hand',
    title: 'A transcription session without turn detection, committed by the client',
    connect: { query: '?intent=transcription' },
    script: { speech: [{ final: 'what time is it' }] },
    steps: [
      transcribing({ turn_detection: null }),
      speak(600),
      send({ type: 'input_audio_buffer.commit' }),
      until('conversation.item.input_audio_transcription.completed'),
      send({ type: 'response.create', event_id: 'mine' }),
      until('error'),
    ],
  },
  {
    name: 'session-expired',
    title: 'A session is over after 60 minutes: session_expired, close 1001',
    clock: true,
    steps: [advance(60 * 60_000), closed],
  },
  {
    name: 'idle-timeout',
    title: 'Nobody speaks for idle_timeout_ms after an answer: the silence is committed and answered',
    dialects: ['ga'],
    clock: true,
    script: { answers: [['Are you there?'], ['Hello?']] },
    steps: [
      update(input({ turn_detection: { type: 'server_vad', idle_timeout_ms: 5000 } })),
      ...speakTurn,
      until('response.done'),
      silence(300),
      advance(6000),
      until('input_audio_buffer.timeout_triggered'),
      until('response.done'),
    ],
  },
  {
    name: 'g711-turn',
    title: 'A turn by voice in G.711, µ-law in and A-law out',
    script: { answers: [['It is noon.']] },
    steps: [
      update({
        audio: { input: { format: { type: 'audio/pcmu' } }, output: { format: { type: 'audio/pcma' } } },
      }),
      { do: 'speak', ms: 500, format: 'pcmu' },
      { do: 'silence', ms: 700, format: 'pcmu' },
      until('response.done'),
    ],
  },
];
