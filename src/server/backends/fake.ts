/**
 * Scripted engines for tests: each does what its script says and keeps what it was asked. A script entry can wait
 * for a promise that the test holds, so nothing depends on the clock.
 */
import type { Pcm16 } from '../../shared/audio';
import type { Backends, LlmContext, LlmPart, LlmRequest, SttPart, Tts } from '.';
import { AsyncQueue } from './queue';

/** What one utterance is recognised as. `partials` are given one for each write. */
export interface FakeSpeech {
  partials?: string[];
  final?: string;
  /** Rejects the iteration after `end`. */
  failure?: Error;
  /** Throws from `open`. */
  openFailure?: Error;
  /** The final transcript waits for this. */
  gate?: Promise<void>;
  /** What `settle` gives, one for each time it is asked; a promise is waited for. Without it there is no `settle`. */
  settled?: Array<string | null | Promise<string | null>>;
}

/** What one request to the LLM is answered with, in order. A promise waits, an Error throws. */
export type FakeAnswer = Array<LlmPart | string | Promise<void> | Error>;

export interface FakeScript {
  /** Probability of speech in a frame; by default a frame is speech when any sample exceeds 1000. */
  probability?: (frame: Pcm16) => number;
  /** Throws from the VAD's `open`. */
  vadFailure?: Error;
  /** One for each utterance; afterwards 'hello' is heard. */
  speech?: FakeSpeech[];
  /** One for each request; afterwards the answer is 'Fine.' */
  answers?: FakeAnswer[];
  llmFailure?: Error;
  /** The LLM lets answers be prepared. */
  canPrepare?: boolean;
  /** The LLM can look at images. */
  sees?: boolean;
  /** Called for each sentence. By default 10 ms of sound for each character. A promise waits, an Error throws. */
  speak?: (text: string) => Array<Pcm16 | Promise<void> | Error>;
  ttsSampleRate?: number;
}

/** What the engines were asked. */
export interface FakeRecord {
  vad: { frames: number };
  stt: Array<{
    language?: string;
    languages?: string[];
    keywords?: string[];
    prompt?: string;
    samples: number;
    settles: number;
    ended: boolean;
    cancelled: boolean;
  }>;
  /** `committed` holds the numbers of the requests whose effects may happen. */
  llm: {
    requests: LlmRequest[];
    committed: number[];
    contexts: LlmContext[];
    aborted: number;
    warmed: number;
    closed: number;
  };
  tts: { spoken: Array<{ text: string; voice: string; speed: number }>; aborted: number };
  closed: boolean;
}

export function createFakeBackends(script: FakeScript = {}): { backends: Backends; record: FakeRecord } {
  const record: FakeRecord = {
    vad: { frames: 0 },
    stt: [],
    llm: { requests: [], committed: [], contexts: [], aborted: 0, warmed: 0, closed: 0 },
    tts: { spoken: [], aborted: 0 },
    closed: false,
  };
  const backends: Backends = {
    vad: fakeVad(script, record),
    stt: fakeStt(script, record),
    llm: fakeLlm(script, record),
    tts: fakeTts(script, record),
    close: async () => {
      record.closed = true;
    },
  };
  return { backends, record };
}

function fakeVad(script: FakeScript, record: FakeRecord): Backends['vad'] {
  const probability = script.probability ?? ((frame) => (frame.some((s) => Math.abs(s) > 1000) ? 1 : 0));
  return {
    name: 'fake vad',
    open() {
      if (script.vadFailure !== undefined) throw script.vadFailure;
      return {
        process(frame) {
          record.vad.frames++;
          return probability(frame);
        },
        reset() {},
        close() {},
      };
    },
  };
}

function fakeStt(script: FakeScript, record: FakeRecord): Backends['stt'] {
  return {
    name: 'fake stt',
    open(options) {
      const speech = script.speech?.[record.stt.length] ?? { final: 'hello' };
      const { speaker: _, ...rest } = options;
      const asked = { ...rest, samples: 0, settles: 0, ended: false, cancelled: false };
      record.stt.push(asked);
      if (speech.openFailure !== undefined) throw speech.openFailure;
      const parts = new AsyncQueue<SttPart>();
      const partials = [...(speech.partials ?? [])];
      const settled = [...(speech.settled ?? [])];
      const settle = async () => {
        asked.settles++;
        return settled.shift() ?? null;
      };
      return {
        ...(speech.settled === undefined ? {} : { settle }),
        write(pcm) {
          asked.samples += pcm.length;
          const text = partials.shift();
          if (text !== undefined) parts.push({ type: 'partial', text });
        },
        end() {
          asked.ended = true;
          void Promise.resolve(speech.gate).then(() => {
            if (speech.failure !== undefined) return parts.fail(speech.failure);
            parts.push({ type: 'final', text: speech.final ?? '' });
            parts.end();
          });
        },
        cancel() {
          asked.cancelled = true;
          parts.end();
        },
        [Symbol.asyncIterator]: () => parts[Symbol.asyncIterator](),
      };
    },
  };
}

function fakeLlm(script: FakeScript, record: FakeRecord): Backends['llm'] {
  return {
    name: 'fake llm',
    open(context) {
      if (script.llmFailure !== undefined) throw script.llmFailure;
      record.llm.contexts.push(context);
      return {
        canPrepare: script.canPrepare ?? false,
        sees: script.sees ?? false,
        async *respond(request, signal, committed = Promise.resolve()) {
          const number = record.llm.requests.length;
          const answer = script.answers?.[number] ?? ['Fine.'];
          record.llm.requests.push(request);
          void committed.then(() => record.llm.committed.push(number));
          for (const step of answer) {
            if (step instanceof Error) throw step;
            if (step instanceof Promise) await unlessAborted(step, signal);
            if (signal.aborted) {
              record.llm.aborted++;
              return;
            }
            if (typeof step === 'string') yield { type: 'text', text: step };
            else if (!(step instanceof Promise)) yield step;
          }
        },
        warm() {
          record.llm.warmed++;
        },
        close() {
          record.llm.closed++;
        },
      };
    },
  };
}

function fakeTts(script: FakeScript, record: FakeRecord): Tts {
  const sampleRate = script.ttsSampleRate ?? 24_000;
  const speak = script.speak ?? ((text) => [tone(text.length * 10, sampleRate)]);
  return {
    name: 'fake tts',
    sampleRate,
    async *speak(text, { voice, speed }, signal) {
      record.tts.spoken.push({ text, voice, speed });
      for (const step of speak(text)) {
        if (step instanceof Error) throw step;
        if (step instanceof Promise) await unlessAborted(step, signal);
        if (signal.aborted) {
          record.tts.aborted++;
          return;
        }
        if (!(step instanceof Promise)) yield step;
      }
    },
  };
}

/** `ms` milliseconds of a loud 440 Hz tone. */
export function tone(ms: number, sampleRate = 24_000): Pcm16 {
  return Int16Array.from({ length: Math.floor((ms * sampleRate) / 1000) }, (_, i) =>
    Math.round(8000 * Math.sin((2 * Math.PI * 440 * i) / sampleRate)),
  );
}

function unlessAborted(step: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return Promise.race([step, aborted]);
}
