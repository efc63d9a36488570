/**
 * Engines for many sessions at once. Every session has a loudness of its own: the recogniser tells the loudness that it
 * hears, the language model repeats it, the voice speaks at it. Sound or words of another session, anywhere on the
 * way, show at its end.
 */
import { setImmediate } from 'node:timers/promises';
import { type Backends, LlmError, type LlmPart, type SttPart } from '../../src/server/backends';
import { createFakeBackends } from '../../src/server/backends/fake';
import { AsyncQueue } from '../../src/server/backends/queue';
import type { Pcm16 } from '../../src/shared/audio';

/** Between the loudness of two sessions. */
const STEP = 50;

export function loudnessOf(session: number): number {
  return 2000 + session * STEP;
}

export interface LoudnessOptions {
  /** Loudness of the sessions in which this engine breaks. */
  breaks: { stt: number; llm: number; tts: number };
  /** Loudness of the session whose language model never stops, and never waits. */
  endless: number;
}

export interface LoudnessEngines {
  backends: Backends;
  /** Streams and conversations that are open. */
  open: number;
  /** What sessions gave the engines: gone when the session is. */
  given: Array<WeakRef<object>>;
}

export function createLoudnessEngines({ breaks, endless }: LoudnessOptions): LoudnessEngines {
  const { backends } = createFakeBackends();
  const engines: LoudnessEngines = {
    open: 0,
    given: [],
    backends: {
      ...backends,
      stt: {
        name: 'loudness',
        open({ speaker }) {
          engines.open++;
          if (speaker !== undefined) engines.given.push(new WeakRef(speaker));
          const parts = new AsyncQueue<SttPart>();
          const meter = new Map<number, number>();
          let over = false;
          const close = () => {
            if (!over) engines.open--;
            over = true;
            parts.end();
          };
          return {
            write(pcm) {
              for (const sample of pcm) count(meter, sample);
            },
            end() {
              const loudness = mostFrequent(meter);
              if (loudness === breaks.stt) parts.fail(new Error('this recogniser breaks'));
              else parts.push({ type: 'final', text: `loudness ${loudness}` });
              close();
            },
            cancel: close,
            [Symbol.asyncIterator]: () => parts[Symbol.asyncIterator](),
          };
        },
      },
      llm: {
        name: 'loudness',
        open(context) {
          engines.open++;
          engines.given.push(new WeakRef(context));
          return {
            async *respond({ messages }, signal): AsyncGenerator<LlmPart, void, undefined> {
              engines.open++;
              const history = messages.map((message) => ('text' in message ? message.text : message.role));
              const level = levelIn(history.filter((text) => text.startsWith('loudness')).at(-1) ?? '');
              try {
                if (level === breaks.llm) throw new LlmError('This model breaks.');
                if (level === endless) for (let n = 0; n < 2000 && !signal.aborted; n++) yield said(level);
                else yield* answer(history, level, signal);
              } finally {
                engines.open--;
              }
            },
            close() {
              engines.open--;
            },
          };
        },
      },
      tts: {
        name: 'loudness',
        sampleRate: 24_000,
        async *speak(text, _options, signal): AsyncGenerator<Pcm16, void, undefined> {
          engines.open++;
          try {
            const level = levelIn(text);
            if (level === breaks.tts) throw new Error('this voice breaks');
            for (let piece = 0; piece < 5 && !signal.aborted; piece++) {
              yield new Int16Array(2400).fill(level);
              await setImmediate();
            }
          } finally {
            engines.open--;
          }
        },
      },
    },
  };
  return engines;
}

/** In turn: an answer, one that only an interruption ends, and one with a tool call. */
async function* answer(
  history: readonly string[],
  level: number,
  signal: AbortSignal,
): AsyncGenerator<LlmPart, void, undefined> {
  const turn = history.filter((text) => text.startsWith('loudness')).length;
  yield said(level);
  if (history.at(-1) === 'tool-result') return;
  if (turn % 3 === 2) await aborted(signal);
  if (turn % 3 === 0) {
    yield {
      type: 'tool-call',
      callId: `call_${level}_${turn}`,
      name: 'look',
      arguments: `{"level":${level}}`,
    };
  }
}

function said(level: number): LlmPart {
  return { type: 'text', text: `Level ${level}. ` };
}

/** The number in "loudness 2050" or "Level 2050."; not a number in anything else. */
export function levelIn(text: string): number {
  return Number(/\b(?:loudness|Level) (\d+)/u.exec(text)?.[1]);
}

function count(meter: Map<number, number>, sample: number): void {
  const level = Math.round(sample / STEP) * STEP;
  // What is softer is silence, or the edge of a sound.
  if (level >= loudnessOf(0)) meter.set(level, (meter.get(level) ?? 0) + 1);
}

function mostFrequent(meter: ReadonlyMap<number, number>): number {
  return [...meter].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
