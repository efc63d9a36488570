import { SetupError } from './setup-error.mjs';

/** The oldest Node that the build tools run on; `engines` in package.json says the same. */
export const OLDEST_NODE = '20.19.0';

/**
 * @param {string} version for instance `20.19.1` or `v22.0.0`
 * @param {string} oldest
 */
export function isAtLeast(version, oldest) {
  const numbers = (/** @type {string} */ text) => text.replace(/^v/, '').split(/[.-]/).map(Number);
  const [have, want] = [numbers(version), numbers(oldest)];
  for (let i = 0; i < 3; i++) {
    const [a, b] = [have[i] ?? 0, want[i] ?? 0];
    if (a !== b) return a > b;
  }
  return true;
}

/** @param {string} [version] */
export function checkNodeVersion(version = process.versions.node) {
  if (isAtLeast(version, OLDEST_NODE)) return;
  throw new SetupError({
    what: `Parley needs Node ${OLDEST_NODE} or newer.`,
    why: `This is Node ${version} (${process.execPath}).`,
    fix: 'Install a current Node (the LTS release of nodejs.org, or "nvm install" in this folder) and try again.',
  });
}
