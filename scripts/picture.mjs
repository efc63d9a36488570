/**
 * `npm run picture`: holds a real conversation with the built program on a virtual sound card and draws what was heard to
 * docs/demonstration.svg.
 */
import { join } from 'node:path';
import { BENCH_FOLDER, buildBench } from './bench-build.mjs';
import { withDisplay } from './display.mjs';
import { root } from './root.mjs';
import { runOnTerminal } from './run.mjs';
import { setup } from './setup.mjs';

await setup({ purpose: 'bench' });
await buildBench();
const { command, args } = await withDisplay(process.execPath, [join(BENCH_FOLDER, 'picture.process.mjs')]);
process.exitCode = await runOnTerminal(command, args, { cwd: root });
