import { join } from 'node:path';
import { electronPath, sandboxArguments } from './electron.mjs';
import { root } from './root.mjs';
import { runOnTerminal } from './run.mjs';
import { setup } from './setup.mjs';

/** `npm run dev`: the app with its page reloading as the sources change. */
await setup({ purpose: 'dev' });

const program = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
const sandbox = sandboxArguments().map(() => '--noSandbox');
process.exit(
  await runOnTerminal(process.execPath, [program, 'dev', '--watch', ...sandbox, ...process.argv.slice(2)], {
    cwd: root,
    env: { ...process.env, ELECTRON_EXEC_PATH: electronPath().executable },
  }),
);
