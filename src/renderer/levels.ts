/** The two loudness levels of the picture, RMS 0..1. They change 30 times a second, so they stay out of the store. */
export class Levels {
  microphone = 0;
  answer = 0;
  readonly #listeners = new Set<() => void>();

  set(microphone: number, answer: number): void {
    this.microphone = microphone;
    this.answer = answer;
    for (const listener of this.#listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
