import type { Pcm16 } from '../../../shared/audio';
import { ENGINE_SAMPLE_RATE, type SttPart, type SttStream } from '../index';
import { AsyncQueue } from '../queue';
import type { Decoder } from './decoder';
import type { DecoderPool } from './decoder-pool';

/** Samples decoded at once at most, half a second: bounds how long a settle or a cancel waits for the decoder. */
const MAX_BLOCK = 8000;

/** Longest utterance that can be settled, in samples: it is kept to be decoded anew when the user goes on. */
const MAX_KEPT = 20 * ENGINE_SAMPLE_RATE;

/** Sound decoded anew in one utterance at most, in samples; it takes about a sixth of its length. */
const MAX_REPEATED = 40 * ENGINE_SAMPLE_RATE;

/** What is known of the speaker from earlier utterances. */
export interface KnownSpeaker {
  speakers: WeakMap<object, Float32Array>;
  speaker: object;
}

/** Deferred answer to one `settle`. */
type Question = (text: string | null) => void;

/** One utterance. Sound waits in `pending` while the decoder works on another thread on what came before. */
export class Recognition implements SttStream {
  private readonly parts = new AsyncQueue<SttPart>();
  private pending: Pcm16[] = [];
  private state: 'open' | 'ended' | 'cancelled' = 'open';
  private wake: (() => void) | null = null;
  private questions: Question[] = [];
  /** The transcript of everything decoded, while the decoder's utterance is ended; a write makes it begin anew. */
  private settled: string | null = null;
  /** What was decoded; null when it is too long to be decoded again. */
  private kept: Pcm16[] | null = [];
  private keptSamples = 0;
  private repeatedSamples = 0;

  constructor(
    private readonly pool: DecoderPool,
    private readonly known: KnownSpeaker | null,
  ) {
    this.run()
      .then(
        () => this.parts.end(),
        (cause) => this.parts.fail(cause),
      )
      .finally(() => this.answer(null));
  }

  write(pcm: Pcm16): void {
    if (this.state !== 'open') return;
    this.pending.push(pcm.slice());
    this.wake?.();
  }

  end(): void {
    if (this.state !== 'open') return;
    this.state = 'ended';
    this.wake?.();
  }

  settle(): Promise<string | null> {
    if (this.state !== 'open') return Promise.resolve(null);
    return new Promise((resolve) => {
      this.questions.push(resolve);
      this.wake?.();
    });
  }

  cancel(): void {
    this.state = 'cancelled';
    this.pending = [];
    this.kept = null;
    this.parts.end();
    this.answer(null);
    this.wake?.();
  }

  [Symbol.asyncIterator](): AsyncIterator<SttPart> {
    return this.parts[Symbol.asyncIterator]();
  }

  private async run(): Promise<void> {
    const decoder = await this.pool.take();
    // Another utterance may begin before this one is recognised.
    void this.pool.warm();
    let state: 'usable' | 'broken' = 'broken';
    try {
      this.begin(decoder);
      await this.decode(decoder);
      state = 'usable';
    } finally {
      this.pool.give(decoder, state);
    }
  }

  private async decode(decoder: Decoder): Promise<void> {
    let shown = '';
    for (;;) {
      const block = this.takePending();
      if (block !== null) {
        await this.goOn(decoder);
        await decoder.process(block);
        this.keep(block);
        if (this.is('cancelled')) continue;
        const text = decoder.hypothesis();
        if (text !== shown) this.parts.push({ type: 'partial', text });
        shown = text;
      } else if (this.questions.length > 0) {
        if (this.repeatable()) await this.finish(decoder);
        // Sound that came meanwhile makes the question obsolete, which the asker knows.
        this.answer(this.settled);
      } else if (this.is('open')) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
        this.wake = null;
      } else break;
    }
    await this.finish(decoder);
    if (this.is('cancelled')) return;
    this.learn(decoder);
    this.parts.push({ type: 'final', text: this.settled ?? '' });
  }

  private begin(decoder: Decoder): void {
    const { known } = this;
    decoder.start(known === null ? null : (known.speakers.get(known.speaker) ?? null));
  }

  /** Ends the decoder's utterance, which takes a few milliseconds and makes its last hypothesis the final one. */
  private async finish(decoder: Decoder): Promise<void> {
    if (this.settled !== null) return;
    await decoder.end();
    this.settled = decoder.hypothesis();
  }

  /** After `settle` the decoder starts anew with all it heard, so the transcript is the same as without. */
  private async goOn(decoder: Decoder): Promise<void> {
    if (this.settled === null) return;
    this.settled = null;
    this.repeatedSamples += this.keptSamples;
    this.begin(decoder);
    for (const pcm of this.kept ?? []) {
      if (this.is('cancelled')) return;
      await decoder.process(pcm);
    }
  }

  private repeatable(): boolean {
    return this.kept !== null && this.repeatedSamples + this.keptSamples <= MAX_REPEATED;
  }

  private keep(pcm: Pcm16): void {
    this.keptSamples += pcm.length;
    if (this.keptSamples > MAX_KEPT) this.kept = null;
    this.kept?.push(pcm);
  }

  private learn(decoder: Decoder): void {
    const learned = this.settled === '' ? null : decoder.adaptation();
    if (learned !== null) this.known?.speakers.set(this.known.speaker, learned);
  }

  private answer(text: string | null): void {
    for (const answer of this.questions.splice(0)) answer(text);
  }

  private is(state: Recognition['state']): boolean {
    return this.state === state;
  }

  private takePending(): Pcm16 | null {
    const block = new Int16Array(Math.min(MAX_BLOCK, this.pendingSamples()));
    if (block.length === 0) return null;
    let filled = 0;
    let used = 0;
    while (filled < block.length) {
      const piece = this.pending[used] as Pcm16;
      const part = piece.subarray(0, block.length - filled);
      block.set(part, filled);
      filled += part.length;
      if (part.length === piece.length) used++;
      else this.pending[used] = piece.subarray(part.length);
    }
    this.pending.splice(0, used);
    return block;
  }

  /** Up to MAX_BLOCK, which is all that matters. */
  private pendingSamples(): number {
    let samples = 0;
    for (const { length } of this.pending) {
      samples += length;
      if (samples >= MAX_BLOCK) break;
    }
    return samples;
  }
}
