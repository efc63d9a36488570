import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout, whatever the working folder is. */
export const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
