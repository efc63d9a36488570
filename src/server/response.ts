/**
 * One answer: LLM -> sentences -> TTS, as one stream of parts under one AbortSignal. Knows nothing of the wire.
 * The LLM is read ahead while a sentence is spoken, so a slow model and a slow voice do not wait for each other.
 */
import { setImmediate } from 'node:timers/promises';
import { type Pcm16, SAMPLE_RATE, samplesToMs } from '../shared/audio';
import { AudioDeltas } from './audio-deltas';
import type { LlmConversation, LlmPart, LlmRequest, Tts } from './backends';
import { AsyncQueue } from './queue';
import { createResampler, type Resampler } from './resampler';
import { createSentenceSplitter } from './sentences';

export type ResponsePart =
  | LlmPart
  /** A sentence begins to sound; what follows up to `sentence-end` is its audio. */
  | { type: 'sentence'; text: string; startMs: number }
  | { type: 'sentence-end'; endMs: number }
  /** At most 100 ms at 24 kHz. */
  | { type: 'audio'; pcm: Pcm16 };

/** A text that is known already, or what to ask the LLM. */
export type AnswerSource =
  | { type: 'text'; text: string }
  | { type: 'llm'; llm: LlmConversation; request: LlmRequest };

/** How to speak; null for an answer in text only. */
export type Speaker = { tts: Tts; voice: string; speed: number } | null;

/** Failures of LLM and TTS are thrown; after an abort of `signal` the iteration ends, quietly. */
export async function* respond(
  source: AnswerSource,
  speaker: Speaker,
  signal: AbortSignal,
): AsyncGenerator<ResponsePart, void, undefined> {
  if (signal.aborted) return;
  // A failure of one stage, or a consumer that stops, must stop the other stage too.
  const controller = new AbortController();
  const abort = () => controller.abort();
  signal.addEventListener('abort', abort);

  const parts = new AsyncQueue<ResponsePart>();
  const work = new AsyncQueue<Work>();
  const fail = (error: unknown) => {
    parts.fail(error);
    abort();
  };
  controller.signal.addEventListener('abort', () => {
    parts.end();
    work.end();
  });
  readAnswer(source, speaker !== null, parts, work, controller.signal).catch(fail);
  speakAnswer(work, speaker, parts, controller.signal).catch(fail);

  try {
    yield* parts;
  } finally {
    signal.removeEventListener('abort', abort);
    abort();
  }
}

/** In order: what is to be spoken, and parts that must come after the sound before them. */
type Work = { type: 'speak'; text: string } | { type: 'pass'; part: ResponsePart };

async function readAnswer(
  source: AnswerSource,
  spoken: boolean,
  parts: AsyncQueue<ResponsePart>,
  work: AsyncQueue<Work>,
  signal: AbortSignal,
): Promise<void> {
  const splitter = createSentenceSplitter();
  const speak = (pieces: string[]) => {
    if (spoken) for (const text of pieces) work.push({ type: 'speak', text });
  };
  let behindCall = false;
  for await (const part of answerParts(source, signal)) {
    if (signal.aborted) return;
    if (part.type === 'text') {
      // Text runs ahead of its sound, unless a tool call stands between them.
      if (behindCall) work.push({ type: 'pass', part });
      else parts.push(part);
      speak(splitter.push(part.text));
    } else {
      if (part.type === 'tool-call') {
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

function answerParts(source: AnswerSource, signal: AbortSignal): AsyncIterable<LlmPart> {
  return source.type === 'llm' ? source.llm.respond(source.request, signal) : fixedText(source.text);
}

async function* fixedText(text: string): AsyncGenerator<LlmPart, void, undefined> {
  yield { type: 'text', text };
}

async function speakAnswer(
  work: AsyncQueue<Work>,
  speaker: Speaker,
  parts: AsyncQueue<ResponsePart>,
  signal: AbortSignal,
): Promise<void> {
  const resampler = speaker === null ? null : await createResampler(speaker.tts.sampleRate, SAMPLE_RATE);
  const sound = new Sound(parts);
  try {
    for await (const item of work) {
      if (signal.aborted) return;
      if (item.type === 'pass') parts.push(item.part);
      else if (speaker !== null && resampler !== null) {
        await speakSentence(item.text, speaker, resampler, sound, signal);
      }
    }
    parts.end();
  } finally {
    resampler?.close();
  }
}

async function speakSentence(
  text: string,
  { tts, voice, speed }: NonNullable<Speaker>,
  resampler: Resampler,
  sound: Sound,
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

/** The sound of one answer on its way out, with the times of its sentences. */
class Sound {
  private readonly deltas = new AudioDeltas();
  private samples = 0;

  constructor(private readonly parts: AsyncQueue<ResponsePart>) {}

  begin(text: string): void {
    this.parts.push({ type: 'sentence', text, startMs: samplesToMs(this.samples) });
  }

  add(pcm: Pcm16): void {
    this.samples += pcm.length;
    this.send(this.deltas.push(pcm));
  }

  end(): void {
    this.send(this.deltas.flush());
    this.parts.push({ type: 'sentence-end', endMs: samplesToMs(this.samples) });
  }

  private send(pieces: Pcm16[]): void {
    for (const pcm of pieces) this.parts.push({ type: 'audio', pcm });
  }
}
