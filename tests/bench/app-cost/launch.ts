/** Starts an Electron program as a user does, and says when its window first showed something. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { electronPath, sandboxArguments } from '../../../scripts/electron.mjs';
import { openPage, type Page } from './devtools';

const START_MS = 60_000;
const QUIT_MS = 10_000;
const POLL_MS = 50;

export interface LaunchOptions {
  /** The folder Electron is given as the program. */
  program: string;
  /** Folder of its settings; kept between launches. */
  profile: string;
  args?: string[];
  env?: Record<string, string>;
}

export interface Launched {
  pid: number;
  page: Page;
  /** Wall clock at the launch. */
  launchedAtMs: number;
  /** Milliseconds from the launch to the first text or picture in the window. */
  shownMs(): Promise<number>;
  /** Resolves when `expression` is truthy in the page. */
  until(expression: string): Promise<void>;
  /** Closes the window as its close button does; a program in the tray goes on. */
  hide(): Promise<void>;
  quit(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export async function launch({ program, profile, args = [], env = {} }: LaunchOptions): Promise<Launched> {
  const launchedAtMs = Date.now();
  const child = spawn(
    electronPath().executable,
    [...sandboxArguments(), '--remote-debugging-port=0', `--user-data-dir=${profile}`, ...args, program],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, OPENAI_API_KEY: '', ...env } },
  );
  running.add(child);
  child.once('exit', () => running.delete(child));
  const page = await openPage(await debuggingPort(child), START_MS);

  const until = async (expression: string): Promise<void> => {
    const end = Date.now() + START_MS;
    while (!(await page.evaluate<boolean>(`Boolean(${expression})`))) {
      if (Date.now() > end) throw new Error(`Not within ${START_MS / 1000} s in ${program}: ${expression}`);
      await sleep(POLL_MS);
    }
  };
  return {
    pid: child.pid ?? 0,
    page,
    launchedAtMs,
    until,
    async shownMs() {
      // The page keeps when it was painted, so it does not matter when it is asked.
      const paint = `performance.getEntriesByName('first-contentful-paint')[0]`;
      await until(paint);
      return (await page.evaluate<number>(`performance.timeOrigin + ${paint}.startTime`)) - launchedAtMs;
    },
    hide: async () => {
      await page.evaluate('window.close()');
    },
    async quit() {
      page.close();
      const ended = once(child, 'exit');
      child.kill();
      const hard = setTimeout(() => child.kill('SIGKILL'), QUIT_MS);
      if (child.exitCode === null && child.signalCode === null) await ended;
      clearTimeout(hard);
    },
  };
}

/** Chromium picks a free port and says it on standard error. */
async function debuggingPort(child: ChildProcess): Promise<number> {
  let said = '';
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`Electron ended before it had a window: ${said.slice(-500)}`));
    child.once('exit', fail);
    child.once('error', reject);
    child.stderr?.on('data', (data: Buffer) => {
      // Read to the end, so that the program is never held up by a full pipe; only the beginning is kept.
      if (said.length < 20_000) said += data;
      const port = /DevTools listening on ws:\/\/[^:]+:(\d+)\//.exec(said)?.[1];
      if (!port) return;
      child.off('exit', fail);
      resolve(Number(port));
    });
  });
}
