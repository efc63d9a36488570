import { describe, expect, it } from 'vitest';
import {
  detectTurn,
  FRAME_MS,
  type FrameFacts,
  QUIET,
  type TurnOptions,
  type TurnState,
  waitQuietly,
} from '../../../src/server/turns/turn-detector';

const OPTIONS: TurnOptions = { threshold: 0.5, silenceDurationMs: 96 };

function trace(frames: FrameFacts[], options: (frame: number) => TurnOptions = () => OPTIONS): string[] {
  let state: TurnState = QUIET;
  return frames.flatMap((frame, index) => {
    const result = detectTurn(state, frame, options(index + 1));
    state = result.state;
    return result.event === null ? [] : [`${result.event.type}@${index + 1}`];
  });
}

/** Turns with the number of the frame (from 1) that began or ended them; of sound that the level never calls quiet. */
function run(probabilities: number[], options?: (frame: number) => TurnOptions): string[] {
  const frames = probabilities.map((probability) => ({ probability, quietMs: 0 }));
  return trace(frames, options).filter((event) => /^(?:started|stopped)/u.test(event));
}

describe('detectTurn', () => {
  const cases: Array<[string, number[], string[]]> = [
    ['stays quiet in silence', [0, 0.1, 0.49, 0.2], []],
    ['starts with the second frame of speech when that is sure', [0, 0.5, 0.8, 0.9], ['started@3']],
    ['starts with the third when it is not', [0, 0.9, 0.79, 0.5], ['started@4']],
    ['ignores a click of one frame', [0, 1, 0, 1, 0], []],
    ['ignores two frames that may be speech', [0, 0.9, 0.7, 0, 0.7, 0.7, 0.4], []],
    ['stops after the silence', [0.9, 0.9, 0, 0, 0, 0], ['started@2', 'stopped@5']],
    ['a shorter pause does not stop it', [0.9, 0.9, 0, 0, 0.9, 0, 0, 0], ['started@2', 'stopped@8']],
    [
      'speech that softens goes on a little below the threshold',
      [0.9, 0.9, 0.4, 0.4, 0.4, 0.4],
      ['started@2'],
    ],
    ['but not far below', [0.9, 0.9, 0.3, 0.3, 0.3], ['started@2', 'stopped@5']],
    ['starts again afterwards', [0.9, 0.9, 0, 0, 0, 0.9, 0.9], ['started@2', 'stopped@5', 'started@7']],
    ['the threshold itself is speech', [0.5, 0.5, 0.5], ['started@3']],
  ];
  it.each(cases)('%s', (_name, probabilities, expected) => {
    expect(run(probabilities)).toEqual(expected);
  });

  it('says how long ago speech began', () => {
    const loud = { probability: 1, quietMs: 0 };
    const { state } = detectTurn(QUIET, loud, OPTIONS);
    expect(detectTurn(state, loud, OPTIONS).event).toEqual({ type: 'started', speechMs: 2 * FRAME_MS });
  });

  it('takes new options while somebody speaks', () => {
    const longer = { ...OPTIONS, silenceDurationMs: 160 };
    const probabilities = [0.9, 0.9, 0, 0, 0, 0, 0];
    expect(run(probabilities, (frame) => (frame < 4 ? OPTIONS : longer))).toEqual(['started@2', 'stopped@7']);
  });

  it('never reads silence as speech, even at threshold 0.1', () => {
    expect(run([0.9, 0.9, 0, 0, 0], () => ({ ...OPTIONS, threshold: 0.1 }))).toEqual([
      'started@2',
      'stopped@5',
    ]);
  });
});

describe('silence by level', () => {
  const LONG: TurnOptions = { threshold: 0.5, silenceDurationMs: 500 };
  const loud: FrameFacts = { probability: 1, quietMs: 0 };
  /** The VAD says speech, the level says nothing is there: the VAD's lag. */
  const late: FrameFacts = { probability: 1, quietMs: FRAME_MS };
  const silent: FrameFacts = { probability: 0, quietMs: FRAME_MS };
  const noisy: FrameFacts = { probability: 0, quietMs: 0 };
  const times = (count: number, frame: FrameFacts) => Array.from({ length: count }, () => frame);
  const voice = times(2, loud);

  const cases: Array<[string, FrameFacts[], string[]]> = [
    [
      'counts from the last sound, not from the VAD’s end',
      [...voice, ...times(4, late), ...times(12, silent)],
      ['started@2', 'paused@7', 'stopped@18'],
    ],
    [
      'counts a part of a frame',
      [...voice, { probability: 1, quietMs: 20 }, ...times(15, silent)],
      ['started@2', 'paused@8', 'stopped@18'],
    ],
    [
      'counts no more than a VAD can lag behind',
      [...voice, ...times(30, late), ...times(11, silent)],
      ['started@2', 'paused@33', 'stopped@43'],
    ],
    [
      'is left to the VAD in noise',
      [...voice, ...times(4, loud), ...times(16, noisy)],
      ['started@2', 'paused@11', 'stopped@22'],
    ],
    [
      'is left to the VAD when a sound comes that may be a word',
      [...voice, ...times(4, late), ...times(11, silent), noisy, ...times(3, noisy)],
      ['started@2', 'paused@7'],
    ],
    [
      'does not end what goes on',
      [...voice, ...times(4, late), ...times(11, silent), noisy, loud],
      ['started@2', 'paused@7', 'resumed@19'],
    ],
    [
      'pauses anew after each word',
      [...voice, ...times(6, silent), loud, ...times(6, silent)],
      ['started@2', 'paused@7', 'resumed@9', 'paused@14'],
    ],
  ];
  it.each(cases)('%s', (_name, frames, expected) => {
    expect(trace(frames, () => LONG)).toEqual(expected);
  });

  it('pauses earlier when a turn ends early', () => {
    expect(trace([...voice, ...times(4, silent)])).toEqual(['started@2', 'paused@3', 'stopped@5']);
  });

  it('ends a turn within a frame', () => {
    const stopping: TurnState = { state: 'stopping', silenceMs: 320, quietMs: 480, paused: true };
    expect(waitQuietly(stopping, 19, LONG)).toEqual({ state: stopping, event: null });
    expect(waitQuietly(stopping, 20, LONG)).toEqual({
      state: QUIET,
      event: { type: 'stopped', silenceMs: 500 },
    });
    expect(waitQuietly({ state: 'speaking', quietMs: 900 }, 20, LONG).event).toBeNull();
  });
});
