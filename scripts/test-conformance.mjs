import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { conformanceLine } from './conformance-line.mjs';
import { withDisplay } from './display.mjs';
import { root } from './root.mjs';
import { runOnTerminal } from './run.mjs';
import { setup } from './setup.mjs';
import { readIfThere } from './stamp.mjs';
import { judged, summaryLine, vitestCounts } from './summary.mjs';

/**
 * `npm run test:conformance`: golden traces of every flow in both dialects, and stock clients. Closes with what was
 * covered. UPDATE_TRACES=1 writes the traces anew.
 */
await setup({ purpose: 'test', log: console.log });

const report = join(root, '.cache', 'reports', 'conformance.json');
mkdirSync(join(root, '.cache', 'reports'), { recursive: true });
rmSync(report, { force: true });

const program = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const options = ['--project', 'node', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
// The page of a stock client needs a browser, and that a display.
const { command, args } = await withDisplay(process.execPath, [
  program,
  'run',
  ...options,
  'tests/conformance',
  ...process.argv.slice(2),
]);
const code = await runOnTerminal(command, args, { cwd: root });
const json = readIfThere(report);
const counts = judged(vitestCounts(json), code);
console.log(conformanceLine(json) ?? 'Conformance. Nothing was covered.');
console.log(summaryLine(counts));
process.exit(counts.failed > 0 ? 1 : 0);
