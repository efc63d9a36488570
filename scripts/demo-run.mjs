/** Launches the program for the demonstration, watches its recording, and disturbs it where the script says so. */
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { electronPath, sandboxArguments } from './electron.mjs';
import { writeMicrophone } from './microphone-wav.mjs';
import { root } from './root.mjs';

/**
 * What is said, after how many milliseconds of silence. The program first needs time to connect; an answer that is to
 * be interrupted must have begun when `stop` comes and must not have ended.
 */
const SPOKEN = [
  ...[4000, 'what-time-is-it'],
  ...[6000, 'what-can-you-do'],
  ...[3500, 'stop'],
  ...[5000, 'what-can-you-do'],
  ...[3500, 'stop'],
];
const CLOSING_MS = 4000;
/** A picture, or the program's end, that takes longer than this does not come. */
const PICTURE_MS = 10_000;
const QUIT_MS = 15_000;
const UI_BLOCK_MS = 2000;
/** The last interruption comes this long after the UI thread was blocked. */
const UI_BLOCK_LEAD_MS = 300;

/**
 * Runs the conversation once.
 *
 * @param {{ folder: string, program: string | null, say: (line: string) => void }} options `folder` gets the sound and
 *   the screenshots; `program` is a packaged program, or null for the built one
 */
export async function runDemo({ folder, program, say }) {
  const { _electron } = await import('@playwright/test');
  const work = mkdtempSync(join(tmpdir(), 'parley-demo-'));
  const profile = join(work, 'profile');
  const recording = join(work, 'recording');
  mkdirSync(profile);
  writeFileSync(join(profile, 'settings.json'), JSON.stringify({ talkMode: 'free-mic', language: 'en' }));
  const microphone = join(work, 'microphone.wav');
  const startsMs = await writeMicrophone(microphone, [...SPOKEN, CLOSING_MS]);

  const { executablePath, args } = program
    ? { executablePath: program, args: [] }
    : { executablePath: electronPath().executable, args: [root] };
  const app = await _electron.launch({
    executablePath,
    args: [
      ...args,
      `--user-data-dir=${profile}`,
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${microphone}%noloop`,
      ...sandboxArguments(),
    ],
    env: { ...process.env, PARLEY_RECORD: recording, OPENAI_API_KEY: '' },
  });
  const errors = [];
  let uiBlocked = null;
  const watch = watchTimeline(join(recording, 'timeline.jsonl'));
  const printing = printTimeline(watch, say);
  try {
    const page = await app.firstWindow();
    page.on('pageerror', (error) => errors.push(`page: ${error.message}`));
    const picture = (name) => page.screenshot({ path: join(folder, `${name}.png`), timeout: PICTURE_MS });

    const begin = await watch.next('the recording', (entry) => entry.kind === 'begin');
    await watch.next(
      'sound from the microphone',
      (entry) => entry.kind === 'capture' && entry.type === 'chunk',
      60_000,
    );
    const heardSince = Date.now();
    const until = (ms) => sleep(Math.max(0, heardSince + ms - Date.now()));
    say('The program hears.');

    await picture('listening');
    await watch.next('an answer', isPlaybackStart);
    await picture('speaking');
    await watch.next('an answer', isPlaybackStart);
    await watch.next('an interruption', (entry) => entry.type === 'conversation.item.truncated');
    await picture('interrupted');
    await until(startsMs[SPOKEN.length - 1] - UI_BLOCK_LEAD_MS);
    uiBlocked = await blockUi(page, begin.epochMs);
    await until(startsMs[startsMs.length - 1]);
    await picture('end');
    for (const problem of await page.locator('.problem').allInnerTexts()) {
      errors.push(`the window shows a problem: ${problem.replace(/\s+/g, ' ')}`);
    }
  } catch (error) {
    errors.push(error.message);
  } finally {
    await quit(app, errors);
    printing.stop();
  }
  const timeline = watch.entries();
  const electron = versionOf(timeline);
  for (const name of ['answer.wav', 'microphone.wav', 'timeline.jsonl']) {
    if (existsSync(join(recording, name))) copyFileSync(join(recording, name), join(folder, name));
    else errors.push(`The program did not leave ${name}.`);
  }
  rmSync(work, { recursive: true, force: true });
  return { electron, timeline, uiBlocked, errors };
}

const isPlaybackStart = (entry) => entry.kind === 'playback' && entry.type === 'started';

/** Ends the program as a user would, and the hard way when it does not end. */
async function quit(app, errors) {
  const child = app.process();
  const ended = once(child, 'exit').then(() => true);
  if (child.exitCode !== null || child.signalCode !== null) {
    errors.push('The program ended by itself.');
    return;
  }
  await app.evaluate(({ app: program }) => program.quit()).catch(() => undefined);
  if (await Promise.race([ended, sleep(QUIT_MS, false, { ref: false })])) return;
  errors.push(`The program did not end within ${QUIT_MS / 1000} s.`);
  child.kill('SIGKILL');
  await ended;
}

function versionOf(timeline) {
  return timeline.find((entry) => entry.kind === 'begin')?.electron ?? null;
}

/** Keeps the page's UI thread busy; says from when to when, in milliseconds since the recording began. */
async function blockUi(page, epochMs) {
  const { start, end } = await page.evaluate((ms) => {
    const start = Date.now();
    while (Date.now() - start < ms);
    return { start, end: Date.now() };
  }, UI_BLOCK_MS);
  return { startMs: start - epochMs, endMs: end - epochMs };
}

/** Follows a growing timeline file. */
function watchTimeline(path) {
  let seen = 0;
  const read = () => {
    if (!existsSync(path)) return [];
    const text = readFileSync(path, 'utf8');
    const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
    return lines.filter(Boolean).map((line) => JSON.parse(line));
  };
  return {
    entries: read,
    /** The next entry that `matches`, after the one found last. Rejects after `timeoutMs`. */
    async next(what, matches, timeoutMs = 30_000) {
      const until = Date.now() + timeoutMs;
      while (Date.now() < until) {
        const entries = read();
        const index = entries.findIndex((entry, i) => i >= seen && matches(entry));
        if (index >= 0) {
          seen = index + 1;
          return entries[index];
        }
        await sleep(50);
      }
      throw new Error(`The conversation came to a halt: ${what} did not come.`);
    },
  };
}

/** Says what happens, as it happens. */
function printTimeline(watch, say) {
  let printed = 0;
  const print = () => {
    const entries = watch.entries();
    for (const entry of entries.slice(printed)) {
      const line = lineFor(entry);
      if (line) say(`${(entry.atMs / 1000).toFixed(2).padStart(7)} s  ${line}`);
    }
    printed = entries.length;
  };
  const timer = setInterval(print, 250);
  return {
    stop() {
      clearInterval(timer);
      print();
    },
  };
}

function lineFor(entry) {
  switch (`${entry.kind} ${entry.type ?? ''}`) {
    case 'server input_audio_buffer.speech_started':
      return 'you begin to speak';
    case 'server conversation.item.input_audio_transcription.completed':
      return `heard: ${entry.transcript}`;
    case 'playback started':
      return 'Parley begins to speak';
    case 'server response.output_audio_transcript.done':
      return `said: ${entry.transcript}`;
    case 'playback finished':
      return 'Parley has finished';
    case 'playback flushed':
      return entry.items.length > 0 ? 'Parley is silent: interrupted' : null;
    case 'client conversation.item.truncate':
      return `told the server: heard up to ${entry.audio_end_ms} ms`;
    default:
      return null;
  }
}
