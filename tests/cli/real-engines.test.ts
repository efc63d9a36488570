import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { runProgram } from '../../src/cli/program';
import type { TurnReport } from '../../src/cli/turn-log';
import { readWav, writeWav } from '../../src/cli/wav';
import { EngineError } from '../../src/server/backends';
import { createFlite } from '../../src/server/backends/flite';
import { createPocketsphinx } from '../../src/server/backends/pocketsphinx';
import { createResampler } from '../../src/server/wire/resampler';
import { rms, SAMPLE_RATE } from '../../src/shared/audio';
import { silentLogger } from '../../src/shared/log';

/** Whole conversations from WAV to WAV: nothing is faked, and time is real. */
const TIMEOUT_MS = 180_000;

const fixture = (name: string) => resolve('tests', 'fixtures', name);

let folder: string;
let whyNot: string | null = null;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-real-'));
  try {
    await (await createPocketsphinx(silentLogger)).close();
  } catch (cause) {
    if (!(cause instanceof EngineError)) throw cause;
    whyNot = cause.message;
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** A machine without speech recognition cannot hold these conversations, and the report says so. */
const needEngines = (context: TestContext) => {
  if (whyNot !== null) context.skip(whyNot);
};

async function converse(...args: string[]) {
  const out: string[] = [];
  const notes: string[] = [];
  const exit = await runProgram(['converse', ...args, '--json', '--timeout', '60'], {
    print: (line) => out.push(line),
    note: (line) => notes.push(line),
    env: {},
    modelsDir: resolve('models'),
    version: '0',
    stopped: () => new Promise(() => undefined),
  });
  expect(out.length).toBe(1);
  const report = JSON.parse(out[0] as string) as { url: string; turns: TurnReport[]; errors: string[] };
  return { exit, notes, ...report };
}

async function speak(text: string, path: string): Promise<void> {
  const tts = await createFlite(silentLogger);
  const resampler = createResampler(tts.sampleRate, SAMPLE_RATE);
  const samples: number[] = [];
  const { signal } = new AbortController();
  for await (const pcm of tts.speak(text, { voice: 'marin', speed: 1 }, signal)) {
    samples.push(...resampler.push(pcm));
  }
  samples.push(...resampler.flush());
  resampler.close();
  await writeWav(path, Int16Array.from(samples));
}

describe('converse with real engines', () => {
  it(
    'understands two questions and answers them',
    async (context) => {
      needEngines(context);
      const answer = join(folder, 'answer.wav');
      const questions = [fixture('what-time-is-it.wav'), fixture('what-is-ten-percent-of-two-hundred.wav')];
      const { exit, url, turns, errors } = await converse(...questions, '--out', answer);
      expect(errors).toEqual([]);
      expect(exit).toBe(0);
      expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/v1\/realtime$/);
      expect(turns.map((t) => t.heard)).toEqual(['what time is it', 'what is ten percent of two hundred']);
      expect(turns[0]?.said).toMatch(/\d+(:\d\d)? [AP]M/);
      expect(turns[1]?.said).toMatch(/20|twenty/i);
      for (const turn of turns) {
        expect(turn.interrupted).toBe(false);
        expect(turn.speechEndToFirstAudioMs).toBeGreaterThan(0);
      }
      const { pcm } = await readWav(answer);
      expect(rms(pcm)).toBeGreaterThan(0.01);
    },
    TIMEOUT_MS,
  );

  it(
    'says aloud what it says in writing: its answer is understood word for word',
    async (context) => {
      needEngines(context);
      const [question, answer] = [join(folder, 'repeat.wav'), join(folder, 'repeated.wav')];
      await speak('repeat after me what time is it', question);
      const first = await converse(question, '--out', answer);
      expect(first.turns[0]?.said.toLowerCase()).toContain('what time is it');
      const second = await converse(answer);
      expect(second.turns[0]?.heard).toBe('what time is it');
    },
    TIMEOUT_MS,
  );

  it(
    'is cut by a spoken interruption, and hears that too',
    async (context) => {
      needEngines(context);
      const { exit, turns, errors } = await converse(
        fixture('what-can-you-do.wav'),
        '--barge-in',
        `${fixture('stop.wav')}@1000`,
      );
      expect(errors).toEqual([]);
      expect(exit).toBe(0);
      expect(turns.map((t) => [t.heard, t.interrupted])).toEqual([
        ['what can you do', true],
        ['stop', false],
      ]);
      expect(turns[0]?.said).toMatch(/^I can/);
    },
    TIMEOUT_MS,
  );

  it(
    'understands files of other kinds, and says what was converted',
    async (context) => {
      needEngines(context);
      const files = ['stereo.wav', '8-bit.wav', '44100.wav'].map(fixture);
      const { exit, notes, turns } = await converse(...files);
      expect(notes).toEqual([
        `${files[0]}: stereo mixed to mono.`,
        `${files[1]}: 8-bit samples converted to 16 bit.`,
        `${files[2]}: 44100 Hz resampled to 24000 Hz.`,
      ]);
      expect(turns.map((t) => t.heard)).toEqual(Array(3).fill('what time is it'));
      expect(exit).toBe(0);
    },
    TIMEOUT_MS,
  );

  it.each([
    ['empty.wav', 'holds no sound.'],
    ['not-a-wav.wav', 'is not a WAV file.'],
  ])('refuses %s', async (file, message) => {
    const { exit, turns, errors } = await converse(fixture(file));
    expect([exit, turns, errors]).toEqual([1, [], [`${fixture(file)} ${message}`]]);
  });
});
