import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runChecks } from './checks.mjs';
import { conformanceLine } from './conformance-line.mjs';
import { withDisplay } from './display.mjs';
import { root } from './root.mjs';
import { runOnTerminal } from './run.mjs';
import { setup } from './setup.mjs';
import { readIfThere } from './stamp.mjs';
import { benchCounts, judged, playwrightCounts, sum, summaryLine, vitestCounts } from './summary.mjs';

/** The figures of the bench that say most in the least time: about two minutes. */
const BENCH_FIGURES = 'onsetToSilence,flush,flushUiBlocked,capture,captureGapUiBlocked';

/**
 * `npm test`: everything that can be checked, closing with one line that counts it. `npm test -- FILTER...` runs the
 * test files whose path contains a filter, and leaves the bench out.
 */
await setup({ purpose: 'test', log: console.log });

const filters = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const reports = join(root, '.cache', 'reports');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const checked = (await runChecks(console.log)) ? [] : [{ passed: 0, failed: 1, skipped: 0 }];
const total = sum([...checked, await runVitest(), await runPlaywright(), await runBench()]);
const nothingRan = total.passed + total.failed + total.skipped === 0;
if (nothingRan) console.log(`No test file matches ${filters.join(' ')}.`);
console.log(summaryLine(total));
process.exit(total.failed > 0 || nothingRan ? 1 : 0);

async function runVitest() {
  const report = join(reports, 'vitest.json');
  const program = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const options = [
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    '--passWithNoTests',
  ];
  // The page of a stock client needs a browser, and that a display.
  const { command, args } = await withDisplay(process.execPath, [program, 'run', ...options, ...filters]);
  const code = await runOnTerminal(command, args, { cwd: root });
  const json = readIfThere(report);
  const covered = conformanceLine(json);
  if (covered !== null) console.log(covered);
  return judged(vitestCounts(json), code);
}

async function runPlaywright() {
  const report = join(reports, 'playwright.json');
  const program = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const args = [program, 'test', '--reporter=list,json', '--pass-with-no-tests', ...filters];
  const shown = await withDisplay(process.execPath, args);
  const code = await runOnTerminal(shown.command, shown.args, {
    cwd: root,
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  });
  return judged(playwrightCounts(readIfThere(report)), code);
}

/** A few figures of the bench, compared by ratio with the committed ones; each that cannot be is said and skipped. */
async function runBench() {
  const committed = join(root, 'docs', 'benchmarks.json');
  if (filters.length > 0) return { passed: 0, failed: 0, skipped: 0 };
  if (!existsSync(committed)) {
    console.log('The bench is skipped: there is no docs/benchmarks.json to compare with.');
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const program = join(root, 'scripts', 'bench.mjs');
  const args = [program, '--smoke', `--only=${BENCH_FIGURES}`, '--compare', committed];
  const code = await runOnTerminal(process.execPath, args, { cwd: root });
  return judged(benchCounts(readIfThere(join(reports, 'bench.json'))), code);
}
