/**
 * The Debian and Ubuntu packages behind each thing Parley does. A list inside the list are names of the same thing on
 * different releases (the `t64` names came with the change to 64-bit time).
 *
 * @typedef {string | string[]} PackageChoice
 * @typedef {'start' | 'dev' | 'demo' | 'test' | 'bench' | 'package' | 'parley' | 'check'} Purpose
 */

/** Speech recognition without the internet. @type {PackageChoice[]} */
const recognition = [['libpocketsphinx3', 'libpocketsphinx3t64'], 'pocketsphinx-en-us'];

/** What Electron links against, and the key hook. @type {PackageChoice[]} */
const electron = [
  ['libgtk-3-0', 'libgtk-3-0t64'],
  'libnss3',
  ['libasound2', 'libasound2t64'],
  'libgbm1',
  'libxss1',
  'libxtst6',
  'libxkbfile1',
  'libx11-xcb1',
  'libxkbcommon-x11-0',
  'libxinerama1',
  ['libxt6', 'libxt6t64'],
  'libsecret-1-0',
];

/** A display and a session bus where there are none. @type {PackageChoice[]} */
const display = ['xvfb', 'xauth', 'dbus', 'dbus-x11'];

/** A virtual sound card, recorded from outside the program. @type {PackageChoice[]} */
const sound = ['pulseaudio', 'pulseaudio-utils'];

/** Voices and noises to be played at the program. @type {PackageChoice[]} */
const stimuli = ['espeak-ng', 'pocketsphinx-testdata'];

/** Pressing real keys, and a real keyring for the stored API key. @type {PackageChoice[]} */
const tests = ['xdotool', 'gnome-keyring'];

/**
 * @param {Purpose} purpose
 * @param {boolean} hasDisplay
 * @returns {PackageChoice[]}
 */
export function packagesFor(purpose, hasDisplay) {
  switch (purpose) {
    case 'check':
    case 'package':
      return [];
    case 'parley':
      return recognition;
    case 'start':
    case 'dev':
      return [...electron, ...recognition];
    case 'demo':
      return [...electron, ...recognition, ...(hasDisplay ? [] : display)];
    case 'test':
      return [...electron, ...recognition, ...display, ...sound, ...stimuli, ...tests];
    case 'bench':
      return [...electron, ...recognition, ...(hasDisplay ? [] : display), ...sound, ...stimuli];
    default:
      throw new Error(`Unknown purpose: ${purpose}`);
  }
}

/**
 * @param {PackageChoice[]} wanted
 * @param {Set<string>} installed
 * @returns {PackageChoice[]} those of which no name is installed
 */
export function missingPackages(wanted, installed) {
  return wanted.filter((choice) => !namesOf(choice).some((name) => installed.has(name)));
}

/**
 * @param {PackageChoice[]} missing
 * @param {Set<string>} available what this release can install
 * @returns {{ install: string[], unknown: PackageChoice[] }} one name per choice; `unknown` are those this release lacks
 */
export function chooseNames(missing, available) {
  /** @type {string[]} */
  const install = [];
  /** @type {PackageChoice[]} */
  const unknown = [];
  for (const choice of missing) {
    const name = namesOf(choice).find((candidate) => available.has(candidate));
    if (name) install.push(name);
    else unknown.push(choice);
  }
  return { install, unknown };
}

/** @param {PackageChoice} choice */
export function namesOf(choice) {
  return typeof choice === 'string' ? [choice] : choice;
}

/**
 * @param {string} output of `dpkg-query -W -f='${Package} ${db:Status-Status}\n'`
 * @returns {Set<string>}
 */
export function parseInstalled(output) {
  return new Set(
    output
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([, status]) => status === 'installed')
      .map(([name]) => name ?? ''),
  );
}

/**
 * @param {string} output of `apt-cache policy NAMES`
 * @returns {Set<string>} the names that have something to install; a virtual package has not
 */
export function parseAvailable(output) {
  /** @type {Set<string>} */
  const available = new Set();
  let name = '';
  for (const line of output.split('\n')) {
    if (/^\S+:$/.test(line)) name = line.slice(0, -1);
    else if (/^ {2}Candidate: (?!\(none\))/.test(line)) available.add(name);
  }
  return available;
}
