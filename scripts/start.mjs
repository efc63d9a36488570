import { join } from 'node:path';
import { findDisplay } from './display.mjs';
import { electronPath, sandboxArguments, sandboxProblem } from './electron.mjs';
import { root } from './root.mjs';
import { runOnTerminal } from './run.mjs';
import { setup } from './setup.mjs';
import { SetupError } from './setup-error.mjs';

await setup({ purpose: 'start' });

const display = await findDisplay();
if (display === null) {
  console.log(
    'There is no display here, so Parley holds its demonstration conversation instead of opening a window.',
  );
  process.exit(await runOnTerminal(process.execPath, [join(root, 'scripts', 'demo.mjs')], { cwd: root }));
}

const { executable } = electronPath();
const problem = sandboxProblem(executable);
if (problem) {
  console.error(new SetupError({ what: 'Electron cannot start here yet.', ...problem }).report());
  process.exit(1);
}
const sandbox = sandboxArguments();
if (sandbox.length > 0) console.log('Running as root: Electron has to run without its sandbox.');
const wayland = display === 'wayland' ? ['--ozone-platform=wayland'] : [];
process.exit(
  await runOnTerminal(executable, [...sandbox, ...wayland, root, ...process.argv.slice(2)], { cwd: root }),
);
