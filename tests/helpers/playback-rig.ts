import type { PlaybackCommand, PlaybackEvent } from '../../src/shared/audio-port';
import { Bell } from '../../src/shared/bell';
import { PlaybackDesk } from '../../src/shared/playback-desk';
import { allocatePlaybackMemory } from '../../src/shared/playback-line';
import { PlaybackRenderer } from '../../src/shared/playback-renderer';

export const QUANTUM = 128;
/** Half of full scale. */
export const LEVEL = 0x4000;

/** `length` samples of a constant level, so that every fade and every silence is visible. */
export const flat = (length: number, level = LEVEL): Int16Array => new Int16Array(length).fill(level);

/** A 200 Hz sine at half level: its own steps are below 0.03, a click would be above. */
export const sine = (length: number, phase = 0): Int16Array =>
  Int16Array.from({ length }, (_, i) =>
    Math.round(LEVEL * Math.sin((2 * Math.PI * 200 * (i + phase)) / 24_000)),
  );

/** The largest step between neighbouring samples, the first against silence. */
export function largestStep(samples: number[]): number {
  let before = 0;
  let step = 0;
  for (const sample of samples) {
    step = Math.max(step, Math.abs(sample - before));
    before = sample;
  }
  return step;
}

export const heard = (itemId: string, renderedFrames: number, receivedFrames: number, contentIndex = 0) => ({
  itemId,
  contentIndex,
  renderedFrames,
  receivedFrames,
});

export type Rig = ReturnType<typeof createPlaybackRig>;

/** The desk and the renderer on one line, a quantum at a time; the clock goes with what is rendered. */
export function createPlaybackRig() {
  const memory = allocatePlaybackMemory();
  const bell = new Bell(Bell.allocate());
  const renderer = new PlaybackRenderer(memory, bell);
  let nowMs = 0;
  const desk = new PlaybackDesk(memory, () => nowMs);
  const events: PlaybackEvent[] = [];
  let frame = 0;
  let lastId = 0;
  desk.attach((event) => events.push(event));

  const obey = (command: PlaybackCommand): void => {
    desk.obey(command);
    desk.pump();
  };
  const render = (frames: number, size = QUANTUM, pump: () => void = () => desk.pump()): number[] => {
    const samples: number[] = [];
    while (samples.length < frames) {
      const output = new Float32Array(Math.min(size, frames - samples.length)).fill(9);
      renderer.render(output, frame);
      samples.push(...output);
      frame += output.length;
      nowMs += output.length / 24;
      pump();
    }
    return samples;
  };
  return {
    bell,
    desk,
    events,
    obey,
    render,
    get frame() {
      return frame;
    },
    wait(ms: number): void {
      nowMs += ms;
      desk.pump();
    },
    play: (itemId: string, pcm: Int16Array, contentIndex = 0): void =>
      obey({ type: 'play', itemId, contentIndex, audio: pcm.slice().buffer as ArrayBuffer }),
    end: (itemId: string): void => obey({ type: 'end', itemId }),
    flush: (): void => obey({ type: 'flush', flushId: ++lastId }),
    hold: (): void => obey({ type: 'hold', holdId: ++lastId }),
    resume: (): void => obey({ type: 'resume' }),
    duck: (on: boolean): void => obey({ type: 'duck', on }),
    /** What was told of items since the last call, as words. */
    told: (): string[] =>
      events.splice(0).flatMap((e) => {
        switch (e.type) {
          case 'started':
          case 'underrun':
            return [`${e.type} ${e.itemId} ${e.frame}`];
          case 'finished':
            return [`finished ${e.heard.itemId} ${e.frame}`];
          case 'flushed':
          case 'held':
            return [
              `${e.type} ${e.items.map((i) => `${i.itemId}:${i.renderedFrames}`).join(' ')} ${e.frame}`,
            ];
          default:
            return [];
        }
      }),
    /** The items of the last answer to a flush or a hold. */
    answer: () =>
      events
        .filter((e) => e.type === 'flushed' || e.type === 'held')
        .map((e) => e.items)
        .at(-1),
  };
}
