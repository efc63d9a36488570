/**
 * The four stages of a spoken answer, each behind an interface: VAD -> STT -> LLM -> TTS.
 * An engine is one file beside this one. One engine object serves all sessions; what belongs to one session or
 * one utterance is a stream or a conversation that the engine opens.
 *
 * Every stage hears 16 kHz: the input audio buffer resamples once. Milliseconds everywhere.
 */
import type { Pcm16 } from '../../shared/audio';

/** Hz; what VAD and STT are fed. */
export const ENGINE_SAMPLE_RATE = 16_000;

/** Samples in one VAD frame: 32 ms at 16 kHz. */
export const VAD_FRAME_SAMPLES = 512;

export interface Vad {
  readonly name: string;
  /** A detector for one session. */
  open(): VadStream;
}

export interface VadStream {
  /** Probability (0..1) that `frame`, exactly VAD_FRAME_SAMPLES long, holds speech. Frames come in order. */
  process(frame: Pcm16): number;
  /** Forgets the past, as if newly opened. */
  reset(): void;
  close(): void;
}

export interface Stt {
  readonly name: string;
  /** Starts one utterance. */
  open(options: SttOptions): SttStream;
}

/** What a session asks of an STT; an engine takes of it what it can use. */
export interface SttOptions {
  /** ISO 639-1: what is spoken. */
  language?: string;
  /** What may be spoken, when that is not certain. */
  languages?: string[];
  /** Words and names that are likely. */
  keywords?: string[];
  /** Text that tells what is talked about. */
  prompt?: string;
  /** Utterances with the same object come from one voice and one microphone, to which an engine may adapt. */
  speaker?: object;
}

/**
 * One utterance: written while the user speaks, then ended. Iterating gives partial transcripts and, after `end`,
 * exactly one final one ('' when nothing was recognised: no text is invented). A failure rejects the iteration.
 */
export interface SttStream extends AsyncIterable<SttPart> {
  /** 16 kHz samples, any length; not kept after the call. */
  write(pcm: Pcm16): void;
  end(): void;
  /**
   * What the final transcript is if nothing more is written; null when that cannot be told, or not at a bearable cost.
   * Nothing of it shows in the iteration. `end` right after it gives the same text at once, `write` goes on as if it
   * had not been asked for. Left out by engines that cannot.
   */
  settle?(): Promise<string | null>;
  /** Stops at once; the iteration ends without a final transcript. */
  cancel(): void;
}

export interface SttPart {
  type: 'partial' | 'final';
  /** The whole transcript so far, not the difference. */
  text: string;
}

export interface Llm {
  readonly name: string;
  /** One per session. */
  open(context: LlmContext): LlmConversation;
}

export interface LlmContext {
  /**
   * Says something that no user turn asked for (a timer that rang). The session speaks it as a response of its own
   * as soon as nobody is speaking.
   */
  speakUp(text: string): void;
}

export interface LlmConversation {
  /**
   * Set when an answer may be asked for on the mere guess that a turn is over: one that is thrown away costs nothing
   * that matters and leaves no trace.
   */
  readonly canPrepare?: boolean;
  /** The engine can look at the images of a user's message. */
  readonly sees?: boolean;
  /**
   * The answer to `request`, in small parts as they come about. An abort of `signal` ends the iteration, quietly.
   * A failure throws an LlmError, whose message is fit for the user. Given `committed`, whatever is to happen beside
   * the answer (a timer is set, the answer is remembered) happens when that resolves and not before; it never rejects,
   * and for an answer that is thrown away it never resolves.
   */
  respond(request: LlmRequest, signal: AbortSignal, committed?: Promise<void>): AsyncIterable<LlmPart>;
  /** Somebody begins to speak, an answer is wanted soon: what connecting costs may be spent now, and nothing else. */
  warm?(): void;
  close(): void;
}

export interface LlmRequest {
  instructions: string;
  messages: LlmMessage[];
  tools: LlmTool[];
  toolChoice: 'auto' | 'none' | 'required' | { name: string };
  /** Whether more than one tool may be called in one answer; null leaves it to the engine. */
  parallelToolCalls: boolean | null;
  /** null is no limit. */
  maxOutputTokens: number | null;
}

export type LlmMessage =
  | { role: 'system' | 'assistant'; text: string }
  | { role: 'user'; text: string; images?: LlmImage[] }
  | { role: 'tool-call'; callId: string; name: string; arguments: string }
  | { role: 'tool-result'; callId: string; output: string };

export interface LlmImage {
  /** A data URI with a PNG or a JPEG in base64. */
  url: string;
  detail: 'auto' | 'low' | 'high';
}

export interface LlmTool {
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  parameters: unknown;
}

export type LlmPart =
  | { type: 'text'; text: string }
  /** It may take a while until more comes, if any does: the text so far can be spoken as it stands. */
  | { type: 'pause' }
  /**
   * A call as it is written, which an engine may tell before the whole `tool-call`. The deltas of its arguments follow,
   * and nothing of another call before its `tool-call`.
   */
  | { type: 'tool-call-start'; callId: string; name: string }
  | { type: 'tool-call-delta'; callId: string; delta: string }
  /** A call, whole; sent for every call. Its arguments are the deltas joined, or '{}' when there were none. */
  | { type: 'tool-call'; callId: string; name: string; arguments: string }
  /** `cachedTokens` of the input were not read again. */
  | { type: 'usage'; inputTokens: number; outputTokens: number; cachedTokens?: number }
  /** Why it stopped before the end; not sent when the answer is complete. */
  | { type: 'stopped'; reason: 'max_output_tokens' | 'content_filter' };

export class LlmError extends Error {
  override readonly name = 'LlmError';
}

export interface Tts {
  readonly name: string;
  /** Hz of what `speak` gives. */
  readonly sampleRate: number;
  /**
   * Speaks one sentence. `voice` is one of the protocol's voice names or any other string, which gets the default
   * voice; `speed` is 0.25..1.5, 1 is normal. An abort of `signal` ends the iteration, quietly.
   */
  speak(text: string, options: { voice: string; speed: number }, signal: AbortSignal): AsyncIterable<Pcm16>;
}

export interface Backends {
  vad: Vad;
  stt: Stt;
  llm: Llm;
  tts: Tts;
  /** Frees what the engines hold. Sessions are closed before. */
  close(): Promise<void>;
}

/** Which engine serves each stage, and what they need. */
export interface BackendSettings {
  /** Folder that holds the provisioned model files (`silero_vad_v5.onnx`). */
  modelsDir: string;
  /** Folder for what must survive a restart (pending timers); null keeps it in memory. */
  stateDir: string | null;
  llm:
    | { kind: 'builtin' }
    | {
        kind: 'openai-compatible';
        baseUrl: string;
        model: string;
        apiKey: string | null;
        /**
         * Ask for an answer as soon as the user pauses, before the turn is over. Saves its time, but a pause in the
         * middle of a turn costs the tokens of an answer that nobody hears. Off unless set.
         */
        prepare?: boolean;
        /** The model can look at images. True unless set: a server that refuses them says so in the answer. */
        images?: boolean;
      };
}

/** An engine that cannot start: a file is missing or damaged, or a library is not installed. Says what to do. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  constructor(
    readonly stage: 'vad' | 'stt' | 'llm' | 'tts',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
