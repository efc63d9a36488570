/** Starts the built program for a measurement: free mic, and a scripted server to talk to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import wavefile from 'wavefile';
import { launchApp } from '../app';
import type { Bench } from '../figure';
import type { SoundCard } from '../sound-card';
import type { Entry } from '../timeline';
import type { Span } from './arrivals';
import type { AudioClock } from './audio-clock';
import { installClock } from './clock-probe';

export interface Program {
  /** Blocks the UI thread of the page for `ms`; says when it was blocked, in milliseconds since 1970. */
  blockUi(ms: number): Promise<Span>;
  /** Quits as a user would, and reads what was recorded. */
  quit(): Promise<Recording>;
  /** Ends it where it still runs. */
  close(): Promise<void>;
}

export interface Recording {
  timeline: readonly Entry[];
  /** Where the timeline's 0 is, in milliseconds since 1970; true to a millisecond. */
  epochMs: number;
  /** Of the audio thread, in milliseconds since 1970. */
  clock: AudioClock;
  /** What the microphone gave, PCM16 at 24 kHz; `frame` is the position of its first sample. */
  microphone: { pcm: Int16Array; frame: number };
}

/** `folder` takes the recording. */
export async function startProgram(
  bench: Bench,
  folder: string,
  options: { serverUrl: string; card: SoundCard; ear: 'full' | 'off' },
): Promise<Program> {
  const recording = join(folder, 'recording');
  const app = await launchApp({
    root: bench.root,
    card: options.card,
    ear: options.ear,
    recording,
    settings: { service: 'custom', customBaseUrl: options.serverUrl },
  });
  const { page, timeline, quit } = app;
  const readClock = await installClock(app).catch(async (cause: unknown) => {
    await quit();
    throw cause;
  });
  let ended = false;
  const end = async (): Promise<void> => {
    if (ended) return;
    ended = true;
    await quit();
  };
  return {
    close: end,
    blockUi: (ms) =>
      page.evaluate((length) => {
        const startMs = Date.now();
        let endMs = startMs;
        while (endMs - startMs < length) endMs = Date.now();
        return { startMs, endMs };
      }, ms),
    async quit() {
      const clock = await readClock();
      await end();
      const entries = timeline.entries();
      const wav = new wavefile.WaveFile(readFileSync(join(recording, 'microphone.wav')));
      const first = entries.find(({ kind, type }) => kind === 'capture' && type === 'chunk');
      return {
        timeline: entries,
        epochMs: timeline.epochMs({ atMs: 0, kind: 'epoch' }),
        clock,
        microphone: {
          pcm: Int16Array.from(wav.getSamples(false, Int16Array) as unknown as Int16Array),
          frame: first?.frame ?? 0,
        },
      };
    },
  };
}
