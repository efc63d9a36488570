import { fileURLToPath } from 'node:url';

/** The checkout, whatever the working folder is. */
export const root = fileURLToPath(new URL('..', import.meta.url));
