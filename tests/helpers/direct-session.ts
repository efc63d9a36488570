/** A session without a socket, whose time a test moves. */
import { createFakeBackends, type FakeRecord, type FakeScript } from '../../src/server/backends/fake';
import { Session } from '../../src/server/session';
import { type Pcm16, pcm16ToBytes } from '../../src/shared/audio';
import { silentLogger } from '../../src/shared/log';
import { createManualClock, type ManualClock } from './client-clock';
import type { WireEvent } from './server-client';

export interface DirectSession {
  events: WireEvent[];
  clock: ManualClock;
  record: FakeRecord;
  send(event: object): void;
  append(pcm: Pcm16): void;
  /** Waits until `condition`; what is not there after many turns of the event loop fails. */
  until(condition: () => boolean): Promise<void>;
  /** Waits for the `count`th event of this type. */
  next(type: string, count?: number): Promise<WireEvent>;
  of(type: string): WireEvent[];
  close(): void;
}

export function openDirectSession(
  script: FakeScript = {},
  kind: 'realtime' | 'transcription' = 'realtime',
): DirectSession {
  const { backends, record } = createFakeBackends(script);
  const clock = createManualClock();
  const events: WireEvent[] = [];
  const session = new Session({
    kind,
    model: 'test',
    backends,
    log: silentLogger,
    clock,
    send: (text) => events.push(JSON.parse(text)),
  });
  const of = (type: string) => events.filter((event) => event.type === type);
  const send = (event: object) => session.receive(Buffer.from(JSON.stringify(event)), false);
  const until = async (condition: () => boolean) => {
    for (let turn = 0; !condition(); turn++) {
      if (turn > 20_000) throw new Error(`not reached; got ${events.map(({ type }) => type).join(', ')}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return {
    events,
    clock,
    record,
    send,
    append: (pcm) =>
      send({
        type: 'input_audio_buffer.append',
        audio: Buffer.from(pcm16ToBytes(pcm)).toString('base64'),
      }),
    until,
    async next(type, count = 1) {
      await until(() => of(type).length >= count);
      return of(type)[count - 1] as WireEvent;
    },
    of,
    close: () => session.close(),
  };
}
