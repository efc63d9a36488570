import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder } from './cache.mjs';
import { lastLines, run } from './run.mjs';
import { SetupError } from './setup-error.mjs';
import { readIfThere, writeAtomically } from './stamp.mjs';
import {
  chooseNames,
  missingPackages,
  namesOf,
  packagesFor,
  parseAvailable,
  parseInstalled,
} from './system-packages.mjs';

/** @typedef {import('./system-packages.mjs').PackageChoice} PackageChoice */
/** @typedef {import('./system-packages.mjs').Purpose} Purpose */

/** Debian and what is made from it. */
export function hasApt() {
  return process.platform === 'linux' && isOnPath('dpkg-query') && isOnPath('apt-get');
}

/** @param {string} program */
export function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/**
 * @param {Purpose} purpose
 * @param {boolean} hasDisplay
 * @returns {Promise<PackageChoice[]>} the system packages that are not installed; always empty where there is no apt
 */
export async function missingSystemPackages(purpose, hasDisplay) {
  const wanted = packagesFor(purpose, hasDisplay);
  if (wanted.length === 0 || !hasApt()) return [];
  const names = wanted.flatMap(namesOf);
  // Its exit code is 1 as soon as one name is unknown, which the alternatives make usual.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own notation
  const format = '-f=${Package} ${db:Status-Status}\\n';
  const { output } = await run('dpkg-query', ['-W', format, ...names]);
  const unavailable = new Set(readIfThere(unavailableFile())?.split('\n'));
  return missingPackages(wanted, parseInstalled(output)).filter(
    (choice) => !namesOf(choice).every((name) => unavailable.has(name)),
  );
}

/** Names this release of the system does not know, kept so that they are not searched for at every start. */
function unavailableFile() {
  const release = readIfThere('/etc/os-release')?.match(/^VERSION_ID="?([^"\n]*)/m)?.[1] ?? 'rolling';
  return join(cacheFolder(), `unavailable-system-packages-${release}`);
}

/**
 * Installs system packages as root; otherwise tells the one command that does.
 *
 * @param {PackageChoice[]} missing
 * @param {(text: string) => void} log
 */
export async function installSystemPackages(missing, log) {
  const isRoot = process.getuid?.() === 0;
  const update = isRoot ? await apt(['update']) : { code: 0, output: '' };
  const policy = await run('apt-cache', ['policy', ...missing.flatMap(namesOf)], { env: plainEnglish() });
  const { install, unknown } = chooseNames(missing, parseAvailable(policy.stdout));
  const byHand = `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${(
    install.length ? install : missing.map((choice) => namesOf(choice)[0])
  ).join(' ')}`;
  if (!isRoot) {
    log(
      `System packages are missing; until they are there, ${consequence(missing)}. Install them with:\n  ${byHand}`,
    );
    return;
  }
  if (update.code !== 0 && install.length === 0) {
    throw aptError('Could not read the list of system packages (apt-get update).', update.output, byHand);
  }
  if (install.length > 0) {
    const { code, output } = await apt(['install', '-y', '--no-install-recommends', ...install]);
    if (code !== 0) throw aptError(`Could not install system packages: ${install.join(' ')}`, output, byHand);
  }
  if (unknown.length > 0) {
    const known = readIfThere(unavailableFile()) ?? '';
    writeAtomically(unavailableFile(), known + unknown.flatMap(namesOf).join('\n').concat('\n'));
    log(
      `This release has no package ${unknown.map((choice) => namesOf(choice).join(' or ')).join(', ')}, so ${consequence(unknown)}.`,
    );
  }
}

/** @param {string[]} args */
function apt(args) {
  return run('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-q', ...args], {
    env: { ...plainEnglish(), DEBIAN_FRONTEND: 'noninteractive' },
  });
}

/** The outputs that are read here are translated otherwise. */
function plainEnglish() {
  return { ...process.env, LC_ALL: 'C' };
}

/** @param {string} what @param {string} output @param {string} byHand */
function aptError(what, output, byHand) {
  return new SetupError({ what, why: lastLines(output), fix: `Try again, or by hand: ${byHand}` });
}

/** @param {PackageChoice[]} missing */
export function consequence(missing) {
  const names = missing.flatMap(namesOf).join(' ');
  const parts = [
    /pocketsphinx/.test(names) ? 'speech recognition on this computer does not work' : '',
    /xvfb|xauth/.test(names) ? 'nothing can be shown without a display' : '',
    /libgtk|libnss|libasound|libgbm|libx/.test(names) ? 'the window may not open' : '',
    /pulseaudio|espeak|testdata/.test(names) ? 'what is to be heard cannot be measured' : '',
    /xdotool|gnome-keyring/.test(names) ? 'some tests fail' : '',
  ].filter(Boolean);
  return parts.join(', and ') || 'some parts may not work';
}

/**
 * Libraries a program asks for and this Linux does not have, where no package list of ours says it.
 *
 * @param {string} executable
 * @returns {Promise<string[]>}
 */
export async function missingLibraries(executable) {
  if (process.platform !== 'linux' || hasApt() || !isOnPath('ldd')) return [];
  const { stdout } = await run('ldd', [executable]);
  return stdout
    .split('\n')
    .filter((line) => line.includes('not found'))
    .map((line) => line.trim().split(' ')[0] ?? '');
}
