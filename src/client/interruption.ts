/** The user cuts in: silence at once, then the server learns what was heard of each queued item. */

import type { HeardItem } from '../shared/audio-port';
import type { ClientNote } from '../shared/ipc';
import { type Logger, toError } from '../shared/log';
import type { ClientEvent } from '../shared/realtime';
import type { Speaker } from './audio';
import type { Clock } from './clock';
import { heardText } from './heard-text';
import { cutOf, type PlaybackLedger, type PlayingItem } from './playback-ledger';

/** Milliseconds after which a speaker that does not answer is taken to be gone; the session goes on without it. */
const FLUSH_TIMEOUT_MS = 1000;

export interface InterruptionOptions {
  speaker: Speaker;
  ledger: PlaybackLedger;
  clock: Clock;
  log: Logger;
  send(event: ClientEvent): void;
  nextEventId(prefix: string): string;
  note(note: ClientNote): void;
}

export interface Interruption {
  /** Silences the speaker. Nothing is sent when nothing is queued. */
  flush(): void;
  /** Sound came for an item of a cancelled response that never reached the speaker. */
  dropped(itemId: string, contentIndex: number): void;
  /** Resolves when the server was told about every flush so far. */
  settled(): Promise<void>;
}

export function createInterruption(options: InterruptionOptions): Interruption {
  const { speaker, ledger, clock, log, send, nextEventId, note } = options;
  let settled: Promise<unknown> = Promise.resolve();

  const truncate = (itemId: string, contentIndex: number, audioEndMs: number) =>
    send({
      type: 'conversation.item.truncate',
      event_id: nextEventId('truncate'),
      item_id: itemId,
      content_index: contentIndex,
      audio_end_ms: audioEndMs,
    });

  const report = (item: PlayingItem, heard: HeardItem | undefined) => {
    const { itemId } = item;
    const { audioEndMs, receivedMs, whole } = cutOf(item, heard);
    if (whole) return note({ type: 'client.playback_finished', itemId });
    if (!item.orphaned) truncate(itemId, item.contentIndex, audioEndMs);
    const text = heardText(item.track.text, item.track.anchors(item.ended), audioEndMs);
    note({ type: 'client.interrupted', itemId, audioEndMs, receivedMs, heardText: text });
  };

  /** What the speaker says it rendered; nothing when it fails or does not answer. */
  const flushed = () =>
    new Promise<HeardItem[]>((resolve) => {
      const giveUp = clock.after(FLUSH_TIMEOUT_MS, () => {
        log.warn('speaker did not answer a flush');
        resolve([]);
      });
      speaker.flush().then(
        (items) => {
          giveUp();
          resolve(items);
        },
        (cause) => {
          giveUp();
          log.error('flush failed', { error: toError(cause) });
          resolve([]);
        },
      );
    });

  return {
    flush() {
      const items = ledger.cut();
      if (items.length === 0) return;
      const told = flushed().then((heard) => {
        for (const item of items) {
          report(
            item,
            heard.find((h) => h.itemId === item.itemId),
          );
        }
      });
      settled = Promise.all([settled, told]);
    },
    dropped(itemId, contentIndex) {
      if (ledger.isFlushed(itemId)) return;
      ledger.markFlushed(itemId);
      truncate(itemId, contentIndex, 0);
      note({ type: 'client.interrupted', itemId, audioEndMs: 0, receivedMs: 0, heardText: '' });
    },
    settled: async () => {
      await settled;
    },
  };
}
