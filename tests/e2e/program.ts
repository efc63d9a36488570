/** Starts the built program in real Electron, with a folder of its own and a WAV (or nothing) as its microphone. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { electronPath, sandboxArguments } from '../../scripts/electron.mjs';
import { writeMicrophone } from '../../scripts/microphone-wav.mjs';
import { root } from '../../scripts/root.mjs';
import type { AppState } from '../../src/shared/ipc';
import type { SettingsPatch } from '../../src/shared/settings';

export interface Program {
  app: ElectronApplication;
  page: Page;
  /** The profile folder: settings.json, keys.json. */
  profile: string;
  /** The state as the page is told it. */
  state(): Promise<AppState>;
  close(): Promise<void>;
}

export interface ProgramOptions {
  settings?: SettingsPatch;
  /**
   * Heard by the microphone, once, from when it is opened: milliseconds of silence and names of fixtures. A minute of
   * silence when not given; `null` is a computer without a microphone.
   */
  microphone?: (number | string)[] | null;
  args?: string[];
  env?: Record<string, string>;
  profile?: string;
}

export async function startProgram(options: ProgramOptions = {}): Promise<Program> {
  const profile = options.profile ?? mkdtempSync(join(tmpdir(), 'parley-e2e-'));
  mkdirSync(profile, { recursive: true });
  if (options.settings) {
    writeFileSync(join(profile, 'settings.json'), JSON.stringify({ language: 'en', ...options.settings }));
  }
  const { microphone = [60_000] } = options;
  const wav = join(profile, 'microphone.wav');
  if (microphone) await writeMicrophone(wav, microphone);
  const app = await _electron.launch({
    executablePath: electronPath().executable,
    args: [
      root,
      `--user-data-dir=${profile}`,
      ...(microphone === null
        ? []
        : ['--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${wav}%noloop`]),
      ...sandboxArguments(),
      ...(options.args ?? []),
    ],
    env: { ...(process.env as Record<string, string>), OPENAI_API_KEY: '', ...options.env },
  });
  const page = await app.firstWindow();
  await page.locator('.state-word').waitFor();
  return {
    app,
    page,
    profile,
    state: () => page.evaluate(async () => (await window.parley.command('ready')).state),
    async close() {
      await app.evaluate(({ app: electron }) => electron.quit()).catch(() => undefined);
      await app.close().catch(() => undefined);
      if (!options.profile) rmSync(profile, { recursive: true, force: true });
    },
  };
}
