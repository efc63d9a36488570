import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openKeys, type Vault } from '../../src/main/keys';
import { silentLogger } from '../../src/shared/log';

/** A vault that turns bytes round, so that a stored key is not readable as it is. */
const vault = (options: { available?: boolean; backend?: string } = {}): Vault => ({
  isEncryptionAvailable: () => options.available ?? true,
  encryptString: (text) => Buffer.from(text).reverse(),
  decryptString: (sealed) => Buffer.from(sealed).reverse().toString(),
  ...(options.backend && { getSelectedStorageBackend: () => options.backend as string }),
});

const freshFile = (): string => join(mkdtempSync(join(tmpdir(), 'parley-keys-')), 'keys.json');

describe('keys', () => {
  it('are kept sealed and come back', () => {
    const file = freshFile();
    expect(openKeys(file, {}, vault(), silentLogger).set('openai', 'sk-secret')).toBe(true);
    expect(readFileSync(file, 'utf8')).not.toContain('sk-secret');
    const again = openKeys(file, {}, vault(), silentLogger);
    expect(again.get('openai')).toBe('sk-secret');
    expect(again.status().openai).toEqual({ source: 'stored', storable: true });
  });

  it.each([{ available: false }, { backend: 'basic_text' }])('are refused with %j', (options) => {
    const file = freshFile();
    const keys = openKeys(file, {}, vault(options), silentLogger);
    expect(keys.set('openai', 'sk-secret')).toBe(false);
    expect(keys.get('openai')).toBe(null);
    expect(keys.status().openai).toEqual({ source: 'none', storable: false });
    expect(() => readFileSync(file)).toThrow();
  });

  it('come from the environment when none is stored', () => {
    const file = freshFile();
    const keys = openKeys(file, { OPENAI_API_KEY: ' sk-env ' }, vault(), silentLogger);
    expect(keys.get('openai')).toBe('sk-env');
    expect(keys.status().openai.source).toBe('environment');
    keys.set('openai', 'sk-own');
    expect(keys.get('openai')).toBe('sk-own');
    keys.clear('openai');
    expect(keys.get('openai')).toBe('sk-env');
  });

  it('a damaged file is no key, and is moved aside instead of overwritten', () => {
    const file = freshFile();
    writeFileSync(file, 'not json');
    const keys = openKeys(file, {}, vault(), silentLogger);
    expect(keys.status().openai.source).toBe('none');
    keys.set('openai', 'sk-new');
    expect(readFileSync(`${file}.damaged`, 'utf8')).toBe('not json');
  });

  it('are opened once, and again only after a change', () => {
    let opened = 0;
    const counting: Vault = {
      ...vault(),
      decryptString(sealed) {
        opened += 1;
        return vault().decryptString(sealed);
      },
    };
    const keys = openKeys(freshFile(), {}, counting, silentLogger);
    keys.set('openai', 'sk-1');
    for (let i = 0; i < 5; i++) keys.status();
    expect(opened).toBe(1);
    keys.set('openai', 'sk-2');
    expect(keys.get('openai')).toBe('sk-2');
    expect(opened).toBe(2);
  });
});
