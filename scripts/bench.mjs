/**
 * `npm run bench`: what Parley is measured by (docs/BENCHMARKS.md). Sets up what it needs, builds, measures on a virtual
 * sound card, and prints a table, or with `--json` one JSON document and nothing else on standard output.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BENCH_FOLDER, buildBench } from './bench-build.mjs';
import { BENCH_USAGE, parseBenchOptions } from './bench-options.mjs';
import { withDisplay } from './display.mjs';
import { withLock } from './lock.mjs';
import { root } from './root.mjs';
import { runOnTerminal } from './run.mjs';
import { setup } from './setup.mjs';
import { readIfThere } from './stamp.mjs';

const options = optionsOrUsage();
const report = join(root, '.cache', 'reports', 'bench.json');
await setup({ purpose: 'bench' });
// Two at once would measure each other.
process.exitCode = await withLock(join(root, '.cache', 'bench.lock'), measure, (owner) =>
  console.error(`Waiting for another bench of this checkout (process ${owner}) ...`),
);

/** @returns {Promise<number>} the exit code */
async function measure() {
  await buildBench();
  rmSync(report, { force: true });
  mkdirSync(dirname(report), { recursive: true });
  const args = ['--enable-source-maps', join(BENCH_FOLDER, 'run.mjs'), JSON.stringify(options), report];
  const { command, args: all } = await withDisplay(process.execPath, args);
  // Standard output belongs to the report: what anything below prints there goes to standard error.
  const code = await runOnTerminal(command, all, { cwd: root, stdio: ['ignore', 2, 2] });
  const result = readIfThere(report);
  if (result !== null) {
    const { document, table } = JSON.parse(result);
    process.stdout.write(options.json ? `${JSON.stringify(document, null, 2)}\n` : `\n${table}\n`);
  }
  return code;
}

function optionsOrUsage() {
  try {
    return parseBenchOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${BENCH_USAGE}`);
    process.exit(2);
  }
}
