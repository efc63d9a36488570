import { randomBytes } from 'node:crypto';

type Prefix = 'event' | 'sess' | 'item' | 'resp' | 'conv' | 'call' | 'seg' | 'mcp' | 'mcpl' | 'mcpr';

/** A new identifier in the protocol's manner: `<prefix>_` and 21 random characters. */
export function newId(prefix: Prefix): string {
  return `${prefix}_${randomBytes(16).toString('base64url').slice(0, 21)}`;
}
