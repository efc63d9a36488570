/** Everything a stock client was told, to wait for and to look into. */
import type { WireEvent } from '../helpers/server-client';
import type { Dialect } from './schema/derive';
import { validatorOf } from './schema/validate';

export class EventLog {
  readonly events: WireEvent[] = [];
  private readonly waiting = new Set<() => void>();

  constructor(private readonly dialect: Dialect = 'ga') {}

  /** What a client hands its listeners. */
  readonly add = (event: unknown): void => {
    this.events.push(event as WireEvent);
    for (const check of [...this.waiting]) check();
  };

  of(type: string): WireEvent[] {
    return this.events.filter((event) => event.type === type);
  }

  /** The `count`th event of `type`; waits for it. */
  async until(type: string, count = 1): Promise<WireEvent> {
    await this.untilTrue(() => this.of(type).length >= count, type);
    return this.of(type)[count - 1] as WireEvent;
  }

  /** Asked again after each event. */
  untilTrue(condition: () => boolean, what = 'it'): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        this.waiting.delete(check);
        settle();
      };
      const check = () => {
        if (condition()) finish(resolve);
      };
      const timer = setTimeout(() => {
        const types = this.events.map(({ type }) => type).join(', ');
        finish(() => reject(new Error(`${what} did not happen; got ${types}`)));
      }, 20_000);
      this.waiting.add(check);
    });
  }

  /** What is not as the published types say. */
  problems(): string[] {
    const validator = validatorOf(this.dialect, 'server');
    return this.events.flatMap((event) => validator.problems(event));
  }

  /** Bytes of all sound in deltas of `type`. */
  audioBytes(type: string): number {
    return this.of(type).reduce((sum, { delta }) => sum + Buffer.from(delta, 'base64').length, 0);
  }
}
