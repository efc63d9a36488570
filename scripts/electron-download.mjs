import { request } from 'node:https';
import { join } from 'node:path';
import { cacheFolder } from './cache.mjs';
import { run } from './run.mjs';
import { readIfThere, writeAtomically } from './stamp.mjs';

const PROBE_TIMEOUT_MS = 5000;
const DOWNLOAD_TIMEOUT_MS = 15 * 60_000;
const RETRY_AFTER_MS = 24 * 3600_000;

/** Kept so that a machine that cannot reach the download does not wait for it at every start. */
const failureNote = join(cacheFolder(), 'electron-download-failed.json');

/** @returns {boolean} false for a day after a download that failed */
export function isDownloadWorthTrying(now = Date.now()) {
  return isRetryDue(readIfThere(failureNote), now);
}

/**
 * @param {string | null} note JSON with `at` in ms since 1970
 * @param {number} now ms since 1970
 */
export function isRetryDue(note, now) {
  if (note === null) return true;
  try {
    const age = now - JSON.parse(note).at;
    return !(age >= 0 && age < RETRY_AFTER_MS);
  } catch {
    // A damaged note is worth no more than none.
    return true;
  }
}

/**
 * Lets the `electron` package fetch its binary, which checks it against the package's own checksums.
 *
 * @param {string} packageFolder
 * @returns {Promise<string | null>} why it failed, null when it did not
 */
export async function downloadElectron(packageFolder) {
  const failure = (await whyUnreachable()) ?? (await runInstaller(packageFolder));
  if (failure !== null) writeAtomically(failureNote, JSON.stringify({ at: Date.now(), failure }));
  return failure;
}

/** @param {string} packageFolder */
async function runInstaller(packageFolder) {
  if (process.env.ELECTRON_SKIP_BINARY_DOWNLOAD) return 'ELECTRON_SKIP_BINARY_DOWNLOAD is set';
  const { code, output } = await run(process.execPath, [join(packageFolder, 'install.js')], {
    // The package looks at the proxy variables only when it is told to.
    env: { ...process.env, ELECTRON_GET_USE_PROXY: '1' },
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  });
  if (code === 0) return null;
  if (code === 124) return 'the download takes too long';
  return (
    output
      .trim()
      .split('\n')
      .find((line) => /error/i.test(line)) ?? 'the download failed'
  );
}

/**
 * The package's own attempt takes minutes to give up where packets are dropped; a short question first does not.
 * Behind a proxy only the package itself can tell.
 *
 * @returns {Promise<string | null>}
 */
function whyUnreachable(env = process.env) {
  if (env.HTTPS_PROXY || env.https_proxy || env.ALL_PROXY || env.all_proxy) return Promise.resolve(null);
  const mirror = env.ELECTRON_MIRROR ?? env.npm_config_electron_mirror;
  if (mirror && !mirror.startsWith('https:')) return Promise.resolve(null);
  const { hostname, port } = new URL(mirror ?? 'https://github.com');
  return new Promise((resolve) => {
    const question = request(
      { hostname, port, method: 'HEAD', path: '/', timeout: PROBE_TIMEOUT_MS },
      (answer) => {
        answer.destroy();
        resolve(null);
      },
    );
    question.on('timeout', () => question.destroy(new Error('no answer')));
    question.on('error', (error) => resolve(`${hostname}: ${error.message}`));
    question.end();
  });
}
