/**
 * One answer: LLM -> sentences -> TTS, as one stream of parts under one AbortSignal. Knows nothing of the wire.
 * The LLM is read ahead while a sentence is spoken, so a slow model and a slow voice do not wait for each other.
 */
import { setImmediate } from 'node:timers/promises';
import { type Pcm16, SAMPLE_RATE } from '../../shared/audio';
import type { LlmConversation, LlmPart, LlmRequest, Tts } from '../backends';
import { AsyncQueue } from '../backends/queue';
import { createResampler, type Resampler } from '../wire/resampler';
import { AnswerSound } from './answer-sound';
import { createSentenceSplitter } from './sentences';

export type ResponsePart =
  | Exclude<LlmPart, { type: 'pause' }>
  /** A sentence begins to sound; what follows up to `sentence-end` is its audio. */
  | { type: 'sentence'; text: string }
  | { type: 'sentence-end' }
  /** At most 100 ms at 24 kHz. */
  | { type: 'audio'; pcm: Pcm16 };

/** A text that is known already, or what to ask the LLM. */
export type AnswerSource =
  | { type: 'text'; text: string }
  | { type: 'llm'; llm: LlmConversation; request: LlmRequest };

/** How to speak; null for an answer in text only. */
export type Speaker = {
  tts: Tts;
  voice: string;
  speed: number;
  /** Settles when more sound is wanted; undefined when it is. */
  room?(): Promise<void> | undefined;
} | null;

export interface RespondOptions {
  signal: AbortSignal;
  /** Of an answer that is made before it is certain to be wanted: see `LlmConversation.respond`. Only its first sentence is spoken before. */
  committed?: Promise<void>;
  /** Told when the LLM's first part and the TTS's first sound are there. */
  onFirst?(stage: 'llm' | 'tts'): void;
}

/**
 * Starts at once, read or not. Failures of LLM and TTS are thrown to the reader; after an abort of `signal` the
 * iteration ends, quietly. A reader that stops stops everything.
 */
export function respond(
  source: AnswerSource,
  speaker: Speaker,
  options: RespondOptions,
): AsyncGenerator<ResponsePart, void, undefined> {
  // A failure of one stage, or a consumer that stops, must stop the other stage too.
  const controller = new AbortController();
  const abort = () => controller.abort();
  const stages: Stages = {
    parts: new AsyncQueue(),
    work: new AsyncQueue(),
    signal: controller.signal,
    committed: options.committed,
    onFirst: options.onFirst ?? (() => undefined),
  };
  const fail = (error: unknown) => {
    stages.parts.fail(error);
    abort();
  };
  controller.signal.addEventListener('abort', () => {
    stages.parts.end();
    stages.work.end();
  });
  if (options.signal.aborted) abort();
  else options.signal.addEventListener('abort', abort);
  if (!controller.signal.aborted) {
    readAnswer(source, speaker !== null, stages).catch(fail);
    speakAnswer(speaker, stages).catch(fail);
  }
  return read(stages.parts, () => {
    options.signal.removeEventListener('abort', abort);
    abort();
  });
}

async function* read(
  parts: AsyncQueue<ResponsePart>,
  done: () => void,
): AsyncGenerator<ResponsePart, void, undefined> {
  try {
    yield* parts;
  } finally {
    done();
  }
}

/** In order: what is to be spoken, and parts that must come after the sound before them. */
type Work = { type: 'speak'; text: string } | { type: 'pass'; part: ResponsePart };

interface Stages {
  parts: AsyncQueue<ResponsePart>;
  work: AsyncQueue<Work>;
  signal: AbortSignal;
  committed: Promise<void> | undefined;
  onFirst(stage: 'llm' | 'tts'): void;
}

async function readAnswer(source: AnswerSource, spoken: boolean, stages: Stages): Promise<void> {
  const { parts, work, signal } = stages;
  const splitter = createSentenceSplitter();
  const speak = (pieces: string[]) => {
    if (spoken) for (const text of pieces) work.push({ type: 'speak', text });
  };
  let first = true;
  let behindCall = false;
  for await (const part of answerParts(source, signal, stages.committed)) {
    if (signal.aborted) return;
    if (first) stages.onFirst('llm');
    first = false;
    if (part.type === 'text') {
      // Text runs ahead of its sound, unless a tool call stands between them.
      if (behindCall) work.push({ type: 'pass', part });
      else parts.push(part);
      speak(splitter.push(part.text));
    } else if (part.type === 'pause') {
      speak(splitter.flush());
    } else {
      if (part.type === 'tool-call-start' || part.type === 'tool-call') {
        speak(splitter.flush());
        behindCall = true;
      }
      work.push({ type: 'pass', part });
    }
    // Engines that answer without waiting would otherwise keep the socket from being read.
    await setImmediate();
  }
  speak(splitter.flush());
  work.end();
}

function answerParts(
  source: AnswerSource,
  signal: AbortSignal,
  committed: Promise<void> | undefined,
): AsyncIterable<LlmPart> {
  return source.type === 'llm'
    ? source.llm.respond(source.request, signal, committed)
    : fixedText(source.text);
}

async function* fixedText(text: string): AsyncGenerator<LlmPart, void, undefined> {
  yield { type: 'text', text };
}

async function speakAnswer(speaker: Speaker, stages: Stages): Promise<void> {
  const { parts, work, signal } = stages;
  const resampler = speaker === null ? null : createResampler(speaker.tts.sampleRate, SAMPLE_RATE);
  const sound = new AnswerSound(parts, () => stages.onFirst('tts'));
  try {
    for await (const item of work) {
      if (signal.aborted) return;
      if (item.type === 'pass') parts.push(item.part);
      else if (speaker !== null && resampler !== null) {
        if (sound.begun) await committedOrAborted(stages);
        await sound.pace(signal);
        await speaker.room?.();
        if (signal.aborted) return;
        await speakSentence(item.text, speaker, resampler, sound, signal);
      }
    }
    parts.end();
  } finally {
    resampler?.close();
  }
}

async function committedOrAborted({ committed, signal }: Stages): Promise<void> {
  if (committed === undefined) return;
  let onAbort = () => {};
  const aborted = new Promise<void>((resolve) => {
    onAbort = () => resolve();
    signal.addEventListener('abort', onAbort);
  });
  await Promise.race([committed, aborted]);
  signal.removeEventListener('abort', onAbort);
}

async function speakSentence(
  text: string,
  { tts, voice, speed }: NonNullable<Speaker>,
  resampler: Resampler,
  sound: AnswerSound,
  signal: AbortSignal,
): Promise<void> {
  // Nothing to pronounce takes no time, but it is part of the text.
  const audible = /[\p{L}\p{N}]/u.test(text);
  sound.begin(text);
  if (audible) {
    for await (const pcm of tts.speak(text.trim(), { voice, speed }, signal)) {
      if (signal.aborted) return;
      sound.add(resampler.push(pcm));
      await setImmediate();
    }
    if (signal.aborted) return;
    sound.add(resampler.flush());
  }
  sound.end();
}
