import type { Speaker } from '../client/audio';
import type { Clock } from '../client/clock';
import { msToSamples, type Pcm16, pcm16ToBytes, SAMPLE_RATE, sampleToPcm16 } from '../shared/audio';
import type { HeardItem, PlaybackCommand, PlaybackEvent } from '../shared/audio-port';
import { Bell } from '../shared/bell';
import { PlaybackDesk } from '../shared/playback-desk';
import { allocatePlaybackMemory, FADE_FRAMES } from '../shared/playback-line';
import { PlaybackRenderer } from '../shared/playback-renderer';

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
 * A loudspeaker without a device: the app's own desk and renderer, driven by a clock as fast as a device would, and
 * keeps what it rendered. Its frames are those of `WavMicrophone` on the same clock. `onSound` is told of the first
 * sample of every item before the `onStarted` listener.
 */
export function createClockSpeaker(clock: Clock, onSound: (itemId: string) => void): ClockSpeaker {
  const memory = allocatePlaybackMemory();
  const renderer = new PlaybackRenderer(memory, new Bell(Bell.allocate()));
  const desk = new PlaybackDesk(memory, () => clock.now());
  const recorded: Pcm16[] = [];
  const answers = new Map<string, (items: HeardItem[]) => void>();
  let started: (itemId: string) => void = () => undefined;
  let finished: (heard: HeardItem) => void = () => undefined;
  let onRendered: (pcm: Pcm16, frame: number) => void = () => undefined;
  let lastId = 0;
  /** When rendering began; null while nothing is to be played. */
  let runningSince: number | null = null;
  let rendered = 0;
  let cancelTick: () => void = () => undefined;

  const receive = (event: PlaybackEvent): void => {
    switch (event.type) {
      case 'started':
        onSound(event.itemId);
        started(event.itemId);
        return;
      case 'finished':
        finished(event.heard);
        return;
      case 'flushed':
        answers.get(`flush ${event.flushId}`)?.(event.items);
        return;
      case 'held':
        answers.get(`hold ${event.holdId}`)?.(event.items);
        return;
      case 'rendered':
        onRendered(new Int16Array(event.audio), event.frame);
        return;
      case 'ready':
      case 'underrun':
      case 'latency':
        return;
      default:
        event satisfies never;
    }
  };
  desk.attach(receive);

  const frameAt = (ms: number): number => Math.floor((ms * SAMPLE_RATE) / 1000);

  function render(frames: number): void {
    const output = new Float32Array(frames);
    renderer.render(output, frameAt(runningSince ?? clock.now()) + rendered);
    rendered += frames;
    if (frames > 0) recorded.push(Int16Array.from(output, sampleToPcm16));
    desk.pump();
  }

  function renderDue(): void {
    if (runningSince === null) return;
    const due = frameAt(clock.now() - runningSince);
    while (due - rendered >= PERIOD_FRAMES && !isIdle()) render(PERIOD_FRAMES);
  }

  const isIdle = (): boolean => desk.idle && !renderer.sounding;

  function tick(): void {
    renderDue();
    if (isIdle()) runningSince = null;
    else cancelTick = clock.after(PERIOD_MS, tick);
  }

  function wake(): void {
    if (runningSince !== null || isIdle()) return;
    if (recorded.length > 0) recorded.push(new Int16Array(PAUSE_FRAMES));
    runningSince = clock.now();
    rendered = 0;
    tick();
  }

  function obey(command: PlaybackCommand): void {
    desk.obey(command);
    desk.pump();
  }

  /** Obeys a command that silences, and renders the run-down at once. */
  function silence(command: PlaybackCommand, key: string): Promise<HeardItem[]> {
    renderDue();
    return new Promise((resolve) => {
      answers.set(key, (items) => {
        answers.delete(key);
        resolve(items);
      });
      obey(command);
      render(renderer.sounding ? FADE_FRAMES : 0);
    });
  }

  return {
    get idle() {
      return isIdle();
    },
    play(itemId, contentIndex, pcm) {
      obey({ type: 'play', itemId, contentIndex, audio: pcm16ToBytes(pcm).slice().buffer });
      wake();
    },
    end: (itemId) => obey({ type: 'end', itemId }),
    flush() {
      const flushId = ++lastId;
      return silence({ type: 'flush', flushId }, `flush ${flushId}`);
    },
    duck: (on) => obey({ type: 'duck', on }),
    hold() {
      const holdId = ++lastId;
      return silence({ type: 'hold', holdId }, `hold ${holdId}`);
    },
    resume() {
      obey({ type: 'resume' });
      wake();
    },
    onRendered(listener) {
      onRendered = listener;
      obey({ type: 'record', on: true });
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
