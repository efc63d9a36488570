/** The assistant in a room without headphones: it speaks for two minutes and never takes itself for the user. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import wavefile from 'wavefile';
import { root } from '../../scripts/root.mjs';
import { launchApp } from '../bench/app';
import { openChatServer } from '../bench/chat-server';
import { CARD_RATE, openSoundCard } from '../bench/sound-card';
import type { Entry } from '../bench/timeline';

/** dB of the answer in the microphone below that at the loudspeaker, one after the other. */
const ROOMS_DB = [-6, -16, -26];
const ANSWER_MS = 120_000;
/** Sentences of the scripted answer that last about 140 s. */
const SENTENCES = 33;

const isStart = ({ kind, type }: Entry): boolean => kind === 'playback' && type === 'started';
const isSpeech = ({ kind, type }: Entry): boolean =>
  kind === 'server' && type === 'input_audio_buffer.speech_started';
/** Whatever makes an answer silent. */
const isSilencing = ({ kind, type }: Entry): boolean =>
  kind === 'hold' || kind === 'flush' || (kind === 'client' && type === 'conversation.item.truncate');

test('an answer of two minutes never hears itself, and a real interjection still cuts it', async () => {
  test.setTimeout(ANSWER_MS + 120_000);
  const folder = mkdtempSync(join(tmpdir(), 'parley-self-echo-'));
  const card = await openSoundCard();
  const chat = await openChatServer();
  chat.sentences = SENTENCES;
  const llm = { kind: 'openai-compatible', baseUrl: chat.baseUrl, model: 'scripted' };
  const app = await launchApp({ root, card, settings: { llm } });
  try {
    const begin = app.timeline.mark();
    await card.room(ROOMS_DB[0] as number);
    await app.type('Please tell me a long story.');
    await app.timeline.next(isStart, 20_000, 'an answer', begin);
    for (const room of ROOMS_DB) {
      await card.room(room);
      await sleep(ANSWER_MS / ROOMS_DB.length);
    }
    const alone = app.timeline.entries().slice(begin);
    expect(alone.filter(isSpeech).map(({ atMs }) => atMs)).toEqual([]);
    expect(alone.filter(isSilencing).map(({ atMs, kind }) => `${kind} at ${atMs}`)).toEqual([]);
    // It did sound all the time, and the microphone heard it.
    expect(alone.some(({ kind, type }) => kind === 'playback' && type === 'finished')).toBe(false);
    const last = card.tracks.length;
    expect(peak(card.tracks.speaker(last - CARD_RATE, last))).toBeGreaterThan(1000);
    expect(peak(card.tracks.mic(last - CARD_RATE, last))).toBeGreaterThan(50);

    const spoken = app.timeline.mark();
    await card.play(atCardRate('what-is-ten-percent-of-two-hundred', folder)).done;
    const cut = await app.timeline.next(
      ({ kind, type }) => kind === 'client' && type === 'conversation.item.truncate',
      10_000,
      'the interruption',
      spoken,
    );
    expect(cut.audio_end_ms).toBeGreaterThan(ANSWER_MS - 5000);
    await app.timeline.next(isSpeech, 5000, 'what was said, at the server', spoken);
  } finally {
    await app.quit();
    await chat.close();
    await card.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

function peak(sound: Int16Array): number {
  return sound.reduce((max, s) => Math.max(max, Math.abs(s)), 0);
}

/** A fixture as a WAV that the card plays without changing it. */
function atCardRate(name: string, folder: string): string {
  const wav = new wavefile.WaveFile(readFileSync(join(root, 'tests', 'fixtures', `${name}.wav`)));
  wav.toSampleRate(CARD_RATE, { method: 'sinc' });
  const path = join(folder, `${name}.wav`);
  writeFileSync(path, wav.toBuffer());
  return path;
}
