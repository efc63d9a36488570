import { describe, expect, it } from 'vitest';
import { answer } from '../../../../src/server/backends/builtin/answer';
import { understandConversation } from '../../../../src/server/backends/builtin/understand';
import { clean, slips, unrelated } from './utterances';

const NOW = new Date('2026-11-22T15:45:10Z');

function answered(texts: readonly string[]): string {
  const messages = texts.map((text) => ({ role: 'user' as const, text }));
  const situation = { now: NOW, timeZone: 'UTC', random: () => 0.999, said: [], pending: [] };
  return answer(understandConversation(messages, NOW, 'UTC'), situation).text;
}

/** The same numbers below `below` each run. */
function sequence(): (below: number) => number {
  let state = 22_112_026;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('whatever is said', () => {
  it('has an answer, also when the words of real requests are mixed at random', () => {
    const words = [...clean, ...slips, ...unrelated].flatMap(({ text }) => text.split(' '));
    const next = sequence();
    const sentence = () => Array.from({ length: 1 + next(9) }, () => words[next(words.length)]).join(' ');
    for (let round = 0; round < 400; round++) {
      const texts = [sentence(), sentence(), sentence()];
      expect(answered(texts), texts.join(' | ')).toMatch(/\S/);
    }
  });

  it.each([
    '('.repeat(5000),
    '- '.repeat(3000),
    '1+'.repeat(3000),
    'two '.repeat(2000),
    'a half of '.repeat(500),
    'in '.repeat(2000),
    'remind me '.repeat(500),
    '9'.repeat(5000),
    'set a timer for 99999999999999999999999 weeks',
    'roll 99999999999 dice',
    'pick a number between 1 and 99999999999999999999999999',
    '__proto__ plus constructor',
    'what time is it in __proto__',
    'what time is it in constructor',
    'convert 10 constructor to prototype',
    'what is toString',
    '👋🏽 \u0000 \ud800',
    'import("fs")',
    'sqrt(cross(1,2))',
    'x = 5; x + 1',
  ])('gets a calm answer within its limits (%#)', (text) => {
    const said = answered([text]);
    expect(said).toMatch(/\S/);
    expect(said).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });
});
