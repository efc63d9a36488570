/** Window, tray, single instance, hotkey conflicts and stored keys. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { electronPath, sandboxArguments } from '../../scripts/electron.mjs';
import { root } from '../../scripts/root.mjs';
import { type Program, startProgram } from './program';

let program: Program | null = null;
test.afterEach(async () => {
  await program?.close();
  program = null;
});

const isVisible = ({ app }: Program): Promise<boolean | undefined> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());

test('closing the window leaves it in the tray; a second start shows it again and ends', async () => {
  program = await startProgram();
  const running = program;
  await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(() => isVisible(running)).toBe(false);
  await expect.poll(async () => (await running.state()).connection).toBe('connected');
  const second = spawn(
    electronPath().executable,
    [root, `--user-data-dir=${running.profile}`, ...sandboxArguments()],
    { stdio: 'ignore' },
  );
  await once(second, 'exit');
  await expect.poll(() => isVisible(running)).toBe(true);
});

test('a hotkey that another program has is said, and another can be chosen', async () => {
  const other = await startProgram();
  try {
    program = await startProgram({ settings: {} });
    const running = program;
    expect((await running.state()).problems.map(({ code }) => code)).toEqual(['hotkey-taken']);
    await expect(
      running.page.getByRole('heading', { name: 'Another program has this hotkey' }),
    ).toBeVisible();
    await running.page.evaluate(() => window.parley.command('settings.update', { hotkey: 'Control+Alt+F8' }));
    await expect.poll(async () => (await running.state()).problems).toEqual([]);
    expect((await running.state()).hotkey).toEqual({ accelerator: 'Control+Alt+F8', kind: 'hold' });
  } finally {
    await other.close();
  }
});

test('a key is refused where the system cannot protect it', async () => {
  program = await startProgram({ args: ['--password-store=basic'] });
  const result = await program.page.evaluate(() =>
    window.parley.command('key.set', { name: 'openai', value: 'sk-canary' }),
  );
  expect(result).toMatchObject({ ok: false, problem: { code: 'key-not-storable' } });
  expect((await program.state()).keys.openai).toEqual({ source: 'none', storable: false });
});

test('a key is kept sealed by the system and comes back after a restart', async () => {
  test.skip(!(await unlockKeyring()), 'needs gnome-keyring and a session bus');
  const profile = mkdtempSync(join(tmpdir(), 'parley-e2e-'));
  const args = ['--password-store=gnome-libsecret'];
  program = await startProgram({ profile, args });
  expect(
    await program.page.evaluate(() =>
      window.parley.command('key.set', { name: 'custom', value: 'sk-canary' }),
    ),
  ).toEqual({ ok: true });
  await program.close();
  for (const file of readdirSync(profile, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    expect(readFileSync(join(file.parentPath, file.name)).includes('sk-canary'), file.name).toBe(false);
  }
  program = await startProgram({ profile, args });
  expect((await program.state()).keys.custom).toEqual({ source: 'stored', storable: true });
  expect(await program.page.evaluate(() => window.parley.command('key.clear', 'custom'))).toEqual({
    ok: true,
  });
  expect((await program.state()).keys.custom.source).toBe('none');
});

test('settings and the mode survive a restart', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'parley-e2e-'));
  program = await startProgram({ profile, settings: {} });
  await program.page.evaluate(() =>
    window.parley.command('settings.update', { voice: 'cedar', theme: 'dark' }),
  );
  await program.page.getByRole('radio', { name: 'Free mic' }).check({ force: true });
  await expect.poll(async () => (await program?.state())?.talkMode.mode).toBe('free-mic');
  await program.close();
  expect(JSON.parse(readFileSync(join(profile, 'settings.json'), 'utf8'))).toMatchObject({
    voice: 'cedar',
    theme: 'dark',
    talkMode: 'free-mic',
  });
  program = await startProgram({ profile });
  expect((await program.state()).talkMode.mode).toBe('free-mic');
});

/** Starts and unlocks a keyring on the session bus of this run; false where there is none. */
async function unlockKeyring(): Promise<boolean> {
  if (!process.env.DBUS_SESSION_BUS_ADDRESS) return false;
  const daemon = spawn('gnome-keyring-daemon', ['--unlock', '--components=secrets'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const failed = once(daemon, 'error').then(() => false);
  const unlocked = once(daemon, 'spawn').then(async () => {
    daemon.stdin?.end('password');
    const [code] = await once(daemon, 'exit');
    return code === 0;
  });
  return Promise.race([failed, unlocked]);
}
