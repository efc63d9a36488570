/** Settings on disk: read tolerantly, written atomically, never lost to a half-written file. */
import { readFileSync, renameSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import { type Logger, toError } from '../shared/log';
import { patchSettings, readSettings, type Settings, type SettingsPatch } from '../shared/settings';

export interface SettingsStore {
  readonly current: Settings;
  /** Lays `patch` over the settings and writes them. Throws when they cannot be written; the change holds until quit. */
  update(patch: SettingsPatch): Settings;
}

/** Opens the settings in `file`. A file that is not JSON is moved aside to `<file>.damaged` and defaults are used. */
export function openSettings(file: string, log: Logger): SettingsStore {
  const { settings, rejected } = readSettings(readJson(file, log));
  if (rejected.length > 0) log.warn('settings not valid, defaults used', { fields: rejected });
  let current = settings;
  return {
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

function readJson(file: string, log: Logger): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const error = cause as NodeJS.ErrnoException;
    if (error.code !== 'ENOENT') log.error('settings cannot be read', { error });
    return {};
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    renameSync(file, `${file}.damaged`);
    log.error('settings file damaged, moved aside', { error: toError(cause) });
    return {};
  }
}
