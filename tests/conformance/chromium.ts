/** A page in a real Chromium: an installed one, or, where there is a display, Electron's, which is the same engine. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { _electron, chromium, type Page } from '@playwright/test';
import { findDisplay } from '../../scripts/display.mjs';
import { findElectron, sandboxArguments } from '../../scripts/electron.mjs';
import { root } from '../../scripts/root.mjs';

export interface OpenPage {
  page: Page;
  /** Name and version. */
  browser: string;
  close(): Promise<void>;
}

/** null where this computer has neither. Certificates are not checked. */
export async function openPage(): Promise<OpenPage | null> {
  return (await openChromium()) ?? (await openElectron());
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

async function openChromium(): Promise<OpenPage | null> {
  const executablePath = onPath(NAMES);
  if (executablePath === null) return null;
  const browser = await chromium.launch({ executablePath, args: sandboxArguments() });
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  return { page, browser: `Chromium ${browser.version()}`, close: () => browser.close() };
}

async function openElectron(): Promise<OpenPage | null> {
  const electron = findElectron();
  if (electron === null || (await findDisplay()) === null) return null;
  const app = await _electron.launch({
    executablePath: electron.executable,
    args: [
      join(root, 'tests', 'conformance', 'blank-window'),
      '--ignore-certificate-errors',
      ...sandboxArguments(),
    ],
  });
  return {
    page: await app.firstWindow(),
    browser: `Electron ${electron.version}`,
    close: () => app.close(),
  };
}

function onPath(names: readonly string[]): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const files = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return files.find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
