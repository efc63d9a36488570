/** Listeners of one event; adding one gives its remover. */
export interface Listeners<T> {
  add(listener: (value: T) => void): () => void;
  emit(value: T): void;
}

export function createListeners<T>(): Listeners<T> {
  let listeners: ((value: T) => void)[] = [];
  return {
    add(listener) {
      listeners = [...listeners, listener];
      return () => {
        listeners = listeners.filter((other) => other !== listener);
      };
    },
    emit(value) {
      for (const listener of listeners) listener(value);
    },
  };
}
