import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where things are kept that all checkouts of one user share and that can be fetched again. */
export function cacheFolder(env = process.env, platform = process.platform) {
  switch (platform) {
    case 'darwin':
      return join(homedir(), 'Library', 'Caches', 'parley');
    case 'win32':
      return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'parley', 'cache');
    default:
      return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'parley');
  }
}
