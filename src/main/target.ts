/** Which server the settings name, and with which key. */

import type { Target } from '../client/connection';
import { OPENAI_BASE_URL, realtimeUrl } from '../client/realtime-url';
import type { KeyName, Problem } from '../shared/ipc';
import { toError } from '../shared/log';
import type { Settings } from '../shared/settings';
import type { LocalServerTarget } from './local-server';

export interface TargetSources {
  key(name: KeyName): string | null;
  /** The running local server; rejects when it cannot run. */
  localServer(): Promise<LocalServerTarget>;
}

/** Where to connect now, or why that cannot be said. A key only ever goes to the service it was given for. */
export async function resolveTarget(
  settings: Pick<Settings, 'service' | 'customBaseUrl' | 'model'>,
  sources: TargetSources,
): Promise<Target | Problem> {
  const { service, customBaseUrl, model } = settings;
  switch (service) {
    case 'local':
      try {
        return await sources.localServer();
      } catch (cause) {
        return { code: 'local-server-failed', detail: toError(cause).message };
      }
    case 'openai': {
      const key = sources.key('openai');
      if (!key) return { code: 'key-missing', detail: '' };
      return withUrl(realtimeUrl(OPENAI_BASE_URL, model), key);
    }
    case 'custom':
      return withUrl(realtimeUrl(customBaseUrl, model), sources.key('custom'));
    default:
      return service satisfies never;
  }
}

function withUrl(url: string | Problem, key: string | null): Target | Problem {
  return typeof url === 'string' ? { url, key } : url;
}

/** The host a conversation goes to; '' is this computer. */
export function serverHost({ service, customBaseUrl }: Pick<Settings, 'service' | 'customBaseUrl'>): string {
  switch (service) {
    case 'local':
      return '';
    case 'openai':
      return 'OpenAI';
    case 'custom':
      try {
        return new URL(customBaseUrl).host;
      } catch {
        return customBaseUrl;
      }
    default:
      return service satisfies never;
  }
}
