import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resolveAppFile } from '../../src/main/app-files';

const root = join('/', 'program', 'renderer');

it.each<[string, string | null]>([
  ['parley://app/', 'index.html'],
  ['parley://app/index.html', 'index.html'],
  ['parley://app/assets/index-1a.js', 'assets/index-1a.js'],
  ['parley://app/assets/../index.html?x=1#y', 'index.html'],
  ['parley://app/../../etc/passwd', null],
  ['parley://app/..%2f..%2fsecret.js', null],
  ['parley://app/%2e%2e/%2e%2e/secret.js', 'secret.js'],
  ['parley://app/a%00.js', null],
  ['parley://app/%zz.js', null],
  ['parley://other/index.html', null],
  ['file:///etc/index.html', null],
  ['parley://app/notes.txt', null],
  ['nonsense', null],
])('%s', (url, expected) => {
  expect(resolveAppFile(root, url)?.path ?? null).toBe(expected && join(root, expected));
});
