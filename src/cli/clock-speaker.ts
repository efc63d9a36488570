import type { Speaker } from '../client/audio';
import type { Clock } from '../client/clock';
import { msToSamples, type Pcm16, SAMPLE_RATE, sampleToPcm16 } from '../shared/audio';
import type { HeardItem } from '../shared/audio-port';
import { PlaybackQueue } from '../shared/playback-queue';

/** Frames rendered at once, and how often: a loudspeaker's usual period. */
const PERIOD_MS = 10;
const PERIOD_FRAMES = msToSamples(PERIOD_MS);

/** Silence put between two answers in the recording. */
const PAUSE_FRAMES = msToSamples(500);

export interface ClockSpeaker extends Speaker {
  /** Nothing is left to play and nothing more is announced. */
  readonly idle: boolean;
  /** All that was rendered so far, the silence between answers shortened. */
  recording(): Pcm16;
  close(): void;
}

/**
 * A loudspeaker without a device: renders the same queue as the app's audio thread does, as fast as a device would,
 * and keeps what it rendered. `onSound` is told of the first sample of every item before the `onStarted` listener.
 */
export function createClockSpeaker(clock: Clock, onSound: (itemId: string) => void): ClockSpeaker {
  const queue = new PlaybackQueue();
  const period = new Float32Array(PERIOD_FRAMES);
  const recorded: Pcm16[] = [];
  let started: (itemId: string) => void = () => undefined;
  let finished: (heard: HeardItem) => void = () => undefined;
  /** When rendering began; null while nothing is to be played. */
  let runningSince: number | null = null;
  let rendered = 0;
  let cancelTick: () => void = () => undefined;

  function render(frames: number): void {
    const output = frames === PERIOD_FRAMES ? period : period.subarray(0, frames);
    const events = [...queue.render(output)];
    rendered += frames;
    recorded.push(Int16Array.from(output, sampleToPcm16));
    for (const event of events) {
      if (event.type === 'started') {
        onSound(event.itemId);
        started(event.itemId);
      } else if (event.type === 'finished') finished(event.heard);
    }
  }

  function renderDue(): void {
    if (runningSince === null) return;
    const due = Math.floor(((clock.now() - runningSince) * SAMPLE_RATE) / 1000);
    while (due - rendered >= PERIOD_FRAMES && !queue.idle) render(PERIOD_FRAMES);
  }

  function tick(): void {
    renderDue();
    if (queue.idle) runningSince = null;
    else cancelTick = clock.after(PERIOD_MS, tick);
  }

  function wake(): void {
    if (runningSince !== null) return;
    if (recorded.length > 0) recorded.push(new Int16Array(PAUSE_FRAMES));
    runningSince = clock.now();
    rendered = 0;
    tick();
  }

  return {
    get idle() {
      return queue.idle;
    },
    play(itemId, contentIndex, pcm) {
      // The queue keeps what it is given, and the caller may use its buffer again.
      if (queue.enqueue(itemId, contentIndex, pcm.slice())) wake();
    },
    end: (itemId) => queue.end(itemId),
    async flush() {
      renderDue();
      const items = queue.flush();
      if (queue.fadeFrames > 0) render(queue.fadeFrames);
      return items;
    },
    onStarted(listener) {
      started = listener;
    },
    onFinished(listener) {
      finished = listener;
    },
    recording() {
      const all = new Int16Array(recorded.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of recorded) {
        all.set(part, at);
        at += part.length;
      }
      return all;
    },
    close: () => cancelTick(),
  };
}
