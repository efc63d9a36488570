import { join } from 'node:path';
import { BrowserWindow, type NativeImage, shell } from 'electron';
import { APP_ORIGIN } from './app-files';

/** The one window: sandboxed, isolated, and bound to its own page, which comes from `pageUrl`. */
export function createWindow(pageUrl: string, icon: NativeImage): BrowserWindow {
  const window = new BrowserWindow({
    width: 420,
    height: 640,
    minWidth: 340,
    minHeight: 460,
    title: 'Parley',
    icon,
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(__dirname, '../preload/index.js'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      autoplayPolicy: 'no-user-gesture-required',
    },
  });

  window.once('ready-to-show', () => window.show());

  const contents = window.webContents;
  contents.setWindowOpenHandler(({ url }) => {
    if (url.startsWith('https://')) void shell.openExternal(url);
    return { action: 'deny' };
  });
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());

  void window.loadURL(pageUrl);
  return window;
}

/** Where the page is served from; the development server only counts in a program that is not packaged. */
export function pageUrl(isPackaged: boolean, environment: NodeJS.ProcessEnv): string {
  const development = environment.ELECTRON_RENDERER_URL;
  return !isPackaged && development ? development : `${APP_ORIGIN}/`;
}
