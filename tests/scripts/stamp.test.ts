import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashOf, readIfThere, writeAtomically } from '../../scripts/stamp.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-stamp-'));
  mkdirSync(join(folder, 'src', 'deep'), { recursive: true });
  writeFileSync(join(folder, 'src', 'deep', 'a.ts'), 'a');
  writeFileSync(join(folder, 'config.json'), '{}');
});
afterEach(() => rmSync(folder, { recursive: true }));

const PATHS = ['src', 'config.json', 'not-there.json'];

test('the hash stays while nothing changes', () => {
  expect(hashOf(folder, PATHS)).toBe(hashOf(folder, PATHS));
});

test.each<[string, () => void]>([
  ['a changed file', () => writeFileSync(join(folder, 'src', 'deep', 'a.ts'), 'b')],
  ['a new file', () => writeFileSync(join(folder, 'src', 'b.ts'), '')],
  ['a removed file', () => rmSync(join(folder, 'src', 'deep', 'a.ts'))],
  ['a file that was absent', () => writeFileSync(join(folder, 'not-there.json'), '{}')],
  [
    'a moved file',
    () => {
      rmSync(join(folder, 'src', 'deep', 'a.ts'));
      writeFileSync(join(folder, 'src', 'a.ts'), 'a');
    },
  ],
])('%s changes the hash', (_, change) => {
  const before = hashOf(folder, PATHS);
  change();
  expect(hashOf(folder, PATHS)).not.toBe(before);
});

test('a file beside the listed ones does not change the hash', () => {
  const before = hashOf(folder, PATHS);
  writeFileSync(join(folder, 'README.md'), 'text');
  expect(hashOf(folder, PATHS)).toBe(before);
});

test('writing makes the folder and replaces the file', () => {
  const path = join(folder, 'out', 'stamp');
  expect(readIfThere(path)).toBeNull();
  writeAtomically(path, 'one');
  writeAtomically(path, 'two');
  expect(readFileSync(path, 'utf8')).toBe('two');
});
