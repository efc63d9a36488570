import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/server/backends';
import {
  isUnavailable,
  unavailableLlm,
  unavailableStt,
  unavailableTts,
  unavailableVad,
} from '../../src/server/backends/unavailable';
import { createBackends, engineNames } from '../../src/server/create-backends';
import { createLogger, type LogEntry } from '../../src/shared/log';
import { concat, question, silence, transcript } from '../helpers/sound';

describe('createBackends', () => {
  it('starts without the VAD model: that engine tells what to do, the others work', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-models-'));
    const entries: LogEntry[] = [];
    const log = createLogger((entry) => entries.push(entry));
    const backends = await createBackends(
      {
        modelsDir: folder,
        stateDir: null,
        llm: { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:1', model: 'small', apiKey: 'secret' },
      },
      log,
    );
    try {
      expect(engineNames(backends)).toEqual({
        vad: expect.stringMatching(/^unavailable: .*silero_vad_v5\.onnx is missing/),
        stt: 'pocketsphinx',
        llm: 'small',
        tts: 'flite',
      });
      expect(() => backends.vad.open()).toThrow(/silero_vad_v5\.onnx is missing/);
      const spoken = concat(silence(300), await question('what-time-is-it'), silence(300));
      expect(await transcript(backends.stt, spoken)).toBe('what time is it');
      expect(entries).toMatchObject([
        { level: 'error', message: 'engine unavailable', fields: { stage: 'vad' } },
      ]);
      expect(JSON.stringify(entries)).not.toContain('secret');
    } finally {
      await backends.close();
      await rm(folder, { recursive: true });
    }
  });
});

describe('an unavailable engine', () => {
  const reason = new EngineError('stt', 'Install it.');
  it.each([
    ['VAD', unavailableVad(reason), (e: ReturnType<typeof unavailableVad>) => e.open()],
    ['STT', unavailableStt(reason), (e: ReturnType<typeof unavailableStt>) => e.open({})],
    [
      'LLM',
      unavailableLlm(reason),
      (e: ReturnType<typeof unavailableLlm>) => e.open({ speakUp: () => undefined }),
    ],
    [
      'TTS',
      unavailableTts(reason),
      (e: ReturnType<typeof unavailableTts>) =>
        e.speak('Hi', { voice: 'marin', speed: 1 }, new AbortController().signal),
    ],
  ] as [string, { name: string }, (engine: never) => unknown][])(
    '%s throws its reason when used',
    (_name, engine, use) => {
      expect(engine.name).toBe('unavailable: Install it.');
      expect(isUnavailable(engine)).toBe(true);
      expect(() => use(engine as never)).toThrow(reason);
    },
  );
});
