import type { ClientEvent } from '../shared/realtime';
import type { InterruptionPolicy, TalkMode } from '../shared/settings';

/** What a conversation is to be like. */
export interface SessionConfig {
  instructions: string;
  voice: string;
  talkMode: TalkMode;
  turnDetection: {
    /** 0..1 */
    threshold: number;
    prefixPaddingMs: number;
    silenceDurationMs: number;
  };
  /** What may cut an answer off in free mic, besides a key. */
  interruption: { when: InterruptionPolicy; words: number };
  /** Begin a push-to-talk turn with the 300 ms before the key press. */
  preRoll: boolean;
  transcriptionModel: string;
  /** ISO 639-1 of what the user speaks; absent lets the server find out. */
  language?: string;
}

/** A transcription model that OpenAI keeps; a local server uses its own. */
export const DEFAULT_TRANSCRIPTION_MODEL = 'gpt-transcribe';

/**
 * The `session.update` for `config`. Everything the service has a default for is said, since those differ between
 * servers. `voice` false leaves the voice out: once a session has spoken, a server refuses an update that names one.
 * `guarded` as for `turnDetectionUpdate`.
 */
export function sessionUpdate(
  config: SessionConfig,
  options: { voice: boolean; guarded?: boolean; eventId: string },
): ClientEvent {
  const { transcriptionModel, language } = config;
  const format = { type: 'audio/pcm', rate: 24000 } as const;
  return {
    type: 'session.update',
    event_id: options.eventId,
    session: {
      type: 'realtime',
      output_modalities: ['audio'],
      instructions: config.instructions,
      audio: {
        input: {
          format,
          transcription: { model: transcriptionModel, ...(language === undefined ? {} : { language }) },
          turn_detection: turnDetection(config, options.guarded ?? false),
        },
        output: { format, ...(options.voice ? { voice: config.voice } : {}) },
      },
    },
  };
}

/**
 * Changes nothing but the turn detection. `guarded` leaves it to the client what a detected turn leads to: the server
 * neither cuts the answer off nor makes a response.
 */
export function turnDetectionUpdate(
  config: SessionConfig,
  options: { guarded: boolean; eventId: string },
): ClientEvent {
  return {
    type: 'session.update',
    event_id: options.eventId,
    session: {
      type: 'realtime',
      audio: { input: { turn_detection: turnDetection(config, options.guarded) } },
    },
  };
}

function turnDetection({ talkMode, turnDetection, interruption }: SessionConfig, guarded: boolean) {
  if (talkMode === 'push-to-talk') return null;
  return {
    type: 'server_vad',
    threshold: turnDetection.threshold,
    prefix_padding_ms: turnDetection.prefixPaddingMs,
    silence_duration_ms: turnDetection.silenceDurationMs,
    create_response: !guarded,
    interrupt_response: !guarded && interruption.when !== 'by-key',
  } as const;
}

/** Whether the server has to be told of the change. */
export function differs(before: SessionConfig, after: SessionConfig): boolean {
  const update = (config: SessionConfig) =>
    JSON.stringify(sessionUpdate(config, { voice: true, eventId: '' }));
  return update(before) !== update(after);
}
