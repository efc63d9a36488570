import { describe, expect, it } from 'vitest';
import {
  detectTurn,
  FRAME_MS,
  QUIET,
  type TurnOptions,
  type TurnState,
} from '../../src/server/turn-detector';

const OPTIONS: TurnOptions = { threshold: 0.5, silenceDurationMs: 96 };

/** Events with the number of the frame (from 1) that caused them. */
function run(probabilities: number[], options: (frame: number) => TurnOptions = () => OPTIONS): string[] {
  let state: TurnState = QUIET;
  return probabilities.flatMap((probability, index) => {
    const result = detectTurn(state, probability, options(index + 1));
    state = result.state;
    return result.event === null ? [] : [`${result.event.type}@${index + 1}`];
  });
}

describe('detectTurn', () => {
  const cases: Array<[string, number[], string[]]> = [
    ['stays quiet in silence', [0, 0.1, 0.49, 0.2], []],
    ['starts with the second frame of speech', [0, 0.9, 0.9, 0.9], ['started@3']],
    ['ignores a click of one frame', [0, 0.9, 0, 0.9, 0], []],
    ['stops after the silence', [0.9, 0.9, 0, 0, 0, 0], ['started@2', 'stopped@5']],
    ['a shorter pause does not stop it', [0.9, 0.9, 0, 0, 0.9, 0, 0, 0], ['started@2', 'stopped@8']],
    [
      'speech that softens goes on a little below the threshold',
      [0.9, 0.9, 0.4, 0.4, 0.4, 0.4],
      ['started@2'],
    ],
    ['but not far below', [0.9, 0.9, 0.3, 0.3, 0.3], ['started@2', 'stopped@5']],
    ['starts again afterwards', [0.9, 0.9, 0, 0, 0, 0.9, 0.9], ['started@2', 'stopped@5', 'started@7']],
    ['the threshold itself is speech', [0.5, 0.5], ['started@2']],
  ];
  it.each(cases)('%s', (_name, probabilities, expected) => {
    expect(run(probabilities)).toEqual(expected);
  });

  it('says how long ago speech began', () => {
    const { state } = detectTurn(QUIET, 1, OPTIONS);
    expect(detectTurn(state, 1, OPTIONS).event).toEqual({ type: 'started', speechMs: 2 * FRAME_MS });
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
