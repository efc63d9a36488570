/** The main process of an Electron that is only to be a browser. */
const { app, BrowserWindow } = require('electron');

app.whenReady().then(() => {
  const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
  return window.loadURL('about:blank');
});
