import { describe, expect, it } from 'vitest';
import { phrasesForSpeech } from '../../../../src/server/backends/flite/text';

describe('text for the voice', () => {
  const cases: [written: string, spoken: string][] = [
    ['It is 3:45 PM.', 'It is 3:45 PM.'],
    ['That is $5.', 'That is $5.'],
    ['Pi is 3.14.', 'Pi is 3.14.'],
    ['22 November 2026', '22 November 2026'],
    ['**Bold** and *thin* and `code`.', 'Bold and thin and code.'],
    ['snake_case stays, _this_ does not', 'snake case stays, this does not'],
    ['# Title\n- one\n- two', 'Title one two'],
    ['See [the page](https://example.com/a?b=c).', 'See the page.'],
    ['Go to https://www.example.com/a/b?c=d now.', 'Go to example dot com now.'],
    ['Write to jo-ann@mail.example.com!', 'Write to jo ann at mail dot example dot com!'],
    ['Great 🎉👍🏽!', 'Great!'],
    ['“Yes,” she said – it’s fine…', "Yes, she said, it's fine,"],
    ['20% of 5 km', '20 percent of 5 kilometers'],
    ['21°C, or 70 °F', '21 degrees Celsius, or 70 degrees Fahrenheit'],
    ['25 x 4 = 100', '25 times 4 equals 100'],
    ['8 ÷ 2, 2 + 3 and 7 − 2', '8 divided by 2, 2 plus 3 and 7 minus 2'],
    ['It is -5 outside.', 'It is -5 outside.'],
    ['€20 and £3.50', '20 euros and 3.50 pounds'],
    ['1000000 people, 12,345 trees', '1,000,000 people, 12,345 trees'],
    ['pages 3–5', 'pages 3 to 5'],
    ['Tom & Jerry', 'Tom and Jerry'],
    ['AI from the USA is OK', 'A I from the U S A is OK'],
    ['STOP', 'STOP'],
    ['Café, Zürich, Straße, naïve', 'Cafe, Zurich, Strasse, naive'],
    ['你好 means hello', 'means hello'],
    ['C++ and a|b', 'C plus plus and a b'],
  ];
  it.each(cases)('reads %j as %j', (written, spoken) => {
    expect(phrasesForSpeech(written).join(' ')).toBe(spoken);
  });

  it.each(['', '   ', '...', '😀', '你好，世界。', '—'])('has nothing to say for %j', (text) => {
    expect(phrasesForSpeech(text)).toEqual([]);
  });

  it('cuts long text at pauses, and never in a word', () => {
    const text =
      'I can tell you the time and the date, do sums and conversions, set timers and reminders, flip a coin, and tell you a joke.';
    expect(phrasesForSpeech(text)).toEqual([
      'I can tell you the time and the date, do sums and conversions, set timers and reminders,',
      'flip a coin, and tell you a joke.',
    ]);
    const words = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');
    const phrases = phrasesForSpeech(words);
    expect(phrases.join(' ')).toBe(words);
    for (const phrase of phrases) expect(phrase.length).toBeLessThanOrEqual(100);
  });

  it('cuts even one endless word', () => {
    expect(phrasesForSpeech('a'.repeat(250)).map((phrase) => phrase.length)).toEqual([100, 100, 50]);
  });

  it('takes hostile text in no time', () => {
    for (const text of [
      '*'.repeat(20_000),
      '[('.repeat(10_000),
      `${'_a'.repeat(10_000)}`,
      '- '.repeat(10_000),
      `$${'1'.repeat(20_000)}`,
    ]) {
      expect(Array.isArray(phrasesForSpeech(text))).toBe(true);
    }
  });
});
