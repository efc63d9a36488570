import type { Decoder } from './decoder';

/**
 * Decoders that are ready. Making one takes long, so one is kept warm beside those in use, and a few that came back
 * are kept for the next time.
 */
export class DecoderPool {
  private readonly idle: Decoder[] = [];
  private making: Promise<void> | null = null;
  private readonly freeing = new Set<Promise<void>>();
  private closed = false;

  /** `first` is the one that proved that decoders can be made at all. */
  constructor(
    first: Decoder,
    private readonly make: () => Promise<Decoder>,
    private readonly maxIdle = 2,
  ) {
    this.idle.push(first);
  }

  /** A decoder for one utterance; rejects when none can be made. */
  async take(): Promise<Decoder> {
    return this.idle.pop() ?? this.make();
  }

  /** Takes a decoder back. One that failed in the middle is of no use any more: say `broken`. */
  give(decoder: Decoder, state: 'usable' | 'broken'): void {
    if (this.closed || state === 'broken' || this.idle.length >= this.maxIdle) this.free(decoder);
    else this.idle.push(decoder);
  }

  /** Makes one in the background when fewer than `count` are idle. A failure shows when a decoder is really needed. */
  warm(count = 1): Promise<void> {
    if (this.closed || this.idle.length >= count) return Promise.resolve();
    this.making ??= this.make()
      .then((decoder) => this.give(decoder, 'usable'))
      .catch(() => undefined)
      .finally(() => {
        this.making = null;
      });
    return this.making;
  }

  /** Frees the idle ones; those in use are freed when they come back. */
  async close(): Promise<void> {
    this.closed = true;
    await this.making;
    for (const decoder of this.idle.splice(0)) this.free(decoder);
    await Promise.all(this.freeing);
  }

  private free(decoder: Decoder): void {
    const freed: Promise<void> = decoder.free().finally(() => this.freeing.delete(freed));
    this.freeing.add(freed);
  }
}
