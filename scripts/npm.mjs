import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { root } from './root.mjs';
import { lastLines, run } from './run.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Runs npm without questions, notes or install scripts. npm's own program file is run with this Node where it can be
 * found: Windows cannot start `npm.cmd` without a shell.
 *
 * @param {string[]} args
 */
export function npm(args) {
  const all = [...args, '--no-audit', '--no-fund', '--no-update-notifier', '--ignore-scripts', '--yes'];
  const program = npmProgram();
  return program ? run(process.execPath, [program, ...all], { cwd: root }) : run('npm', all, { cwd: root });
}

function npmProgram() {
  const given = process.env.npm_execpath;
  const beside = dirname(process.execPath);
  return [
    given && basename(given) === 'npx-cli.js' ? join(dirname(given), 'npm-cli.js') : undefined,
    given && basename(given) === 'npm-cli.js' ? given : undefined,
    join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ].find((path) => path !== undefined && existsSync(path));
}

/**
 * Fetches one version of a package without installing it and checks that it is the very one meant.
 *
 * @param {string} spec for instance `name@1.2.3`
 * @param {string} integrity `sha512-...`
 * @param {string} folder where the tarball is put
 * @returns {Promise<string>} the tarball's path
 */
export async function fetchPackage(spec, integrity, folder) {
  const { code, output, stdout } = await npm([
    'pack',
    spec,
    '--pack-destination',
    folder,
    '--loglevel=error',
  ]);
  const name = stdout.trim().split('\n').at(-1) ?? '';
  if (code !== 0 || !name) {
    throw new SetupError({
      what: `Could not fetch ${spec} from the npm registry.`,
      why: lastLines(output),
      fix: 'Check the internet connection (and the npm registry and proxy settings: npm config list), then try again.',
    });
  }
  const tarball = join(folder, name);
  const actual = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (actual !== integrity) {
    throw new SetupError({
      what: `What the npm registry sent for ${spec} is not what Parley expects, so it is not used.`,
      why: `Its checksum is ${actual}, not ${integrity}.`,
      fix: 'Try again ("npm cache verify" first). If it stays so, the registry in use serves a changed package.',
    });
  }
  return tarball;
}
