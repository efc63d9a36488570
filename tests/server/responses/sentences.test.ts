import { describe, expect, it } from 'vitest';
import { createSentenceSplitter } from '../../../src/server/responses/sentences';

function split(text: string, step: number): string[] {
  const splitter = createSentenceSplitter();
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += step) pieces.push(...splitter.push(text.slice(at, at + step)));
  return [...pieces, ...splitter.flush()];
}

const CASES: Array<[string, string[]]> = [
  ['', []],
  ['Hello', ['Hello']],
  ['Hello. How are you?', ['Hello.', ' How are you?']],
  ['It costs 3.50 dollars. Cheap!', ['It costs 3.50 dollars.', ' Cheap!']],
  ['Dr. Smith met Mr. Jones. They talked.', ['Dr. Smith met Mr. Jones.', ' They talked.']],
  ['J. R. R. Tolkien wrote it. Yes.', ['J. R. R. Tolkien wrote it.', ' Yes.']],
  ['It is 5 p.m. in Paris. Late.', ['It is 5 p.m. in Paris.', ' Late.']],
  ['He said "No." Then he left.', ['He said "No."', ' Then he left.']],
  ['One\nTwo', ['One\n', 'Two']],
  ['Really?! Yes...  Fine.', ['Really?!', ' Yes...', '  Fine.']],
  [
    '\u4f60\u597d\u3002\u73b0\u5728\u4e09\u70b9\u3002',
    ['\u4f60\u597d\u3002', '\u73b0\u5728\u4e09\u70b9\u3002'],
  ],
  // Only the first piece may be a clause, and not a short one.
  ['Well, that is easy enough, I think, so listen.', ['Well, that is easy enough,', ' I think, so listen.']],
  [
    'First of all things, one. Second, a longer clause, two.',
    ['First of all things,', ' one.', ' Second, a longer clause, two.'],
  ],
];

describe('the sentence splitter', () => {
  for (const [text, expected] of CASES) {
    it(`cuts ${JSON.stringify(text)}`, () => {
      expect(split(text, 1)).toEqual(expected);
    });
  }

  it('cuts the first clause off also when more comes with it', () => {
    for (const [text, expected] of CASES) expect(split(text, text.length + 1)).toEqual(expected);
  });

  it('loses nothing, however the text arrives', () => {
    const text = `${CASES.map(([part]) => part).join(' ')} ${'word '.repeat(200)}`;
    for (const step of [1, 2, 3, 7, 50, text.length]) expect(split(text, step).join('')).toBe(text);
  });

  it('cuts a text without punctuation between words', () => {
    const pieces = split('word '.repeat(200), 5);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(280);
    expect(pieces.every((piece) => /^( ?word)+ ?$/u.test(piece))).toBe(true);
  });

  it('gives a sentence as soon as it is certain to be one', () => {
    const splitter = createSentenceSplitter();
    expect(splitter.push('It is 3.')).toEqual([]);
    expect(splitter.push('5 degrees.')).toEqual([]);
    expect(splitter.push(' ')).toEqual(['It is 3.5 degrees.']);
  });
});
