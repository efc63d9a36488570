/** Starts the built program for a measurement: recording, free mic, and a scripted server to talk to. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import wavefile from 'wavefile';
import { electronPath, sandboxArguments } from '../../../scripts/electron.mjs';
import type { SettingsPatch } from '../../../src/shared/settings';
import type { Bench } from '../figure';
import type { Sound } from './sound';
import { type Entry, parseTimeline } from './timeline';

export interface Block {
  /** When the UI thread was blocked, in milliseconds since 1970. */
  startMs: number;
  endMs: number;
}

export interface Program {
  /** Blocks the UI thread of the page for `ms`. */
  blockUi(ms: number): Promise<Block>;
  /** Quits as a user would, and reads what was recorded. */
  quit(): Promise<Recording>;
}

export interface Recording {
  timeline: Entry[];
  /** What the microphone gave, PCM16 at 24 kHz; `frame` is the position of its first sample. */
  microphone: { pcm: Int16Array; frame: number };
}

const QUIT_MS = 15_000;

/** `folder` is new; `env` is laid over the environment. */
export async function startProgram(
  bench: Bench,
  folder: string,
  options: { serverUrl: string; sound: Sound; env?: Record<string, string> },
): Promise<Program> {
  const { _electron } = await import('@playwright/test');
  const profile = join(folder, 'profile');
  const recording = join(folder, 'recording');
  mkdirSync(profile, { recursive: true });
  const settings: SettingsPatch = {
    service: 'custom',
    customBaseUrl: options.serverUrl,
    talkMode: 'free-mic',
    language: 'en',
  };
  writeFileSync(join(profile, 'settings.json'), JSON.stringify(settings));
  const app = await _electron.launch({
    executablePath: electronPath().executable,
    args: [bench.root, `--user-data-dir=${profile}`, ...options.sound.args, ...sandboxArguments()],
    env: {
      ...(process.env as Record<string, string>),
      ...options.sound.env,
      OPENAI_API_KEY: '',
      PARLEY_RECORD: recording,
      ...options.env,
    },
  });
  const page = await app.firstWindow();
  return {
    blockUi: (ms) =>
      page.evaluate((length) => {
        const startMs = performance.timeOrigin + performance.now();
        let nowMs = startMs;
        while (nowMs - startMs < length) nowMs = performance.timeOrigin + performance.now();
        return { startMs, endMs: nowMs };
      }, ms),
    async quit() {
      const child = app.process();
      const ended = new Promise<boolean>((resolve) => child.once('exit', () => resolve(true)));
      await app.evaluate(({ app: electron }) => electron.quit()).catch(() => undefined);
      if (!(await Promise.race([ended, sleep(QUIT_MS, false, { ref: false })]))) {
        child.kill('SIGKILL');
        throw new Error(`The program did not end within ${QUIT_MS / 1000} s.`);
      }
      return readRecording(recording);
    },
  };
}

function readRecording(folder: string): Recording {
  const timeline = parseTimeline(readFileSync(join(folder, 'timeline.jsonl'), 'utf8'));
  const wav = new wavefile.WaveFile(readFileSync(join(folder, 'microphone.wav')));
  const first = timeline.find(({ kind, type }) => kind === 'capture' && type === 'chunk');
  const pcm = Int16Array.from(wav.getSamples(false, Int16Array) as unknown as Int16Array);
  return { timeline, microphone: { pcm, frame: Number(first?.frame ?? 0) } };
}
