import type { LlmMessage } from './index';

/** Stands for a turn in which the user said nothing, so that the language model speaks up. */
export const SILENCE = {
  role: 'user',
  text: '(The user has been silent for a while.)',
} as const satisfies LlmMessage;

export function isSilence(message: LlmMessage | undefined): boolean {
  return message?.role === 'user' && message.text === SILENCE.text;
}
