#!/usr/bin/env node
import { join } from 'node:path';
import { root } from './root.mjs';
import { runOnTerminal } from './run.mjs';
import { setup } from './setup.mjs';

/** The `parley` command of a checkout. Standard output belongs to the command itself. */
await setup({ purpose: 'parley' });

const program = join(root, 'out', 'main', 'cli.js');
process.exit(await runOnTerminal(process.execPath, [program, ...process.argv.slice(2)]));
