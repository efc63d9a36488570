import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { electronPath } from './electron.mjs';
import { root } from './root.mjs';
import { runOnTerminal } from './run.mjs';
import { setup } from './setup.mjs';

/**
 * `npm run package`: the program in the form in which people get it, in release/. With the stand-in Electron that is
 * the unpacked folder only, good for trying out; otherwise this system's installers. Further arguments go to
 * electron-builder.
 */
await setup({ purpose: 'package' });

const electron = electronPath();
const program = join(root, 'node_modules', 'electron-builder', 'cli.js');
const unpacked = join(root, 'release', 'linux-unpacked');
rmSync(unpacked, { recursive: true, force: true });
if (electron.standIn) {
  console.log(
    `Packaging with the stand-in Electron ${electron.version}: the unpacked program only, not for release.`,
  );
}
const code = await runOnTerminal(
  process.execPath,
  [
    program,
    '--publish',
    'never',
    ...(electron.standIn ? ['--dir'] : []),
    `-c.electronDist=${distFolder(electron.executable)}`,
    ...(electron.version === 'unknown' ? [] : [`-c.electronVersion=${electron.version}`]),
    ...process.argv.slice(2),
  ],
  { cwd: root },
);
if (code !== 0) {
  console.error('\nThe program was not packaged; electron-builder tells above why.');
  process.exit(code);
}
const executable = join(unpacked, 'parley');
console.log(
  existsSync(executable) ? `The program is ${executable}` : `The installers are in ${join(root, 'release')}`,
);

/** @param {string} executable on macOS it lies three folders deep in Electron.app */
function distFolder(executable) {
  return process.platform === 'darwin' ? join(executable, '..', '..', '..', '..') : dirname(executable);
}
