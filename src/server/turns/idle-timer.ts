/** `idle_timeout_ms`: when the user has said nothing for so long that the assistant speaks up. */

import type { OutgoingEvent } from '../wire/server-events';
import type { Clock } from './clock';

export interface IdleHost {
  /** null when the session asks for no timeout, or its turn detection has none. */
  timeoutMs(): number | null;
  /** Length of the input audio so far, in milliseconds. */
  audioEndMs(): number;
  /** Length of the audio that the item `id` holds, in milliseconds; 0 when it holds none. */
  answerMs(id: string): number;
  /** The user was silent from `fromMs` of the input audio on. */
  onIdle(fromMs: number): void;
}

type Idle =
  | { state: 'off' }
  /** The client plays the answer; nobody is expected to speak. */
  | { state: 'playing' }
  | { state: 'silent'; sinceMs: number; fromMs: number };

type ResponseDone = Extract<OutgoingEvent, { type: 'response.done' }>['response'];

/**
 * Runs from the end of an answer's playback, which is `response.done` and the answer's length, until anything begins: speech,
 * a commit, a message, a response. It learns of all of them from the events that the session sends.
 */
export class IdleTimer {
  private idle: Idle = { state: 'off' };
  private cancel = () => {};
  /** It ran when speech was last detected. */
  private brokenOff = false;

  constructor(
    private readonly clock: Clock,
    private readonly host: IdleHost,
  ) {}

  /** Where in the input audio the silence began that may become an item; null when none may. */
  get silentFromMs(): number | null {
    return this.idle.state === 'silent' ? this.idle.fromMs : null;
  }

  /** Follows the events of the session in the order in which they are sent. */
  observe(event: OutgoingEvent): void {
    switch (event.type) {
      case 'response.created':
        if (inConversation(event.response)) this.stop();
        return;
      case 'response.done':
        if (inConversation(event.response) && awaitsUser(event.response)) this.answered(event.response);
        return;
      case 'input_audio_buffer.speech_started':
        this.brokenOff = this.idle.state !== 'off';
        this.stop();
        return;
      case 'input_audio_buffer.committed':
        this.stop();
        return;
      case 'conversation.item.added':
        if (event.item.type === 'message' || event.item.type === 'function_call_output') this.stop();
        return;
      case 'session.updated':
        this.arm();
        return;
      default:
        // Nothing that begins or ends a turn.
        return;
    }
  }

  /** What broke off the silence was no speech: it begins anew. */
  restart(): void {
    if (!this.brokenOff) return;
    this.stop();
    this.beginSilence();
  }

  stop(): void {
    this.cancel();
    this.idle = { state: 'off' };
  }

  private answered({ output }: ResponseDone): void {
    this.stop();
    const playbackMs = (output ?? []).reduce((sum, { id }) => sum + (id ? this.host.answerMs(id) : 0), 0);
    this.idle = { state: 'playing' };
    this.cancel = this.clock.after(playbackMs, () => this.beginSilence());
  }

  private beginSilence(): void {
    this.idle = { state: 'silent', sinceMs: this.clock.now(), fromMs: this.host.audioEndMs() };
    this.arm();
  }

  /** The timeout may have changed while it ran. */
  private arm(): void {
    const { idle } = this;
    if (idle.state !== 'silent') return;
    this.cancel();
    const timeoutMs = this.host.timeoutMs();
    if (timeoutMs === null) {
      // Without turn detection nobody knows whether it stays silent.
      this.stop();
      return;
    }
    this.cancel = this.clock.after(Math.max(0, idle.sinceMs + timeoutMs - this.clock.now()), () => {
      this.idle = { state: 'off' };
      this.host.onIdle(idle.fromMs);
    });
  }
}

function inConversation({ conversation_id }: ResponseDone): boolean {
  return conversation_id !== null && conversation_id !== undefined;
}

/** Not one that was talked over, that failed, or that waits for the client to do something. */
function awaitsUser({ status, status_details, output }: ResponseDone): boolean {
  if (status === 'failed' || status_details?.reason === 'turn_detected') return false;
  return !(output ?? []).some(({ type }) => type === 'function_call' || type === 'mcp_approval_request');
}
