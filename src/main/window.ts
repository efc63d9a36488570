import { join } from 'node:path';
import { BrowserWindow, type NativeImage, shell } from 'electron';
import { APP_ORIGIN } from './app-files';

export interface WindowOptions {
  /** Where the page comes from: our scheme, or the development server. */
  pageUrl: string;
  icon: NativeImage;
  /** Asked when the user closes the window; true lets it close, false hides it into the tray. */
  mayClose(): boolean;
}

/** The one window: sandboxed, isolated, and bound to its own page. */
export function createWindow({ pageUrl, icon, mayClose }: WindowOptions): BrowserWindow {
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
  window.on('close', (event) => {
    if (mayClose()) return;
    event.preventDefault();
    window.hide();
  });

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
