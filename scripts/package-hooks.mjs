import { rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Called by electron-builder when it has put Electron in place. The stand-in (docs/adr/0001-stand-in-electron.md)
 * carries a launcher where a packaged program looks for itself; every other Electron has nothing there.
 *
 * @param {{ appOutDir: string }} context
 */
export function afterExtract({ appOutDir }) {
  rmSync(join(appOutDir, 'resources', 'app'), { recursive: true, force: true });
  rmSync(join(appOutDir, 'parley-stand-in'), { force: true });
}
