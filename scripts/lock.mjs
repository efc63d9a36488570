import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A lock file is written in one go, so one that stays empty this long was left by a process that was killed. */
const EMPTY_LOCK_MAX_AGE_MS = 5000;
const POLL_MS = 100;

/**
 * Runs `work` while no other process that uses the same lock file runs its own. A lock whose owner is gone does not
 * count. `onWait` is called once when there is somebody to wait for.
 *
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {(owner: number) => void} [onWait]
 * @returns {Promise<T>}
 */
export async function withLock(path, work, onWait = () => {}) {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  while (!tryToTake(path)) {
    const owner = ownerOf(path);
    if (owner === 'gone') removeStale(path);
    else if (owner !== 'free' && !told) {
      told = true;
      onWait(owner);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** @param {string} path */
function tryToTake(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * @param {string} path
 * @returns {number | 'gone' | 'free'}
 */
function ownerOf(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    if (pid > 0) return isAlive(pid) ? pid : 'gone';
    return Date.now() - statSync(path).mtimeMs > EMPTY_LOCK_MAX_AGE_MS ? 'gone' : 'free';
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'free';
    throw error;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/**
 * Two waiting processes may both find the same stale lock; the second must not take away the fresh lock of the
 * first. So the file is moved aside, looked at again, and put back if it turns out to be fresh.
 *
 * @param {string} path
 */
function removeStale(path) {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if (ownerOf(aside) !== 'gone' && !existsSync(path)) renameSync(aside, path);
  else rmSync(aside, { force: true });
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
