/** Runs operations one after another: at once, and in the same tick, when none is under way. */
export interface Serial {
  run(operation: () => void | Promise<void>): void;
  /** Resolves when everything given so far has run. */
  idle(): Promise<void>;
}

export function createSerial(onError: (cause: unknown) => void): Serial {
  const queue: (() => void | Promise<void>)[] = [];
  let running: Promise<void> | null = null;

  const drain = async (first: Promise<void>) => {
    let current: void | Promise<void> = first;
    for (;;) {
      try {
        await current;
        const next = queue.shift();
        if (!next) break;
        current = next();
      } catch (cause) {
        onError(cause);
        current = undefined;
      }
    }
    running = null;
  };
  return {
    run(operation) {
      if (running !== null) {
        queue.push(operation);
        return;
      }
      try {
        const started = operation();
        if (started) running = drain(started);
      } catch (cause) {
        onError(cause);
      }
    },
    idle: async () => {
      await running;
    },
  };
}
