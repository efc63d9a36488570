/** The built program on a sound card: launched, watched by what it records, spoken to by keyboard. Imports nothing of `src`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { ElectronApplication, Page } from '@playwright/test';
import type { SoundCard } from './sound-card';
import { followTimeline, type Timeline } from './timeline';

export interface AppOptions {
  /** A built checkout. */
  root: string;
  card: SoundCard;
  /** settings.json, beyond free mic and English. */
  settings?: Record<string, unknown>;
  /** How the program hears the user itself; see PARLEY_EAR. */
  ear?: 'full' | 'energy' | 'off';
  /** A file for the server's trace events. */
  trace?: string;
  /** Where the recording of the run stays; a folder that is removed when not given. */
  recording?: string;
  args?: string[];
}

export interface App {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly timeline: Timeline;
  /** Types `text` and sends it. */
  type(text: string): Promise<void>;
  /** Cuts the answer off as the user's key does. */
  interrupt(): Promise<void>;
  /** Changes settings as the settings page does. */
  update(patch: Record<string, unknown>): Promise<void>;
  quit(): Promise<void>;
}

const START_MS = 60_000;
const QUIT_MS = 15_000;

/** Resolves when the program is connected and hears the microphone. */
export async function launchApp(options: AppOptions): Promise<App> {
  const { root, card } = options;
  const { _electron } = await import('@playwright/test');
  const electron = await script<typeof import('../../scripts/electron.mjs')>(root, 'electron.mjs');
  const display = await openDisplay(root);
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-app-'));
  const profile = join(folder, 'profile');
  const recording = options.recording ?? join(folder, 'recording');
  mkdirSync(profile);
  const settings = { talkMode: 'free-mic', language: 'en', ...options.settings };
  writeFileSync(join(profile, 'settings.json'), JSON.stringify(settings));

  const app = await _electron.launch({
    executablePath: electron.electronPath().executable,
    args: [root, `--user-data-dir=${profile}`, ...electron.sandboxArguments(), ...(options.args ?? [])],
    env: {
      ...(process.env as Record<string, string>),
      ...card.env,
      ...display.env,
      OPENAI_API_KEY: '',
      PARLEY_RECORD: recording,
      PARLEY_EAR: options.ear ?? 'full',
      ...(options.trace ? { PARLEY_TRACE: options.trace } : {}),
    },
    timeout: START_MS,
  });
  const timeline = followTimeline(join(recording, 'timeline.jsonl'));

  async function quit(): Promise<void> {
    const child = app.process();
    const ended =
      child.exitCode !== null || child.signalCode !== null
        ? Promise.resolve(true)
        : once(child, 'exit').then(() => true);
    await app.evaluate(({ app: program }) => program.quit()).catch(() => undefined);
    if (!(await Promise.race([ended, sleep(QUIT_MS, false, { ref: false })]))) child.kill('SIGKILL');
    await ended;
    timeline.close();
    await display.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  try {
    const page = await app.firstWindow();
    await page.locator('.state-word').waitFor({ timeout: START_MS });
    await timeline.next(
      (entry) => entry.kind === 'capture' && entry.type === 'chunk',
      START_MS,
      'the microphone',
    );
    await timeline.next((entry) => entry.type === 'session.updated', START_MS, 'the server', 0);
    return {
      app,
      page,
      timeline,
      async type(text) {
        await page.getByRole('textbox').fill(text);
        await page.getByRole('textbox').press('Enter');
      },
      async interrupt() {
        await page.evaluate("window.parley.command('interrupt')");
      },
      async update(patch) {
        const code = `window.parley.command('settings.update', ${JSON.stringify(patch)})`;
        const result = (await page.evaluate(code)) as { ok?: boolean } | null;
        if (result && result.ok === false) throw new Error('The program refused the settings.');
      },
      quit,
    };
  } catch (cause) {
    await quit();
    throw cause;
  }
}

/** A module of the checkout's scripts, from where it lies: they find the checkout by their own place. */
async function script<T>(root: string, name: string): Promise<T> {
  return (await import(/* @vite-ignore */ pathToFileURL(join(root, 'scripts', name)).href)) as T;
}

/** A display of our own where this machine offers none. */
async function openDisplay(root: string): Promise<{ env: Record<string, string>; close(): Promise<void> }> {
  const { findDisplay } = await script<typeof import('../../scripts/display.mjs')>(root, 'display.mjs');
  if (await findDisplay()) return { env: {}, close: async () => undefined };
  const server: ChildProcess = spawn(
    'Xvfb',
    ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const failed = once(server, 'exit').then(() => {
    throw new Error('There is no display, and Xvfb did not start one (Debian: xvfb).');
  });
  const [number] = (await Promise.race([once(server.stdout as NodeJS.ReadableStream, 'data'), failed])) as [
    Buffer,
  ];
  failed.catch(() => undefined);
  return {
    env: { DISPLAY: `:${number.toString().trim()}` },
    async close() {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
    },
  };
}
