import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEar, createEnergyEar } from '../../src/ear';
import { CHUNK_SAMPLES } from '../../src/shared/audio';
import { createLogger, type LogEntry, silentLogger } from '../../src/shared/log';
import { MODELS_DIR } from '../helpers/sound';
import { listen } from './listen';
import { atLevel, atPeak, chunks, join, noise, samples, silence, tone } from './sounds';
import { SPEAKERS, speak } from './voices';

const words = atPeak(await speak('what about tomorrow', { voice: 'rms' }), -15);

describe('without a usable model file', () => {
  it.each([
    ['missing', null],
    ['damaged', 'no model'],
  ])('%s: it hears by pitch, and says so', async (_name, content) => {
    const folder = await mkdtemp(joinPath(tmpdir(), 'ear-'));
    if (content !== null) await writeFile(joinPath(folder, 'silero_vad_v5.onnx'), content);
    const entries: LogEntry[] = [];
    const ear = await createEar({ modelsDir: folder, log: createLogger((entry) => entries.push(entry)) });
    expect(ear.name).toBe('pitch');
    expect(entries.map(({ level }) => level)).toEqual(['warn']);
    const heard = listen(ear, join(silence(800), words, silence(500)));
    expect(heard.voiceMs).toBeGreaterThan(800);
    expect(heard.voiceMs).toBeLessThan(1300);
    ear.reset();
    expect(listen(ear, join(silence(800), atLevel(noise(3000, 0), -30))).totalVoiceMs).toBeLessThan(100);
  });
});

describe('what a hearing says', async () => {
  const ear = await createEar({ modelsDir: MODELS_DIR, log: silentLogger });

  it('counts a stretch from its first soft sound and keeps its voice when it is over', () => {
    const { hearings } = listen(ear, join(silence(1000), words, silence(600)));
    const first = hearings.find(({ sound }) => sound === 'voice');
    const last = hearings.at(-1);
    expect(first?.stretchMs).toBeGreaterThanOrEqual(20);
    expect(Math.max(...hearings.map(({ stretchMs }) => stretchMs))).toBeGreaterThan(400);
    expect(last).toMatchObject({ sound: 'none', stretchMs: 0, wordless: false, echo: false });
    expect(last?.voiceMs).toBeGreaterThan(300);
  });

  it('forgets the sound, and a jump of the clock does no harm', () => {
    listen(ear, join(silence(300), words.subarray(0, samples(400))));
    ear.reset();
    const [chunk] = [...chunks(silence(20))];
    expect(ear.hear(chunk as Int16Array, 9_000_000)).toMatchObject({ sound: 'none', stretchMs: 0 });
    expect(ear.hear(chunk as Int16Array, 0)).toMatchObject({ sound: 'none', stretchMs: 0 });
    const heard = listen(ear, join(silence(600), words), undefined, { frame: CHUNK_SAMPLES });
    expect(heard.voiceMs).toBeLessThan(1200);
  });

  it('takes chunks of any length', () => {
    ear.reset();
    const recording = [...chunks(join(silence(600), words))].flatMap((chunk) => [
      chunk.subarray(0, 77),
      chunk.subarray(77),
    ]);
    let frame = 0;
    const sounds = recording.map((part) => {
      const { sound } = ear.hear(part, frame);
      frame += part.length;
      return sound;
    });
    expect(sounds).toContain('voice');
  });
});

describe('what can be hummed', async () => {
  const ear = await createEar({ modelsDir: MODELS_DIR, log: silentLogger });

  it.each(
    SPEAKERS.flatMap((speaker) =>
      ['stop', 'no', 'wait', 'hold on', 'yes'].map((word) => ({ speaker, word })),
    ),
  )('"$word" is a word ($speaker.voice $speaker.pitchHz)', async ({ speaker, word }) => {
    ear.reset();
    const heard = listen(ear, join(silence(800), atPeak(await speak(word, speaker), -15), silence(400)));
    expect(heard.voiceMs).not.toBeNull();
    expect(heard.wordless).toBe(false);
  });

  it('a hum is not', () => {
    ear.reset();
    // A dark, steady sound with the harmonics of a voice at 120 Hz.
    const hum = silence(500).map((_, i) => {
      let sum = 0;
      for (let h = 1; h <= 12; h++) sum += Math.sin((2 * Math.PI * 120 * h * i) / 24_000) / h ** 2.2;
      return 0.2 * sum * Math.min(1, i / 1200);
    });
    const { hearings } = listen(ear, join(silence(800), hum, silence(100)));
    expect(hearings.at(-6)?.wordless).toBe(true);
  });
});

it('the level trigger takes every loud sound for a voice', () => {
  const ear = createEnergyEar();
  const heard = listen(ear, join(silence(200), tone(100, 1000), silence(400)));
  expect(heard).toMatchObject({ voiceMs: 220, likelyMs: 220, totalVoiceMs: 100 });
  expect(listen(ear, atLevel(noise(200), -45)).voiceMs).toBeNull();
});
