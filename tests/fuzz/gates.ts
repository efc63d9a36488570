/** Where engines wait, until the fuzzer lets one go on. */
export class Gates {
  private readonly waiting: Array<() => void> = [];
  private open = false;

  /** Settles when it is let go on, or when `signal` aborts. */
  wait(signal?: AbortSignal): Promise<void> {
    if (this.open || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** Lets one of those that wait go on, if any do. */
  release(index: number): void {
    this.waiting.splice(index % Math.max(1, this.waiting.length), 1)[0]?.();
  }

  /** From now on nobody waits. */
  openAll(): void {
    this.open = true;
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
