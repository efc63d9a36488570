import type { Pcm16 } from '../../shared/audio';
import { toError } from '../../shared/log';
import { EngineError, type Stt, type SttOptions, type SttStream } from '../backends';
import { StablePrefix } from './stable-prefix';

/** What became of one utterance. */
export type SpeechResult =
  | { type: 'heard'; text: string }
  /** The engine recognised nothing. */
  | { type: 'nothing' }
  /** Nothing was recognised, and nothing was expected to be: the user was silent for too long. */
  | { type: 'silent' }
  | { type: 'cancelled' }
  /** `message` is fit for the user; `cause` is for the log. */
  | { type: 'failed'; message: string; cause: Error };

export interface UtteranceOptions extends SttOptions {
  /** Called with text to append to the transcript that was given so far. */
  onDelta(delta: string): void;
  /** Called with each whole transcript so far, which may take back words of the one before. */
  onPartial?(text: string): void;
}

/** One utterance on its way through the STT, from the first sample to the final transcript. */
export class Utterance {
  /** Settles once, never rejects. */
  readonly result: Promise<SpeechResult>;
  private stream: SttStream | null = null;
  private cancelled = false;
  /** Sound since `settle`, which is silence unless the user goes on; null while everything goes to the engine. */
  private held: Pcm16[] | null = null;

  constructor(stt: Stt, options: UtteranceOptions) {
    const { onDelta, onPartial, ...asked } = options;
    try {
      this.stream = stt.open(asked);
    } catch (cause) {
      this.result = Promise.resolve(failure(cause));
      return;
    }
    this.result = this.read(this.stream, onDelta, onPartial);
  }

  /** 16 kHz samples. */
  write(pcm: Pcm16): void {
    if (this.held === null) this.guard((stream) => stream.write(pcm));
    else this.held.push(pcm.slice());
  }

  /**
   * What the result will be if this is all that was said; null when the engine cannot tell before the end, or failed.
   * From now on sound is kept from the engine until `resume`; if `end` comes first, it was silence and is let go.
   */
  async settle(): Promise<SpeechResult | null> {
    const { stream } = this;
    if (stream?.settle === undefined || this.broken !== null || this.cancelled) return null;
    const held: Pcm16[] = [];
    this.held = held;
    try {
      const text = (await stream.settle())?.trim() ?? null;
      if (text !== null) return text === '' ? { type: 'nothing' } : { type: 'heard', text };
    } catch {
      // The iteration fails with the same reason and tells it.
    }
    if (this.held === held) this.resume();
    return null;
  }

  /** The user goes on after `settle`. */
  resume(): void {
    const { held } = this;
    this.held = null;
    for (const pcm of held ?? []) this.write(pcm);
  }

  end(): void {
    this.guard((stream) => stream.end());
  }

  cancel(): void {
    this.cancelled = true;
    this.guard((stream) => stream.cancel());
  }

  /** An engine that throws here also rejects its iteration or never ends it; either way the utterance failed. */
  private broken: Error | null = null;
  private reportBroken: ((result: SpeechResult) => void) | null = null;

  private guard(use: (stream: SttStream) => void): void {
    if (this.stream === null || this.broken !== null) return;
    try {
      use(this.stream);
    } catch (cause) {
      this.broken = toError(cause);
      this.reportBroken?.(failure(cause));
    }
  }

  private read(
    stream: SttStream,
    onDelta: UtteranceOptions['onDelta'],
    onPartial: UtteranceOptions['onPartial'],
  ): Promise<SpeechResult> {
    const broke = new Promise<SpeechResult>((resolve) => {
      this.reportBroken = resolve;
    });
    return Promise.race([broke, this.consume(stream, onDelta, onPartial)]);
  }

  private async consume(
    stream: SttStream,
    onDelta: UtteranceOptions['onDelta'],
    onPartial: UtteranceOptions['onPartial'],
  ): Promise<SpeechResult> {
    const stable = new StablePrefix();
    const give = (delta: string) => {
      if (delta !== '' && !this.cancelled) onDelta(delta);
    };
    try {
      for await (const part of stream) {
        const text = part.text.trim();
        if (part.type === 'partial') {
          give(stable.push(text));
          if (!this.cancelled) onPartial?.(text);
          continue;
        }
        give(stable.finish(text));
        return text === '' ? { type: 'nothing' } : { type: 'heard', text };
      }
      return this.cancelled ? { type: 'cancelled' } : { type: 'nothing' };
    } catch (cause) {
      return this.cancelled ? { type: 'cancelled' } : failure(cause);
    }
  }
}

function failure(cause: unknown): SpeechResult {
  const error = toError(cause);
  const message = error instanceof EngineError ? error.message : 'The speech recogniser failed.';
  return { type: 'failed', message, cause: error };
}
