/** Settings on disk: read tolerantly, written atomically, never lost to a half-written file. */
import { readFileSync, renameSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import type { Problem } from '../shared/ipc';
import { type Logger, toError } from '../shared/log';
import { patchSettings, readSettings, type Settings, type SettingsPatch } from '../shared/settings';

export interface SettingsStore {
  readonly current: Settings;
  /** What of the file could not be used; null when all could. */
  readonly problem: Problem | null;
  /** Lays `patch` over the settings and writes them. Throws when they cannot be written; the change holds until quit. */
  update(patch: SettingsPatch): Settings;
}

/** Opens the settings in `file`. A file that is not JSON is moved aside to `<file>.damaged` and defaults are used. */
export function openSettings(file: string, log: Logger): SettingsStore {
  const { raw, fault } = readJson(file, log);
  const { settings, rejected } = readSettings(raw);
  if (rejected.length > 0) log.warn('settings not valid, defaults used', { fields: rejected });
  const detail = fault ?? rejected.join(', ');
  let current = settings;
  return {
    problem: detail === '' ? null : { code: 'settings-invalid', detail },
    get current() {
      return current;
    },
    update(patch) {
      current = patchSettings(current, patch);
      writeFileAtomic.sync(file, `${JSON.stringify(current, null, 2)}\n`, { mode: 0o600 });
      return current;
    },
  };
}

function readJson(file: string, log: Logger): { raw: unknown; fault: string | null } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const error = cause as NodeJS.ErrnoException;
    if (error.code === 'ENOENT') return { raw: {}, fault: null };
    log.error('settings cannot be read', { error });
    return { raw: {}, fault: error.message };
  }
  try {
    return { raw: JSON.parse(text), fault: null };
  } catch (cause) {
    renameSync(file, `${file}.damaged`);
    log.error('settings file damaged, moved aside', { error: toError(cause) });
    return { raw: {}, fault: `${file}.damaged` };
  }
}
