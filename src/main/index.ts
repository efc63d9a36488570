/**
 * Where the desktop program begins: it opens the window, and only then loads and starts the rest, which is composed in
 * `program.ts` while the page's own process starts. What the window needs is imported here, so keep the imports few.
 */
import { join } from 'node:path';
import { app, Menu, session } from 'electron';
import { createLogger, formatLogEntry, toError } from '../shared/log';
import { registerAppScheme, serveApp } from './app-protocol';
import { windowIcon } from './icons';
import { lockPermissions } from './permissions';
import { switchSound } from './sound-switches';
import { createWindow, pageUrl } from './window';

const log = createLogger((entry) => process.stderr.write(`${formatLogEntry(entry)}\n`), 'info');
process.on('uncaughtException', (error) =>
  log.error('bug in the main process', { error, stack: error.stack }),
);
process.on('unhandledRejection', (cause) => log.error('bug in the main process', { error: toError(cause) }));

registerAppScheme();
switchSound(app.commandLine, process.platform);
// Before the app is ready, or Electron builds a menu of its own first.
if (process.platform !== 'darwin') Menu.setApplicationMenu(null);
if (app.requestSingleInstanceLock()) void app.whenReady().then(run);
else app.quit();

async function run(): Promise<void> {
  const resources = app.isPackaged ? process.resourcesPath : app.getAppPath();
  const icons = join(resources, app.isPackaged ? 'icons' : 'build/icons');
  const page = pageUrl(app.isPackaged, process.env);

  serveApp(join(__dirname, '../renderer'));
  lockPermissions(session.defaultSession, page.replace(/\/$/, ''));
  const window = createWindow(page, windowIcon(icons));
  // In the same turn of the event loop, so that the commands are handled before the page can send one.
  const { startProgram } = await import('./program');
  startProgram({
    window,
    page,
    icons,
    models: join(resources, 'models'),
    // Found from here: what is loaded later lies in a folder of its own.
    serverFile: join(__dirname, 'server.js'),
    log,
  });
}
