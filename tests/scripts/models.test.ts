import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MODEL_FILES, missingModels } from '../../scripts/models.mjs';
import { fileInTar } from '../../scripts/tar.mjs';

const checkout = new URL('../..', import.meta.url).pathname;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-models-'));
  mkdirSync(join(folder, 'models'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const [model] = MODEL_FILES;
if (!model) throw new Error('There is a model.');

test('a model that is absent is fetched', () => {
  expect(missingModels(MODEL_FILES, folder)).toEqual(MODEL_FILES);
});

test('the real model is accepted', () => {
  copyFileSync(join(checkout, model.file), join(folder, model.file));
  expect(missingModels(MODEL_FILES, folder)).toEqual([]);
});

test.each<[string, (content: Buffer) => Buffer]>([
  [
    'one flipped bit',
    (content) => Buffer.concat([content.subarray(0, -1), Buffer.from([~(content.at(-1) ?? 0)])]),
  ],
  ['a cut end', (content) => content.subarray(0, content.length / 2)],
  ['an empty file', () => Buffer.alloc(0)],
])('a model damaged by %s is fetched again', (_, damage) => {
  writeFileSync(join(folder, model.file), damage(readFileSync(join(checkout, model.file))));
  expect(missingModels(MODEL_FILES, folder)).toEqual(MODEL_FILES);
});

test('a file comes out of a tar archive whole, whatever lies before it', () => {
  const content = Buffer.from('x'.repeat(700));
  const archive = Buffer.concat([
    entry('package/first', Buffer.from('no')),
    entry('package/second', content),
  ]);
  expect(sha(fileInTar(archive, 'package/second'))).toBe(sha(content));
  expect(fileInTar(archive, 'package/third')).toBeNull();
});

function entry(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write(name);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

function sha(content: Buffer | null): string | null {
  return content && createHash('sha256').update(content).digest('hex');
}
