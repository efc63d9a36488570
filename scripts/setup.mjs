import { join } from 'node:path';
import { build, isBuilt } from './build.mjs';
import { installDependencies, whyDependencies } from './dependencies.mjs';
import { findDisplay } from './display.mjs';
import { ensureElectron, findElectron, isElectronReady } from './electron.mjs';
import { withLock } from './lock.mjs';
import { fetchModels, missingModels } from './models.mjs';
import { checkNodeVersion } from './node-version.mjs';
import { root } from './root.mjs';
import { SetupError } from './setup-error.mjs';
import {
  consequence,
  installSystemPackages,
  isOnPath,
  missingLibraries,
  missingSystemPackages,
} from './system.mjs';

/**
 * @typedef {import('./system-packages.mjs').Purpose} Purpose
 * @typedef {(text: string) => void} Log
 * @typedef {{ title: string, purposes: Purpose[], isDone: () => boolean | Promise<boolean>, run: () => Promise<void> }} Step
 */

/**
 * Makes sure that everything `purpose` needs is there. Where all is in place this costs a fraction of a second and
 * prints nothing. On a failure it prints what failed, why and what to do, and ends the program with exit code 1.
 *
 * @param {{ purpose: Purpose, log?: Log }} options `log` gets every line; standard error by default
 * @returns {Promise<void>}
 */
export async function setup({ purpose, log = console.error }) {
  try {
    await prepare(purpose, log);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    log(`\n${error.report()}`);
    process.exit(1);
  }
}

/** @param {Purpose} purpose @param {Log} log */
async function prepare(purpose, log) {
  checkNodeVersion();
  const steps = stepsFor(purpose, log);
  if (await allDone(steps)) return checkLeftovers(purpose, log);
  await withLock(
    join(root, '.cache', 'setup.lock'),
    async () => {
      for (const step of steps) {
        // Asked again under the lock: whoever held it before may have done this step.
        if (await step.isDone()) continue;
        const started = Date.now();
        log(`${step.title} ...`);
        await step.run();
        log(`  done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
      }
    },
    (owner) => log(`Waiting for another set-up of this checkout (process ${owner}) ...`),
  );
  return checkLeftovers(purpose, log);
}

/** @param {Step[]} steps */
async function allDone(steps) {
  for (const step of steps) {
    if (!(await step.isDone())) return false;
  }
  return true;
}

/**
 * @param {Purpose} purpose
 * @param {Log} log
 * @returns {Step[]}
 */
function stepsFor(purpose, log) {
  /** @type {Step[]} */
  const steps = [
    {
      title: 'Installing system packages',
      purposes: ['start', 'dev', 'demo', 'test', 'bench', 'parley'],
      isDone: async () => (await systemPackages(purpose)).length === 0 || !mayInstall(),
      run: () => installForNow(purpose, log),
    },
    {
      title: 'Installing npm dependencies',
      purposes: ['start', 'dev', 'demo', 'test', 'bench', 'package', 'parley', 'check'],
      isDone: () => whyDependencies() === null,
      run: installDependencies,
    },
    {
      title: 'Fetching Electron',
      purposes: ['start', 'dev', 'demo', 'test', 'bench', 'package'],
      isDone: isElectronReady,
      run: () => ensureElectron(log),
    },
    {
      title: 'Fetching the voice detection model',
      purposes: ['start', 'dev', 'demo', 'test', 'bench', 'package', 'parley'],
      isDone: () => missingModels().length === 0,
      run: () => fetchModels(missingModels()),
    },
    {
      title: 'Building the program',
      purposes: ['start', 'demo', 'test', 'bench', 'package', 'parley'],
      isDone: () => isBuilt(),
      run: build,
    },
  ];
  return steps.filter((step) => step.purposes.includes(purpose));
}

/** @param {Purpose} purpose */
async function systemPackages(purpose) {
  return missingSystemPackages(purpose, (await findDisplay()) !== null);
}

/**
 * The program and its command run without some of the packages, so a machine that cannot install them goes on and
 * says what will not work; tests, the bench and the demonstration would only fail later.
 *
 * @param {Purpose} purpose
 * @param {Log} log
 */
async function installForNow(purpose, log) {
  const missing = await systemPackages(purpose);
  try {
    await installSystemPackages(missing, log);
  } catch (error) {
    const mustHave = purpose === 'test' || purpose === 'demo' || purpose === 'bench';
    if (!(error instanceof SetupError) || mustHave) throw error;
    log(`${error.report()}\nGoing on without them: ${consequence(missing)}.`);
  }
}

function mayInstall() {
  return process.getuid?.() === 0;
}

/**
 * What the set-up cannot mend, told each time because it does not go away by itself.
 *
 * @param {Purpose} purpose
 * @param {Log} log
 */
async function checkLeftovers(purpose, log) {
  const missing = mayInstall() ? [] : await systemPackages(purpose);
  if (missing.length > 0) await installSystemPackages(missing, log);
  const shows = ['start', 'demo', 'test', 'bench'].includes(purpose);
  const electron = shows ? findElectron() : null;
  const libraries = electron ? await missingLibraries(electron.executable) : [];
  if (libraries.length > 0) {
    log(
      `Electron misses these libraries: ${libraries.join(', ')}. Install them with this system's package manager.`,
    );
  }
  if (purpose !== 'start' && shows && (await findDisplay()) === null && !isOnPath('xvfb-run')) {
    throw new SetupError({
      what: 'There is no display, and no virtual one can be made.',
      why: 'The program xvfb-run is not installed.',
      fix: "Install Xvfb with this system's package manager (on Debian and Ubuntu: sudo apt-get install xvfb xauth), or run this where there is a display.",
    });
  }
}
