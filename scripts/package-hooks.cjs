const { rmSync } = require('node:fs');
const { join } = require('node:path');

/**
 * The stand-in Electron (docs/adr/0001-stand-in-electron.md) carries a launcher where a packaged program looks for
 * itself. Every other Electron has nothing there.
 *
 * @param {{ appOutDir: string }} context of electron-builder
 */
exports.removeLauncher = ({ appOutDir }) => {
  rmSync(join(appOutDir, 'resources', 'app'), { recursive: true, force: true });
  rmSync(join(appOutDir, 'parley-stand-in'), { force: true });
};
