import type { ProblemCode } from '../../shared/ipc';
import type { Settings, SettingsPatch } from '../../shared/settings';
import type { FieldId } from './settings/fields';

/** What the one button of a problem does. */
export type ProblemAction =
  | { do: 'settings'; field: FieldId }
  | { do: 'change'; patch: SettingsPatch }
  | { do: 'reconnect' }
  | { do: 'retry-microphone' }
  | { do: 'system-microphone' };

const ACTIONS: Record<ProblemCode, ProblemAction> = {
  'microphone-denied': { do: 'system-microphone' },
  'microphone-missing': { do: 'settings', field: 'microphoneId' },
  'microphone-failed': { do: 'retry-microphone' },
  'speaker-failed': { do: 'settings', field: 'speakerId' },
  'key-missing': { do: 'settings', field: 'openaiKey' },
  'key-rejected': { do: 'settings', field: 'openaiKey' },
  'key-not-storable': { do: 'settings', field: 'openaiKey' },
  'model-rejected': { do: 'settings', field: 'model' },
  'server-refused': { do: 'settings', field: 'service' },
  'server-unreachable': { do: 'reconnect' },
  'server-lost': { do: 'reconnect' },
  'local-server-stopped': { do: 'reconnect' },
  'local-server-failed': { do: 'reconnect' },
  'engine-missing': { do: 'settings', field: 'engines' },
  'url-invalid': { do: 'settings', field: 'customBaseUrl' },
  'hotkey-taken': { do: 'settings', field: 'hotkey' },
  'session-expired': { do: 'reconnect' },
  'server-error': { do: 'reconnect' },
  'settings-invalid': { do: 'settings', field: 'service' },
  'settings-not-saved': { do: 'settings', field: 'service' },
  'not-heard': { do: 'settings', field: 'microphoneId' },
  'llm-unreachable': { do: 'settings', field: 'llmBaseUrl' },
  'echo-heard': { do: 'change', patch: { echoCancellation: true } },
};

/**
 * The action for a problem while these are the settings: another server has a key of its own. Null when there is
 * nothing a button could do: echo cancellation cannot be switched on twice.
 */
export function problemAction(
  code: ProblemCode,
  { service, echoCancellation }: Pick<Settings, 'service' | 'echoCancellation'>,
): ProblemAction | null {
  if (code === 'echo-heard' && echoCancellation) return null;
  const action = ACTIONS[code];
  const otherKey = action.do === 'settings' && action.field === 'openaiKey' && service === 'custom';
  return otherKey ? { do: 'settings', field: 'customKey' } : action;
}
