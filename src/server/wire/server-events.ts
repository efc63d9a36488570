import type { ServerEvent, ServerEventType } from '../../shared/realtime';

/**
 * Which server events this server sends. Typed over the whole union, so a new protocol version must be decided on
 * here; `README.md` shows the same, and a test compares the two.
 */
export const SERVER_EVENTS = {
  'session.created': 'supported',
  'session.updated': 'supported',
  'conversation.created': 'never',
  'conversation.item.added': 'supported',
  'conversation.item.done': 'supported',
  'conversation.item.created': 'never',
  'conversation.item.retrieved': 'supported',
  'conversation.item.truncated': 'supported',
  'conversation.item.deleted': 'supported',
  'conversation.item.input_audio_transcription.delta': 'supported',
  'conversation.item.input_audio_transcription.completed': 'supported',
  'conversation.item.input_audio_transcription.segment': 'differs',
  'conversation.item.input_audio_transcription.failed': 'supported',
  'input_audio_buffer.committed': 'supported',
  'input_audio_buffer.cleared': 'supported',
  'input_audio_buffer.speech_started': 'supported',
  'input_audio_buffer.speech_stopped': 'supported',
  'input_audio_buffer.timeout_triggered': 'supported',
  'input_audio_buffer.dtmf_event_received': 'never',
  'output_audio_buffer.started': 'never',
  'output_audio_buffer.stopped': 'never',
  'output_audio_buffer.cleared': 'never',
  'response.created': 'supported',
  'response.done': 'supported',
  'response.output_item.added': 'supported',
  'response.output_item.done': 'supported',
  'response.content_part.added': 'supported',
  'response.content_part.done': 'supported',
  'response.output_text.delta': 'supported',
  'response.output_text.done': 'supported',
  'response.output_audio.delta': 'supported',
  'response.output_audio.done': 'supported',
  'response.output_audio_transcript.delta': 'supported',
  'response.output_audio_transcript.done': 'supported',
  'response.function_call_arguments.delta': 'supported',
  'response.function_call_arguments.done': 'supported',
  'response.mcp_call_arguments.delta': 'supported',
  'response.mcp_call_arguments.done': 'supported',
  'response.mcp_call.in_progress': 'supported',
  'response.mcp_call.completed': 'supported',
  'response.mcp_call.failed': 'supported',
  'mcp_list_tools.in_progress': 'supported',
  'mcp_list_tools.completed': 'supported',
  'mcp_list_tools.failed': 'supported',
  'rate_limits.updated': 'supported',
  error: 'supported',
} as const satisfies Record<ServerEventType, 'supported' | 'differs' | 'never'>;

type Sent = {
  [T in ServerEventType]: (typeof SERVER_EVENTS)[T] extends 'supported' | 'differs' ? T : never;
}[ServerEventType];

type WithoutEventId<E> = E extends unknown ? Omit<E, 'event_id'> : never;

/** What may be sent: only events that the table marks as sent, and without `event_id`, which `Session.emit` stamps. */
export type OutgoingEvent = WithoutEventId<Extract<ServerEvent, { type: Sent }>>;

export type Emit = (event: OutgoingEvent) => void;
