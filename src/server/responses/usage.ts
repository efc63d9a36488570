/**
 * What a response costs in tokens (REALTIME: response object). Text is what the LLM counts; where it does not, one token
 * for four bytes of UTF-8, which is about right for English and for Chinese. Sound is counted by its length, as OpenAI
 * does: the user's 1 token for 100 ms, the assistant's 1 for 50 ms. Pure.
 */
import { msToSamples, type Pcm16 } from '../../shared/audio';
import type { LlmMessage, LlmRequest } from '../backends';

const BYTES_PER_TOKEN = 4;
const USER_MS_PER_TOKEN = 100;
const ANSWER_SAMPLES_PER_TOKEN = msToSamples(50);
/** A small picture, and one of 1024 x 1024 seen in detail, as OpenAI's chat models count them. */
const IMAGE_TOKENS = { low: 85, auto: 765, high: 765 } as const;

export interface InputTokens {
  text: number;
  audio: number;
  image: number;
  /** Of the text, what the LLM did not have to read again. */
  cached: number;
}

export interface OutputTokens {
  text: number;
  audio: number;
}

export const NO_INPUT: InputTokens = { text: 0, audio: 0, image: 0, cached: 0 };

export function estimateTokens(text: string): number {
  return tokensOf(Buffer.byteLength(text));
}

/** What `request` holds, with `audioMs` of the user's speech behind its messages, as far as nobody counted it. */
export function estimateInput(request: LlmRequest, audioMs: number): InputTokens {
  const { instructions, messages, tools } = request;
  const texts = [instructions, ...messages.map(textOf), tools.length === 0 ? '' : JSON.stringify(tools)];
  const images = messages.flatMap((message) => (message.role === 'user' ? (message.images ?? []) : []));
  return {
    text: texts.reduce((sum, text) => sum + estimateTokens(text), 0),
    audio: Math.ceil(audioMs / USER_MS_PER_TOKEN),
    image: images.reduce((sum, { detail }) => sum + IMAGE_TOKENS[detail], 0),
    cached: 0,
  };
}

function textOf(message: LlmMessage): string {
  switch (message.role) {
    case 'tool-call':
      return message.name + message.arguments;
    case 'tool-result':
      return message.output;
    default:
      return message.text;
  }
}

/**
 * Counts what a response puts out and stops it at its limit. What goes in is given back as far as it fits. Of a spoken
 * answer text counts when it begins to sound: it runs ahead of its sound, which costs several times as much.
 */
export class OutputMeter {
  /** Something had to be left out. */
  cut = false;
  /** Nothing more fits. */
  full = false;
  private writtenBytes = 0;
  private soundingBytes = 0;
  private callBytes = 0;
  private samples = 0;
  private readonly max: number;

  constructor(
    private readonly spoken: boolean,
    max: number | 'inf',
  ) {
    this.max = max === 'inf' ? Number.POSITIVE_INFINITY : max;
  }

  text(delta: string): string {
    const room = this.max * BYTES_PER_TOKEN - this.writtenBytes - this.callBytes;
    const fits = this.fit(delta, room);
    this.writtenBytes += Buffer.byteLength(fits);
    // The sound of what was written is still to come.
    if (this.cut && !this.spoken) this.full = true;
    return fits;
  }

  sentence(text: string): void {
    this.soundingBytes += Buffer.byteLength(text);
  }

  audio(pcm: Pcm16): Pcm16 {
    const text = tokensOf(this.soundingBytes + this.callBytes);
    const room = Math.max(0, (this.max - text) * ANSWER_SAMPLES_PER_TOKEN - this.samples);
    const fits = pcm.length > room ? pcm.subarray(0, room) : pcm;
    this.samples += fits.length;
    if (fits.length < pcm.length) this.stop();
    return fits;
  }

  /** A part of a tool call. */
  call(part: string): string {
    const bytes = (this.spoken ? this.soundingBytes : this.writtenBytes) + this.callBytes;
    const room = (this.max - this.audioTokens) * BYTES_PER_TOKEN - bytes;
    const fits = this.fit(part, room);
    this.callBytes += Buffer.byteLength(fits);
    if (fits.length < part.length) this.stop();
    return fits;
  }

  /** `counted` is what the LLM counted, null when it did not. */
  tokens(counted: number | null): OutputTokens {
    const bytes = (this.full && this.spoken ? this.soundingBytes : this.writtenBytes) + this.callBytes;
    return { text: counted ?? tokensOf(bytes), audio: this.audioTokens };
  }

  private get audioTokens(): number {
    return Math.ceil(this.samples / ANSWER_SAMPLES_PER_TOKEN);
  }

  private fit(text: string, roomBytes: number): string {
    if (Buffer.byteLength(text) <= roomBytes) return text;
    this.cut = true;
    let bytes = 0;
    let length = 0;
    for (const character of text) {
      bytes += Buffer.byteLength(character);
      if (bytes > roomBytes) break;
      length += character.length;
    }
    return text.slice(0, length);
  }

  private stop(): void {
    this.cut = true;
    this.full = true;
  }
}

function tokensOf(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}

export function toWireUsage(input: InputTokens, output: OutputTokens) {
  const inputTokens = input.text + input.audio + input.image;
  const outputTokens = output.text + output.audio;
  return {
    total_tokens: inputTokens + outputTokens,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    input_token_details: {
      text_tokens: input.text,
      audio_tokens: input.audio,
      image_tokens: input.image,
      cached_tokens: input.cached,
      cached_tokens_details: { text_tokens: input.cached, audio_tokens: 0, image_tokens: 0 },
    },
    output_token_details: { text_tokens: output.text, audio_tokens: output.audio },
  };
}
