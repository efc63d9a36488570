/** The least an Electron program can be: one window with one word in it. What Parley's cost is compared with. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Same size and switches as Parley's window, shown at the same moment, and hidden instead of closed. */
const MAIN = `
const { app, BrowserWindow } = require('electron');
let quitting = false;
app.on('before-quit', () => {
  quitting = true;
});
app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 420,
    height: 640,
    show: false,
    webPreferences: { sandbox: true, spellcheck: false, backgroundThrottling: false },
  });
  window.once('ready-to-show', () => window.show());
  window.on('close', (event) => {
    if (quitting) return;
    event.preventDefault();
    window.hide();
  });
  window.loadFile('index.html');
});
`;

/** Writes the program into `folder` and gives it back. */
export function writeBareWindow(folder: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bare-window', main: 'main.js' }));
  writeFileSync(join(folder, 'main.js'), MAIN);
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Bare</title><p>Ready</p>');
  return folder;
}
