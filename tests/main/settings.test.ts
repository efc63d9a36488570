import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSettings } from '../../src/main/settings';
import { silentLogger } from '../../src/shared/log';
import { defaultSettings } from '../../src/shared/settings';

function freshFile(content?: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'parley-settings-')), 'settings.json');
  if (content !== undefined) writeFileSync(file, content);
  return file;
}

describe('settings on disk', () => {
  it('no file gives the defaults', () => {
    expect(openSettings(freshFile(), silentLogger)).toMatchObject({
      current: defaultSettings,
      problem: null,
    });
  });

  it('a change is kept, other fields stay, and no half-written file is left beside', () => {
    const file = freshFile();
    openSettings(file, silentLogger).update({ voice: 'cedar', llm: { model: 'llama3' } });
    expect(openSettings(file, silentLogger).current).toEqual({
      ...defaultSettings,
      voice: 'cedar',
      llm: { ...defaultSettings.llm, model: 'llama3' },
    });
    expect(readdirSync(join(file, '..'))).toEqual(['settings.json']);
  });

  it('a field that is not valid falls back alone', () => {
    const file = freshFile(JSON.stringify({ voice: 'nobody', theme: 'dark', gone: 1 }));
    const settings = openSettings(file, silentLogger);
    expect(settings.current).toEqual({ ...defaultSettings, theme: 'dark' });
    expect(settings.problem).toEqual({ code: 'settings-invalid', detail: 'voice, gone' });
  });

  it('a damaged file is moved aside, not overwritten', () => {
    const file = freshFile('{"voice":');
    expect(openSettings(file, silentLogger)).toMatchObject({
      current: defaultSettings,
      problem: { code: 'settings-invalid', detail: `${file}.damaged` },
    });
    expect(readFileSync(`${file}.damaged`, 'utf8')).toBe('{"voice":');
    expect(existsSync(file)).toBe(false);
  });

  it('a change that is not valid changes nothing', () => {
    const file = freshFile();
    const settings = openSettings(file, silentLogger);
    expect(() => settings.update({ turnDetection: { threshold: 7 } })).toThrow();
    expect(settings.current).toEqual(defaultSettings);
  });
});
