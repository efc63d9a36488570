/** The command line under plain Node; built into `out/main/cli.js`, two folders below the project's own. */
import { resolve } from 'node:path';
import { version } from '../package.json';
import { runProgram } from './cli/program';
import type { Terminal } from './cli/terminal';

const terminal: Terminal = {
  print: (line) => void process.stdout.write(`${line}\n`),
  note: (line) => void process.stderr.write(`${line}\n`),
  env: process.env,
  modelsDir: resolve(__dirname, '..', '..', 'models'),
  version,
  stopped: () =>
    new Promise((stop) => {
      // Once only: a second signal ends the program at once.
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop());
    }),
};

void runProgram(process.argv.slice(2), terminal).then((exitCode) => {
  // An engine may keep the event loop alive; what was printed must reach a pipe first.
  process.stdout.write('', () => process.exit(exitCode));
});
