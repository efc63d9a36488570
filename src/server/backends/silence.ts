import type { LlmMessage } from './index';

/** Stands for a turn in which the user said nothing, so that the language model speaks up. */
export const SILENCE: LlmMessage = { role: 'user', text: '(The user has been silent for a while.)' };

export function isSilence(message: LlmMessage | undefined): boolean {
  return message?.role === SILENCE.role && 'text' in message && message.text === SILENCE.text;
}
