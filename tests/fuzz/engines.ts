/**
 * Scripted engines for the fuzzer: what they answer, how they fail and where they wait comes from a script, so that a
 * run is the same each time. They are less polite than real ones, and count what a session leaves open.
 */
import { setImmediate } from 'node:timers/promises';
import {
  type Backends,
  EngineError,
  type LlmContext,
  LlmError,
  type LlmPart,
  type SttPart,
} from '../../src/server/backends';
import { tone } from '../../src/server/backends/fake';
import { AsyncQueue } from '../../src/server/backends/queue';
import type { EngineScript, LlmStep } from './engine-script';
import { Gates } from './gates';

/** The reason of every scripted failure that is not an engine's own error: any other one is a bug. */
export const SCRIPTED = 'scripted failure';

/** How many streams and conversations are open at the engines. */
export type OpenCounts = Record<'vad' | 'stt' | 'llm' | 'answer' | 'voice', number>;

export interface FuzzEngines {
  backends: Backends;
  gates: Gates;
  open: OpenCounts;
  /** What the sessions gave the LLM, in the order of their opening. */
  contexts: LlmContext[];
}

export function createEngines(script: EngineScript): FuzzEngines {
  const gates = new Gates();
  const open: OpenCounts = { vad: 0, stt: 0, llm: 0, answer: 0, voice: 0 };
  const contexts: LlmContext[] = [];
  return {
    gates,
    open,
    contexts,
    backends: {
      vad: vad(script, open),
      stt: stt(script, gates, open),
      llm: llm(script, gates, open, contexts),
      tts: tts(script, gates, open),
      close: async () => undefined,
    },
  };
}

function vad(script: EngineScript, open: OpenCounts): Backends['vad'] {
  let frames = 0;
  return {
    name: 'fuzz vad',
    open() {
      if (script.vadFails === 'to open') throw new EngineError('vad', SCRIPTED);
      open.vad++;
      let closed = false;
      return {
        process(frame) {
          if (closed) throw new Error('the VAD was used after its close');
          if (script.vadFails === 'later' && ++frames > 30) throw new Error(SCRIPTED);
          return frame.some((sample) => Math.abs(sample) > 1000) ? 1 : 0;
        },
        reset() {},
        close() {
          if (!closed) open.vad--;
          closed = true;
        },
      };
    },
  };
}

function stt({ stt: scripts, canSettle }: EngineScript, gates: Gates, open: OpenCounts): Backends['stt'] {
  let utterances = 0;
  return {
    name: 'fuzz stt',
    open() {
      const script = inTurn(scripts, utterances++);
      if (script.fails === 'to open') throw new EngineError('stt', SCRIPTED);
      open.stt++;
      let over = false;
      const finish = () => {
        if (!over) open.stt--;
        over = true;
      };
      const parts = new AsyncQueue<SttPart>();
      const partials = [...script.partials];
      const settle = async () => {
        if (script.settled === 'fail') throw new Error(SCRIPTED);
        if (script.settled === 'wait') await gates.wait();
        return script.settled === 'null' ? null : script.final;
      };
      const conclude = async () => {
        if (script.waits) await gates.wait();
        if (over) return;
        finish();
        if (script.fails === 'at the end') return parts.fail(new Error(SCRIPTED));
        parts.push({ type: 'final', text: script.final });
        parts.end();
      };
      return {
        ...(canSettle ? { settle } : {}),
        write() {
          const text = partials.shift();
          if (text !== undefined) parts.push({ type: 'partial', text });
        },
        end() {
          void conclude();
        },
        cancel() {
          finish();
          parts.end();
        },
        [Symbol.asyncIterator]: () => parts[Symbol.asyncIterator](),
      };
    },
  };
}

function llm(script: EngineScript, gates: Gates, open: OpenCounts, contexts: LlmContext[]): Backends['llm'] {
  let answers = 0;
  return {
    name: 'fuzz llm',
    open(context) {
      if (script.llmFailsToOpen) throw new EngineError('llm', SCRIPTED);
      open.llm++;
      contexts.push(context);
      let closed = false;
      return {
        canPrepare: script.canPrepare,
        async *respond(_request, signal) {
          const number = answers++;
          open.answer++;
          try {
            for (const step of inTurn(script.llm, number)) {
              for await (const part of take(step, `call_${number}`, gates, signal)) {
                if (signal.aborted && !script.late) return;
                yield part;
                if (signal.aborted) return;
              }
              if (signal.aborted && !script.late) return;
            }
          } finally {
            open.answer--;
          }
        },
        close() {
          if (!closed) open.llm--;
          closed = true;
        },
      };
    },
  };
}

let calls = 0;

async function* take(
  step: LlmStep,
  prefix: string,
  gates: Gates,
  signal: AbortSignal,
): AsyncGenerator<LlmPart, void, undefined> {
  switch (step.kind) {
    case 'text':
      yield { type: 'text', text: step.text };
      return;
    case 'gate':
      await gates.wait(signal);
      return;
    case 'yield':
      await setImmediate();
      return;
    case 'pause':
      yield { type: 'pause' };
      return;
    case 'tool': {
      const call = { callId: `${prefix}_${calls++}`, name: step.name };
      if (step.streamed) {
        const half = Math.ceil(step.arguments.length / 2);
        yield { type: 'tool-call-start', ...call };
        yield { type: 'tool-call-delta', callId: call.callId, delta: step.arguments.slice(0, half) };
        await gates.wait(signal);
        yield { type: 'tool-call-delta', callId: call.callId, delta: step.arguments.slice(half) };
      }
      yield { type: 'tool-call', ...call, arguments: step.arguments };
      return;
    }
    case 'usage':
      yield { type: 'usage', inputTokens: 7, outputTokens: 3 };
      return;
    case 'stopped':
      yield { type: 'stopped', reason: step.reason };
      return;
    case 'fail':
      throw step.known ? new LlmError(SCRIPTED) : new Error(SCRIPTED);
    default:
      step satisfies never;
  }
}

function tts({ tts: scripts, ttsSampleRate }: EngineScript, gates: Gates, open: OpenCounts): Backends['tts'] {
  let sentences = 0;
  return {
    name: 'fuzz tts',
    sampleRate: ttsSampleRate,
    async *speak(_text, _options, signal) {
      const script = inTurn(scripts, sentences++);
      open.voice++;
      try {
        for (const samples of script.pieces) {
          yield tone(1000, ttsSampleRate).subarray(0, samples);
          if (signal.aborted) return;
        }
        if (script.waits) await gates.wait(signal);
        if (script.fails && !signal.aborted) throw new Error(SCRIPTED);
      } finally {
        open.voice--;
      }
    },
  };
}

function inTurn<T>(values: readonly T[], index: number): T {
  const value = values[index % values.length];
  if (value === undefined) throw new Error('a script needs at least one entry');
  return value;
}
