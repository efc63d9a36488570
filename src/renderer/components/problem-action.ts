import type { ProblemCode } from '../../shared/ipc';
import type { Service } from '../../shared/settings';
import type { FieldId } from './settings/fields';

/** What the one button of a problem does. */
export type ProblemAction =
  | { do: 'settings'; field: FieldId }
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
};

/** The action for a problem while `service` is chosen: another server has a key of its own. */
export function problemAction(code: ProblemCode, service: Service): ProblemAction {
  const action = ACTIONS[code];
  const otherKey = action.do === 'settings' && action.field === 'openaiKey' && service === 'custom';
  return otherKey ? { do: 'settings', field: 'customKey' } : action;
}
