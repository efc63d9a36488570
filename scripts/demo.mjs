/**
 * The demonstration: the real built program, a spoken conversation as its microphone, two turns and two interruptions (the
 * second while the page's UI thread is blocked). Writes demo/ and ends with 0 only when all of it happened.
 *
 *   npm run demo [-- --json] [-- --app <packaged program>]
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { demoFaults, demoReport } from './demo-report.mjs';
import { runDemo } from './demo-run.mjs';
import { findDisplay, underVirtualDisplay } from './display.mjs';
import { root } from './root.mjs';
import { runOnTerminal } from './run.mjs';
import { setup } from './setup.mjs';

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, app: { type: 'string' } },
});
const say = (line) => process.stderr.write(`${line}\n`);

await setup({ purpose: 'demo', log: say });
process.exitCode = await ((await findDisplay()) ? demonstrate() : runOnVirtualDisplay());

async function demonstrate() {
  const folder = join(root, 'demo');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  say('A spoken conversation with the real program begins; it takes about a minute.');
  const run = await runDemo({ folder, program: options.app ? resolve(options.app) : null, say });
  const report = { electron: run.electron, ...demoReport(run.timeline, run.uiBlocked) };
  report.errors.push(...run.errors);
  const faults = demoFaults(report);
  writeFileSync(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  for (const fault of faults) say(`Not as it should be: ${fault}`);
  say(faults.length === 0 ? 'All of it happened. See demo/.' : 'The demonstration failed. See demo/.');
  return faults.length === 0 ? 0 : 1;
}

/** The same command again on a virtual display. */
function runOnVirtualDisplay() {
  say('There is no display here, so a virtual one is used.');
  const { command, args } = underVirtualDisplay(process.execPath, process.argv.slice(1));
  return runOnTerminal(command, args, { cwd: root });
}
