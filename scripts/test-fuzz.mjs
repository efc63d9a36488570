import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './root.mjs';
import { runOnTerminal } from './run.mjs';
import { setup } from './setup.mjs';

const USAGE = `npm run test:fuzz -- [options]
  --seed N          which cases are made up (1 unless given)
  --runs N          how many sessions are played (500 unless given)
  --path P          play again what an earlier run with this seed found`;

/**
 * Plays sessions of the server with a client that does anything. Ends with 1 when one of them has a fault, and prints
 * the seed and the shortest list of events that shows it.
 */
function parse() {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: 'string', default: '1' },
        runs: { type: 'string', default: '500' },
        path: { type: 'string' },
      },
    });
    for (const name of /** @type {const} */ (['seed', 'runs'])) {
      if (!/^\d+$/u.test(values[name])) throw new Error(`--${name} needs a whole number.`);
    }
    return values;
  } catch (cause) {
    console.error(`${cause instanceof Error ? cause.message : cause}\n${USAGE}`);
    return null;
  }
}

const options = parse();
if (options === null) process.exit(2);
await setup({ purpose: 'test', log: console.log });

const program = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const args = [program, 'run', 'tests/fuzz', '--project=node', '--disableConsoleIntercept=true'];
const code = await runOnTerminal(process.execPath, args, {
  cwd: root,
  env: {
    ...process.env,
    PARLEY_FUZZ_SEED: options.seed,
    PARLEY_FUZZ_RUNS: options.runs,
    ...(options.path === undefined ? {} : { PARLEY_FUZZ_PATH: options.path }),
  },
});
process.exit(code);
