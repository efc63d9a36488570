/** One program on one sound card with a server that answers at length: the stage on which it is interrupted. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { firstAudible } from '../analysis';
import { type App, launchApp } from '../app';
import { type ChatServer, openChatServer } from '../chat-server';
import { CARD_RATE, openSoundCard, type SoundCard } from '../sound-card';
import type { Entry } from '../timeline';
import { isCommand } from './interrupt';

export interface Stage {
  card: SoundCard;
  chat: ChatServer;
  app: App;
  /**
   * Resolves when an answer has been sounding for `forMs` and will for `leftMs` more; asks for one by keyboard when
   * there is none. Where too little is left it is cut off by a new one, or let go on to its end before that.
   */
  sounding(forMs: number, leftMs: number, short?: 'cut' | 'let-end'): Promise<void>;
  /** Resolves when nothing has been sounding for `forMs`. */
  silent(forMs: number): Promise<void>;
  /** The same sooner: cuts off, as the user's key does, whatever sounds until then. */
  hush(forMs: number): Promise<void>;
  /** Whether the loudspeaker was audible within the last `ms`. */
  heardWithin(ms: number): boolean;
  close(): Promise<void>;
}

export interface StageOptions {
  root: string;
  ear: 'full' | 'energy' | 'off';
  /** Sentences of an answer. */
  sentences: number;
  settings?: Record<string, unknown>;
  trace?: string;
  /** A folder for the program's recording of the run, and for that of the card. */
  recording?: string;
}

/** The assistant's voice, which no user of the bench has: nobody in the room speaks with the assistant's own. */
const ANSWER_VOICE = 'echo';

const samples = (ms: number): number => Math.round((ms * CARD_RATE) / 1000);
const POLL_MS = 25;
/** An answer by keyboard takes at most this long to begin. */
const ANSWER_MS = 20_000;
/** Nothing sounds for this long between two answers that follow one another by themselves. */
const QUIET_MS = 3500;
/** An answer that is cut off by key is silent by then. */
const CUT_MS = 250;

export async function openStage(options: StageOptions): Promise<Stage> {
  const card = await openSoundCard();
  const chat = await openChatServer();
  const close = async (): Promise<void> => {
    await chat.close();
    await card.close();
  };
  chat.sentences = options.sentences;
  const { sentences: _, settings, ...rest } = options;
  const llm = { kind: 'openai-compatible', baseUrl: chat.baseUrl, model: 'scripted' };
  const app = await launchApp({ ...rest, card, settings: { llm, voice: ANSWER_VOICE, ...settings } }).catch(
    async (cause) => {
      await close();
      throw cause;
    },
  );
  const { tracks } = card;
  let closed = false;

  const heardWithin = (ms: number): boolean =>
    firstAudible(tracks.speaker(tracks.length - samples(ms), tracks.length)) !== null;

  /** When the answer that sounds now began, and how much longer it lasts at least. */
  function answer(): { sinceMs: number; leftMs: number } | null {
    const entries = app.timeline.entries();
    const index = lastStart(entries);
    const started = entries[index];
    if (!started) return null;
    const ended = entries
      .slice(index)
      .some(({ kind, type }) => kind === 'playback' && (type === 'finished' || type === 'flushed'));
    if (ended) return null;
    const bytes = entries
      .filter(({ type, item_id }) => type === 'response.output_audio.delta' && item_id === started.itemId)
      .reduce((sum, entry) => sum + (entry.bytes as number), 0);
    const sinceMs = Date.now() - app.timeline.epochMs(started);
    return { sinceMs, leftMs: bytes / 48 - sinceMs };
  }

  /** Whether an answer may begin by itself: since the last one did, somebody was heard, or it was cut off. */
  function somethingFollows(): boolean {
    const entries = app.timeline.entries();
    return entries
      .slice(lastStart(entries) + 1)
      .some((entry) => isCommand(entry) || entry.type === 'input_audio_buffer.speech_started');
  }

  async function sounding(forMs: number, leftMs: number, short: 'cut' | 'let-end' = 'cut'): Promise<void> {
    let quietSince = Date.now();
    let audibleSince = 0;
    for (const until = Date.now() + 90_000; Date.now() < until; await sleep(POLL_MS)) {
      const now = Date.now();
      const running = answer();
      if (!heardWithin(600)) {
        audibleSince = 0;
        if ((running || somethingFollows()) && now - quietSince < QUIET_MS) continue;
        const mark = app.timeline.mark();
        await app.type('Please tell me a long story.');
        await app.timeline.next(isStart, ANSWER_MS, 'an answer', mark);
        quietSince = Date.now();
        continue;
      }
      quietSince = now;
      audibleSince ||= now;
      if (!running || running.sinceMs < forMs || now - audibleSince < forMs) continue;
      if (running.leftMs > leftMs) return;
      if (short === 'let-end') continue;
      // Too little is left of this one: a new one by keyboard.
      await app.type('Another one, please.');
      audibleSince = 0;
      await sleep(1000);
    }
    throw new Error('No answer was sounding.');
  }

  async function silent(forMs: number): Promise<void> {
    for (const until = Date.now() + 120_000; Date.now() < until; await sleep(POLL_MS)) {
      if (!heardWithin(forMs)) return;
    }
    throw new Error('The answer did not end.');
  }

  async function hush(forMs: number): Promise<void> {
    for (const until = Date.now() + 30_000; Date.now() < until; await sleep(POLL_MS)) {
      if (!heardWithin(forMs)) return;
      if (!heardWithin(CUT_MS)) continue;
      await app.interrupt();
      await sleep(CUT_MS);
    }
    throw new Error('The answer was not cut off.');
  }

  return {
    card,
    chat,
    app,
    sounding,
    silent,
    hush,
    heardWithin,
    async close() {
      if (closed) return;
      closed = true;
      await app.quit();
      if (options.recording) writeFileSync(join(options.recording, 'card.wav'), tracks.toWav());
      await close();
    },
  };
}

/** Index of the last start of an answer; -1 when there was none. */
function lastStart(entries: readonly Entry[]): number {
  let index = entries.length - 1;
  while (index >= 0 && !isStart(entries[index] as Entry)) index--;
  return index;
}

/** The first sample of an answer was rendered. */
export function isStart({ kind, type }: Entry): boolean {
  return kind === 'playback' && type === 'started';
}
