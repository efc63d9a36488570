import { runChecks } from './checks.mjs';
import { setup } from './setup.mjs';

/** `npm run check`: types and style, in seconds. */
await setup({ purpose: 'check' });
process.exit((await runChecks(console.log)) ? 0 : 1);
