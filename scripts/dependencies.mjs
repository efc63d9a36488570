import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { root } from './root.mjs';
import { lastLines } from './run.mjs';
import { SetupError } from './setup-error.mjs';
import { readIfThere, writeAtomically } from './stamp.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, link?: boolean, os?: string[], cpu?: string[],
 *   libc?: string[] }} LockEntry
 * @typedef {{ packages?: Record<string, LockEntry> }} Lock
 */

/**
 * Whether the packages that npm recorded as installed are those of the lock file. An optional package may be absent:
 * most of them are for other machines.
 *
 * @param {Lock} wanted package-lock.json
 * @param {Lock} installed node_modules/.package-lock.json
 */
export function isInstalled(wanted, installed) {
  return Object.entries(wanted.packages ?? {}).every(([path, entry]) => {
    if (path === '' || entry.link) return true;
    const have = installed.packages?.[path];
    if (!have) return Boolean(entry.optional) && !isForThisMachine(entry);
    return have.version === entry.version && (!entry.integrity || have.integrity === entry.integrity);
  });
}

/** @param {LockEntry} entry */
function isForThisMachine({ os, cpu, libc }) {
  if (!os && !cpu) return false;
  return accepts(os, process.platform) && accepts(cpu, process.arch) && !libc?.includes('musl');
}

/**
 * @param {string[] | undefined} list npm's notation: names that fit, or `!name` for one that does not
 * @param {string} value
 */
function accepts(list, value) {
  if (!list) return true;
  if (list.includes(`!${value}`)) return false;
  return list.includes(value) || list.every((name) => name.startsWith('!'));
}

/**
 * What node_modules must have been installed from, as one line.
 *
 * @param {string} base the checkout
 */
export function dependencyStamp(base) {
  const source =
    readIfThere(join(base, 'package-lock.json')) ?? readIfThere(join(base, 'package.json')) ?? '';
  return `${process.platform}-${process.arch} ${createHash('sha256').update(source).digest('hex')}`;
}

/**
 * @param {string} [base] the checkout
 * @returns {string | null} why the dependencies must be installed; null when they are as they should be
 */
export function whyDependencies(base = root) {
  const modules = join(base, 'node_modules');
  if (!existsSync(modules)) return 'they are not there yet';
  const manifest = JSON.parse(readFileSync(join(base, 'package.json'), 'utf8'));
  const missing = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).find(
    (name) => !existsSync(join(modules, name)),
  );
  if (missing) return `${missing} is missing`;
  const stampFile = join(modules, '.parley-stamp');
  const stamp = readIfThere(stampFile);
  if (stamp === dependencyStamp(base)) return null;
  if (stamp && !stamp.startsWith(`${process.platform}-${process.arch} `))
    return 'they are for another system';
  const lock = readIfThere(join(base, 'package-lock.json'));
  const installed = readIfThere(join(modules, '.package-lock.json'));
  const fits = lock ? installed && isInstalled(JSON.parse(lock), JSON.parse(installed)) : stamp === null;
  if (fits) {
    // Somebody ran npm by hand, and it came out right as far as can be told.
    writeAtomically(stampFile, dependencyStamp(base));
    return null;
  }
  return 'they are not those of this version';
}

/**
 * npm's reason without its help text and the prefix on every line.
 *
 * @param {string} output
 */
export function npmReason(output) {
  const lines = output.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trimEnd());
  const end = lines.findIndex((line) => /^(Usage:|Clean install a project|A complete log)/.test(line));
  return lastLines(lines.slice(0, end < 0 ? undefined : end).join('\n'), 12);
}

export async function installDependencies() {
  const stampFile = join(root, 'node_modules', '.parley-stamp');
  rmSync(stampFile, { force: true });
  const locked = existsSync(join(root, 'package-lock.json'));
  const { code, output } = await npm(
    locked ? ['ci', '--loglevel=error'] : ['install', '--no-package-lock', '--loglevel=error'],
  );
  if (code !== 0) {
    throw new SetupError({
      what: 'Could not install the npm dependencies.',
      why: npmReason(output),
      fix: `Check the internet connection and the free disk space, then try again. By hand: npm ${locked ? 'ci' : 'install'} --ignore-scripts`,
    });
  }
  writeAtomically(stampFile, dependencyStamp(root));
}
