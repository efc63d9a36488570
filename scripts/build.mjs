import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { lastLines, run } from './run.mjs';
import { SetupError } from './setup-error.mjs';
import { hashOf, readIfThere, writeAtomically } from './stamp.mjs';

/** What the build reads. */
const SOURCES = [
  'src',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'tsconfig.electron.json',
  'tsconfig.node.json',
  'tsconfig.shared.json',
  'tsconfig.web.json',
  'tsconfig.worklet.json',
];
const RESULTS = ['out/main/index.js', 'out/main/server.js', 'out/main/cli.js', 'out/preload/index.js'];
const STAMP = 'out/.parley-stamp';

/** @param {string} [base] */
export function isBuilt(base = root) {
  const complete = RESULTS.every((file) => existsSync(join(base, file)));
  return complete && readIfThere(join(base, STAMP)) === hashOf(base, SOURCES);
}

export async function build() {
  const stampFile = join(root, STAMP);
  rmSync(stampFile, { force: true });
  // Taken before the build: a source that is edited meanwhile makes the next run build again.
  const stamp = hashOf(root, SOURCES);
  const program = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const { code, output } = await run(process.execPath, [program, 'build', '--logLevel', 'warn'], {
    cwd: root,
  });
  if (code !== 0) {
    throw new SetupError({
      what: 'Could not build the program.',
      why: lastLines(output, 30),
      fix: 'If you changed the sources, "npm run check" tells where. If not, this is a bug worth reporting.',
    });
  }
  writeAtomically(stampFile, stamp);
}
