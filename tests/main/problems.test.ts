import { expect, it } from 'vitest';
import { createProblemBoard, engineProblem } from '../../src/main/problems';

it('lists what is wrong, the weightier source first, and tells only of changes', () => {
  let changes = 0;
  const board = createProblemBoard(() => {
    changes += 1;
  });
  board.set('hotkey', { code: 'hotkey-taken', detail: '' });
  board.set('connection', { code: 'server-lost', detail: 'a' });
  board.set('connection', { code: 'server-lost', detail: 'a' });
  expect(board.list().map(({ code }) => code)).toEqual(['server-lost', 'hotkey-taken']);
  board.set('connection', null);
  board.set('connection', null);
  expect(board.list().map(({ code }) => code)).toEqual(['hotkey-taken']);
  expect(changes).toBe(3);
});

it('an engine that could not start is a problem, with its reason', () => {
  expect(engineProblem({ vad: 'silero', stt: 'unavailable: Install it.' })).toEqual({
    code: 'engine-missing',
    detail: 'Install it.',
  });
  expect(engineProblem({ vad: 'silero', stt: 'pocketsphinx' })).toBe(null);
});
