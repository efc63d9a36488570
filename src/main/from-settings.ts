/** What the settings mean for the conversation: its manner, its server, its key. Pure. */
import { DEFAULT_TRANSCRIPTION_MODEL, type SessionConfig } from '../client/session-config';
import type { KeyName } from '../shared/ipc';
import type { Settings } from '../shared/settings';

/** What the conversation is to be like. */
export function sessionConfig(settings: Settings): SessionConfig {
  const { instructions, voice, talkMode, turnDetection, interruption, preRoll } = settings;
  return {
    instructions,
    voice,
    talkMode,
    turnDetection,
    interruption,
    preRoll,
    transcriptionModel: DEFAULT_TRANSCRIPTION_MODEL,
  };
}

/** What decides which server is spoken to, and with which language model. */
export function connectionKey({ service, customBaseUrl, model, llm }: Settings): string {
  switch (service) {
    case 'local':
      return JSON.stringify([service, llm]);
    case 'openai':
      return JSON.stringify([service, model]);
    case 'custom':
      return JSON.stringify([service, customBaseUrl, model]);
    default:
      return service satisfies never;
  }
}

/** The key that the connection depends on now. */
export function keyInUse({ service, llm }: Settings): KeyName | null {
  if (service === 'local') return llm.kind === 'openai-compatible' ? 'llm' : null;
  return service;
}
