import type { SessionState } from '../../src/client/activity';
import { createSession } from '../../src/client/session';
import type { SessionConfig } from '../../src/client/session-config';
import { msToSamples } from '../../src/shared/audio';
import type { ConversationEvent, Problem } from '../../src/shared/ipc';
import { createLogger, type LogEntry } from '../../src/shared/log';
import type { ClientEvent } from '../../src/shared/realtime';
import { createManualClock } from './client-clock';
import { createScriptedConnection, createScriptedMicrophone, createScriptedSpeaker } from './client-fakes';

export const TEST_CONFIG: SessionConfig = {
  instructions: 'Be brief.',
  voice: 'marin',
  talkMode: 'push-to-talk',
  turnDetection: { threshold: 0.5, prefixPaddingMs: 300, silenceDurationMs: 500 },
  interruption: { when: 'at-once', words: 2 },
  preRoll: true,
  transcriptionModel: 'gpt-transcribe',
};

/** A session between a scripted server, microphone and speaker, connected and with its set-up sent. */
export function createSessionBench(config: Partial<SessionConfig> = {}, connect = true) {
  const connection = createScriptedConnection();
  const microphone = createScriptedMicrophone();
  const speaker = createScriptedSpeaker();
  const clock = createManualClock();
  const logged: LogEntry[] = [];
  const session = createSession({
    connection,
    microphone,
    speaker,
    config: { ...TEST_CONFIG, ...config },
    log: createLogger((entry) => logged.push(entry), 'info'),
    clock,
  });
  const events: ConversationEvent[] = [];
  const problems: Problem[] = [];
  const states: SessionState[] = [];
  session.onConversation((event) => events.push(event));
  session.onProblem((problem) => problems.push(problem));
  session.onState((state) => states.push(state));
  session.start();
  if (connect) {
    connection.up();
    connection.take();
  }

  /** Lets every promise that is resolved already go on. */
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const server = {
    created: (id: string) =>
      connection.serve({ type: 'response.created', response: { id, status: 'in_progress' } }),
    text: (response: string, item: string, delta: string) =>
      connection.serve({
        type: 'response.output_audio_transcript.delta',
        response_id: response,
        item_id: item,
        output_index: 0,
        content_index: 0,
        delta,
      }),
    audio: (response: string, item: string, ms: number) =>
      connection.serve({
        type: 'response.output_audio.delta',
        response_id: response,
        item_id: item,
        output_index: 0,
        content_index: 0,
        delta: Buffer.alloc(msToSamples(ms) * 2, 1).toString('base64'),
      }),
    audioDone: (response: string, item: string) =>
      connection.serve({
        type: 'response.output_audio.done',
        response_id: response,
        item_id: item,
        content_index: 0,
      }),
    done: (id: string, status = 'completed', details: object | null = null) =>
      connection.serve({
        type: 'response.done',
        response: { id, status, status_details: details, output: [] },
      }),
    speechStarted: (item: string) =>
      connection.serve({ type: 'input_audio_buffer.speech_started', item_id: item, audio_start_ms: 0 }),
    speechStopped: (item: string) =>
      connection.serve({ type: 'input_audio_buffer.speech_stopped', item_id: item, audio_end_ms: 0 }),
    committed: (item: string, previous: string | null = null) =>
      connection.serve({ type: 'input_audio_buffer.committed', item_id: item, previous_item_id: previous }),
    heard: (item: string, transcript: string) =>
      connection.serve({
        type: 'conversation.item.input_audio_transcription.completed',
        item_id: item,
        content_index: 0,
        transcript,
      }),
    error: (code: string, eventId?: string, message = code) =>
      connection.serve({
        type: 'error',
        error: { type: 'invalid_request_error', code, message, event_id: eventId },
      }),
  };
  /** Events of one kind among `sent`. */
  const only = <T extends ClientEvent['type']>(sent: ClientEvent[], type: T) =>
    sent.filter((event): event is Extract<ClientEvent, { type: T }> => event.type === type);

  return {
    session,
    connection,
    microphone,
    speaker,
    clock,
    events,
    problems,
    states,
    logged,
    server,
    settle,
    only,
  };
}

/** Sent events in short: runs of appends as their milliseconds, truncates with their numbers. */
export function brief(sent: ClientEvent[]): string[] {
  const lines: string[] = [];
  let appendedMs = 0;
  const flushAppends = () => {
    if (appendedMs > 0) lines.push(`append ${appendedMs}`);
    appendedMs = 0;
  };
  for (const event of sent) {
    if (event.type === 'input_audio_buffer.append') {
      appendedMs += Buffer.from(event.audio, 'base64').length / 48;
      continue;
    }
    flushAppends();
    lines.push(briefOf(event));
  }
  flushAppends();
  return lines;
}

function briefOf(event: ClientEvent): string {
  switch (event.type) {
    case 'conversation.item.truncate':
      return `truncate ${event.item_id} ${event.audio_end_ms}`;
    case 'conversation.item.delete':
      return `delete ${event.item_id}`;
    case 'session.update': {
      if (!event.event_id?.startsWith('guard_')) return 'session.update';
      const { session } = event;
      const detection = session.type === 'realtime' ? session.audio?.input?.turn_detection : null;
      return detection?.create_response === false ? 'guard' : 'unguard';
    }
    case 'response.cancel':
      return event.response_id === undefined ? 'cancel' : `cancel ${event.response_id}`;
    case 'conversation.item.create': {
      const { item } = event;
      if (item.type !== 'message') return `item ${item.type}`;
      const text = item.content.map((part) => ('text' in part ? part.text : '')).join('');
      return `item ${item.role} ${item.content[0]?.type} ${text}`;
    }
    default:
      return event.type.replace('input_audio_buffer.', '').replace('response.', '');
  }
}
