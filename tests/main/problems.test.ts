import { expect, it } from 'vitest';
import { createProblemBoard } from '../../src/main/problems';

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
