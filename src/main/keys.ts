/**
 * API keys: encrypted by the system's key store, kept in the main process only. Where Linux offers nothing but
 * `basic_text` (a password known to everyone), a key is refused rather than stored in the clear.
 */
import { readFileSync, renameSync } from 'node:fs';
import type { SafeStorage } from 'electron';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { KeyName, KeyStatus } from '../shared/ipc';
import { type Logger, toError } from '../shared/log';

const ENVIRONMENT: Record<KeyName, string[]> = {
  openai: ['OPENAI_API_KEY'],
  custom: ['PARLEY_KEY'],
  llm: ['PARLEY_LLM_KEY'],
};

const fileSchema = z.object({
  openai: z.string().optional(),
  custom: z.string().optional(),
  llm: z.string().optional(),
});

/** What of Electron's safeStorage is used; `getSelectedStorageBackend` is missing in old versions. */
export type Vault = Pick<SafeStorage, 'isEncryptionAvailable' | 'encryptString' | 'decryptString'> & {
  getSelectedStorageBackend?: () => string;
};

export interface KeyStore {
  status(): Record<KeyName, KeyStatus>;
  get(name: KeyName): string | null;
  /** False when the system cannot protect the key; nothing is stored then. */
  set(name: KeyName, value: string): boolean;
  clear(name: KeyName): void;
}

/** Opens the encrypted keys in `file`; the environment serves a name that has no stored key. */
export function openKeys(file: string, environment: NodeJS.ProcessEnv, vault: Vault, log: Logger): KeyStore {
  const stored = readStored(file, log);

  const storable = (): boolean =>
    vault.isEncryptionAvailable() && vault.getSelectedStorageBackend?.() !== 'basic_text';

  const unseal = (name: KeyName): string | null => {
    const sealed = stored[name];
    if (!sealed || !vault.isEncryptionAvailable()) return null;
    try {
      return vault.decryptString(Buffer.from(sealed, 'base64'));
    } catch (cause) {
      log.warn('stored key cannot be opened', { name, error: toError(cause) });
      return null;
    }
  };
  // The state is told at every change of the conversation; asking the system's key store each time would hold it up.
  const opened = new Map<KeyName, string | null>();
  const decrypt = (name: KeyName): string | null => {
    const known = opened.get(name);
    if (known !== undefined) return known;
    const key = unseal(name);
    opened.set(name, key);
    return key;
  };

  const fromEnvironment = (name: KeyName): string | null => {
    for (const variable of ENVIRONMENT[name]) {
      const value = environment[variable]?.trim();
      if (value) return value;
    }
    return null;
  };

  const save = (name: KeyName): void => {
    opened.delete(name);
    writeFileAtomic.sync(file, `${JSON.stringify(stored)}\n`, { mode: 0o600 });
  };

  const statusOf = (name: KeyName): KeyStatus => {
    const source = decrypt(name) ? 'stored' : fromEnvironment(name) ? 'environment' : 'none';
    return { source, storable: storable() };
  };

  return {
    status: () => ({ openai: statusOf('openai'), custom: statusOf('custom'), llm: statusOf('llm') }),
    get: (name) => decrypt(name) ?? fromEnvironment(name),
    set(name, value) {
      if (!storable()) return false;
      stored[name] = vault.encryptString(value).toString('base64');
      save(name);
      return true;
    },
    clear(name) {
      delete stored[name];
      save(name);
    },
  };
}

/** A file that cannot be understood is moved aside, so that the next key stored does not destroy the others in it. */
function readStored(file: string, log: Logger): z.infer<typeof fileSchema> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') log.error('key file cannot be read', { cause });
    return {};
  }
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch (cause) {
    renameSync(file, `${file}.damaged`);
    log.error('key file damaged, moved aside', { error: toError(cause).name });
    return {};
  }
}
