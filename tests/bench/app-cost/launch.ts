/** Starts an Electron program as a user does, and says when its window first showed something. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { electronPath, sandboxArguments } from '../../../scripts/electron.mjs';
import { openTarget, pageAddress, type Target } from './devtools';

const START_MS = 60_000;
const QUIT_MS = 10_000;
const POLL_MS = 50;
/** Characters of standard error that are kept. */
const KEPT = 20_000;

export interface LaunchOptions {
  /** The folder Electron is given as the program. */
  program: string;
  /** Folder of its settings; kept between launches. */
  profile: string;
  args?: string[];
  env?: Record<string, string>;
  /** Lets the main process be asked, which `hide` needs. It costs the program a thread and a few megabytes. */
  inspected?: boolean;
}

export interface Launched {
  pid: number;
  page: Target;
  /** Wall clock at the launch. */
  launchedAtMs: number;
  /** Milliseconds from the launch to the first text or picture in the window. */
  shownMs(): Promise<number>;
  /** Resolves when `expression`, awaited, is truthy in the page. */
  until(expression: string): Promise<void>;
  /** Closes the window as its close button does; rejects unless it is hidden then and the program goes on. */
  hide(): Promise<void>;
  quit(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export async function launch(options: LaunchOptions): Promise<Launched> {
  const { program, profile, args = [], env = {}, inspected = false } = options;
  const launchedAtMs = Date.now();
  const child = spawn(
    electronPath().executable,
    [
      ...(inspected ? ['--inspect=0'] : []),
      ...sandboxArguments(),
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      ...args,
      program,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, OPENAI_API_KEY: '', ...env } },
  );
  running.add(child);
  child.once('exit', () => running.delete(child));
  const said = listen(child);
  const [, port] = await said(/DevTools listening on ws:\/\/[^:]+:(\d+)\//);
  const page = await openTarget(await pageAddress(Number(port), START_MS));

  const until = async (expression: string): Promise<void> => {
    const end = Date.now() + START_MS;
    let failure: unknown;
    for (;;) {
      const asked = page.evaluate<boolean>(`(async () => Boolean(await (${expression})))()`);
      // A page that is only being loaded takes the question with it.
      const holds = await asked.catch((cause: unknown) => {
        failure = cause;
        return false;
      });
      if (holds) return;
      if (Date.now() > end) {
        throw new Error(`Not within ${START_MS / 1000} s in ${program}: ${expression}`, { cause: failure });
      }
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
    async hide() {
      const [, address = ''] = await said(/Debugger listening on (ws:\S+)/);
      const main = await openTarget(address);
      const visible = await main.evaluate<boolean>(CLOSE_WINDOW);
      main.close();
      if (visible) throw new Error(`The window of ${program} could not be hidden.`);
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

const CLOSE_WINDOW = `(() => {
  const [window] = require('electron').BrowserWindow.getAllWindows();
  window.close();
  return window.isVisible();
})()`;

/** Waits for what a program prints on standard error, from its beginning on. */
function listen(child: ChildProcess): (pattern: RegExp) => Promise<RegExpExecArray> {
  let said = '';
  const heard = new Set<() => void>();
  // Read to the end, so that the program is never held up by a full pipe; only the beginning is kept.
  child.stderr?.on('data', (data: Buffer) => {
    if (said.length < KEPT) said += data;
    for (const check of heard) check();
  });
  return (pattern) =>
    new Promise((resolve, reject) => {
      const finish = (): void => {
        heard.delete(check);
        child.off('exit', fail);
      };
      const fail = (): void => {
        finish();
        reject(new Error(`Electron ended before it said ${pattern}: ${said.slice(-500)}`));
      };
      const check = (): void => {
        const match = pattern.exec(said);
        if (!match) return;
        finish();
        resolve(match);
      };
      heard.add(check);
      child.once('exit', fail);
      child.once('error', reject);
      check();
    });
}
