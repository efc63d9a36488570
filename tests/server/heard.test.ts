import { describe, expect, it } from 'vitest';
import { heardText, type SpokenSentence } from '../../src/server/heard';
import { StablePrefix } from '../../src/server/stable-prefix';

const SENTENCES: SpokenSentence[] = [
  { text: 'It is noon.', startMs: 0, endMs: 1000 },
  { text: ' The sun is high.', startMs: 1000, endMs: 2700 },
  { text: ' Good day.', startMs: 2700, endMs: null },
];

describe('heardText', () => {
  const cases: Array<[number, string]> = [
    [0, ''],
    [100, ''],
    [500, 'It is'],
    [1000, 'It is noon.'],
    [1100, 'It is noon.'],
    [1500, 'It is noon. The'],
    [1900, 'It is noon. The sun'],
    [2700, 'It is noon. The sun is high.'],
    [10_000, 'It is noon. The sun is high. Good day.'],
  ];
  it.each(cases)('at %i ms is %j', (ms, text) => {
    expect(heardText(SENTENCES, ms)).toBe(text);
  });

  it('guesses the length of a sentence that was cut off', () => {
    expect(heardText(SENTENCES, 2700 + 400)).toBe('It is noon. The sun is high. Good');
  });
});

describe('StablePrefix', () => {
  const cases: Array<[string, string[], string, string[]]> = [
    [
      'gives what two partials agree on',
      ['what', 'what time', 'what time is'],
      'what time is it',
      ['', 'what', ' time', ' is it'],
    ],
    ['keeps back what is revised', ['wet', 'what', 'what time'], 'what time', ['', '', 'what', ' time']],
    ['adds nothing when the final text contradicts it', ['a b', 'a b', 'a b'], 'c d', ['', 'a b', '', '']],
    ['gives everything at the end', [], 'hello there', ['hello there']],
    ['gives nothing for nothing', [''], '', ['', '']],
  ];
  it.each(cases)('%s', (_name, partials, final, expected) => {
    const stable = new StablePrefix();
    expect([...partials.map((text) => stable.push(text)), stable.finish(final)]).toEqual(expected);
  });
});
