import { describe, expect, it } from 'vitest';
import { tone } from '../../../src/server/backends/fake';
import { addSound, heardText, type SpokenSentence } from '../../../src/server/conversation/heard';
import { StablePrefix } from '../../../src/server/conversation/stable-prefix';
import { silence } from '../../helpers/server-client';

/** A sentence whose voice sounds all the time, or in `voice` only. */
const sentence = (
  text: string,
  startMs: number,
  endMs: number | null,
  voice: Array<[number, number]> = [[startMs, endMs ?? startMs]],
): SpokenSentence => ({
  text,
  startMs,
  endMs,
  voice: voice.map(([from, to]) => ({ startMs: from, endMs: to })),
});

const SENTENCES = [
  sentence('It is noon.', 0, 1000),
  sentence(' The sun is high.', 1000, 2700),
  sentence(' Good day.', 2700, null, [[2700, 3200]]),
];

describe('heardText', () => {
  const cases: Array<[string, SpokenSentence[], number, string]> = [
    ['nothing', SENTENCES, 0, ''],
    ['less than a word', SENTENCES, 100, ''],
    ['half a sentence', SENTENCES, 500, 'It is'],
    ['a sentence', SENTENCES, 1000, 'It is noon.'],
    ['a sentence and less than a word', SENTENCES, 1100, 'It is noon.'],
    ['a word of the second', SENTENCES, 1500, 'It is noon. The'],
    ['two words of the second', SENTENCES, 1900, 'It is noon. The sun'],
    ['both', SENTENCES, 2700, 'It is noon. The sun is high.'],
    [
      'a part of one that was cut off, at the usual rate',
      SENTENCES,
      3100,
      'It is noon. The sun is high. Good',
    ],
    ['everything', [sentence('It is noon.', 0, 1000)], 5000, 'It is noon.'],
    ['nothing of no sentences', [], 1000, ''],
  ];
  it.each(cases)('gives %s', (_name, sentences, ms, text) => {
    expect(heardText(sentences, ms)).toBe(text);
  });

  const pause = [
    sentence('Well, then it is noon.', 0, 2000, [
      [300, 700],
      [1300, 1900],
    ]),
  ];
  const pauses: Array<[number, string]> = [
    [290, ''],
    [690, ''],
    // The pause is found behind the comma, and is no time in which words are said.
    [700, 'Well,'],
    [1290, 'Well,'],
    [1500, 'Well, then'],
    [1700, 'Well, then it is'],
    [1890, 'Well, then it is'],
    [1900, 'Well, then it is noon.'],
    [1950, 'Well, then it is noon.'],
  ];
  it.each(pauses)('leaves silence out: at %i ms %j was heard', (ms, text) => {
    expect(heardText(pause, ms)).toBe(text);
  });

  it('does not take a pause within a clause for its end', () => {
    const spoken = [
      sentence('Well, then it is noon.', 0, 2000, [
        [0, 1800],
        [1900, 2000],
      ]),
    ];
    expect(heardText(spoken, 1000)).toBe('Well, then');
  });

  it('counts a text without sound with what stands before it, and never at the very beginning', () => {
    const sentences = [sentence('*', 0, 0, []), sentence('Yes.', 0, 400), sentence(' (!)', 400, 400, [])];
    expect([0, 399, 400].map((ms) => heardText(sentences, ms))).toEqual(['', '*', '*Yes. (!)']);
  });

  it('shares the time where no voice was found in the sound', () => {
    expect(heardText([sentence('One two', 0, 1000, [])], 500)).toBe('One');
  });

  it('knows that digits take longer to say than letters', () => {
    // "12" is about as long as all that stands before it.
    expect(heardText([sentence('at ten 12', 0, 1000)], 500)).toBe('at ten');
    expect(heardText([sentence('12 at ten', 0, 1000)], 500)).toBe('');
  });

  const unspaced: Array<[string, number, string]> = [
    ['现在是中午。太阳很高。', 0.6, '现在是中午。'],
    ['今日は天気がいいですね。', 0.3, '今日は'],
    ['ตอนนี้เที่ยงแล้ว', 0.5, 'ตอนนี้'],
  ];
  it.each(unspaced)('tells words apart that are written without spaces: %s', (text, share, heard) => {
    expect(heardText([sentence(text, 0, 1000)], 1000 * share)).toBe(heard);
  });
});

describe('addSound', () => {
  it('finds where the voice sounds, across the pieces in which the sound comes', () => {
    const spoken = sentence('x', 0, null, []);
    const pieces = [silence(40), tone(100), tone(60), silence(100), tone(35)];
    let atMs = 0;
    for (const pcm of pieces) {
      addSound(spoken, pcm, atMs);
      atMs += pcm.length / 24;
    }
    expect(spoken.voice).toEqual([
      { startMs: 40, endMs: 200 },
      { startMs: 300, endMs: 335 },
    ]);
  });

  it('takes the noise of 16 bits for silence', () => {
    const spoken = sentence('x', 0, null, []);
    addSound(
      spoken,
      Int16Array.from({ length: 2400 }, (_, i) => (i % 3) - 1),
      0,
    );
    expect(spoken.voice).toEqual([]);
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
