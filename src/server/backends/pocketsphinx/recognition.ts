import type { Pcm16 } from '../../../shared/audio';
import { AsyncQueue } from '../../queue';
import type { SttPart, SttStream } from '../index';
import type { Decoder } from './decoder';
import type { DecoderPool } from './decoder-pool';

/** Samples decoded at once at most; bounds how long a cancelled utterance still works. */
const MAX_BLOCK = 16_000;

/** One utterance. Sound waits in `pending` while the decoder works on another thread on what came before. */
export class Recognition implements SttStream {
  private readonly parts = new AsyncQueue<SttPart>();
  private pending: Pcm16[] = [];
  private state: 'open' | 'ended' | 'cancelled' = 'open';
  private wake: (() => void) | null = null;

  constructor(private readonly pool: DecoderPool) {
    this.run().then(
      () => this.parts.end(),
      (cause) => this.parts.fail(cause),
    );
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

  cancel(): void {
    this.state = 'cancelled';
    this.pending = [];
    this.parts.end();
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
      decoder.start();
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
        await decoder.process(block);
        if (this.is('cancelled')) continue;
        const text = decoder.hypothesis();
        if (text !== shown) this.parts.push({ type: 'partial', text });
        shown = text;
      } else if (this.is('open')) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
        this.wake = null;
      } else break;
    }
    await decoder.end();
    if (!this.is('cancelled')) this.parts.push({ type: 'final', text: decoder.hypothesis() });
  }

  private is(state: Recognition['state']): boolean {
    return this.state === state;
  }

  private takePending(): Pcm16 | null {
    const block: Pcm16[] = [];
    let length = 0;
    for (const pcm of this.pending) {
      if (length > 0 && length + pcm.length > MAX_BLOCK) break;
      block.push(pcm);
      length += pcm.length;
    }
    this.pending.splice(0, block.length);
    if (length === 0) return null;
    const joined = new Int16Array(length);
    let at = 0;
    for (const pcm of block) {
      joined.set(pcm, at);
      at += pcm.length;
    }
    return joined;
  }
}
