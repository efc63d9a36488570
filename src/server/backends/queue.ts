/** Values from one producer to one consumer, unbounded. `push` after `end` or `fail` is ignored. */
export class AsyncQueue<T> implements AsyncIterable<T> {
  private readonly values: T[] = [];
  private finish: { error: unknown } | null = null;
  private closed = false;
  private wake: (() => void) | null = null;

  push(value: T): void {
    if (this.closed) return;
    this.values.push(value);
    this.wake?.();
  }

  /** The consumer ends after the values that are still queued. */
  end(): void {
    this.closed = true;
    this.wake?.();
  }

  /** The consumer throws `error` after the values that are still queued. */
  fail(error: unknown): void {
    if (this.closed) return;
    this.finish = { error };
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      while (this.values.length > 0) yield this.values.shift() as T;
      if (this.closed) break;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      this.wake = null;
    }
    if (this.finish !== null) throw this.finish.error;
  }
}
