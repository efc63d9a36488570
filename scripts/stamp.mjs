import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/**
 * A hash over the names and contents of files and of all files in folders; a path that does not exist counts as
 * absent, so that making or removing it changes the hash.
 *
 * @param {string} base what the names are relative to
 * @param {string[]} paths relative to `base`
 */
export function hashOf(base, paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((path) => filesIn(join(base, path)))) {
    const content = readFileSync(file);
    hash.update(`${relative(base, file).split(sep).join('/')}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesIn(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name)));
}

/**
 * @param {string} path
 * @returns {string | null} null when there is no such file
 */
export function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/**
 * Writes the whole file or nothing: a reader never sees half of it, not even after a power cut in between.
 *
 * @param {string} path
 * @param {string | Uint8Array} content
 */
export function writeAtomically(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}
