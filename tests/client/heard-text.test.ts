import { describe, expect, it } from 'vitest';
import { createTextTrack, heardText } from '../../src/client/heard-text';

describe('heardText', () => {
  const even = [{ ms: 1000, length: 19 }];
  const two = [
    { ms: 1000, length: 10 },
    { ms: 4000, length: 20 },
  ];
  it.each([
    ['one two three four.', even, 0, ''],
    ['one two three four.', even, 100, ''],
    ['one two three four.', even, 200, 'one'],
    ['one two three four.', even, 420, 'one two'],
    ['one two three four.', even, 999, 'one two three four'],
    ['one two three four.', even, 1000, 'one two three four.'],
    ['one two three four.', even, 5000, 'one two three four.'],
    ['one two three four.', [], 500, ''],
    ['', even, 500, ''],
    // The second stretch is spoken more slowly than the first.
    ['aaaa bbbb cccc dddd ', two, 1000, 'aaaa bbbb'],
    ['aaaa bbbb cccc dddd ', two, 2500, 'aaaa bbbb cccc'],
    ['aaaa bbbb cccc dddd ', two, 2000, 'aaaa bbbb'],
    ['今天天气很好', [{ ms: 1000, length: 6 }], 400, '今天'],
    ['“Well,” she said.', [{ ms: 1000, length: 17 }], 400, '“Well,'],
  ])('%j by %o at %i ms', (text, anchors, ms, expected) => {
    expect(heardText(text, anchors, ms)).toBe(expected);
  });

  it('is a beginning of the text that grows with time', () => {
    const text = 'The quick brown fox jumps, over 13 lazy dogs. 你好，世界。';
    let last = '';
    for (let ms = 0; ms <= 1000; ms += 7) {
      const heard = heardText(
        text,
        [
          { ms: 400, length: 20 },
          { ms: 1000, length: text.length },
        ],
        ms,
      );
      expect(text.startsWith(heard)).toBe(true);
      expect(heard.length).toBeGreaterThanOrEqual(last.length);
      last = heard;
    }
  });
});

describe('text track', () => {
  it('pairs each stretch of text with the sound behind it', () => {
    const track = createTextTrack();
    track.addText('First. ');
    track.setReceivedMs(500);
    track.setReceivedMs(1000);
    track.addText('Second ');
    track.addText('one.');
    track.setReceivedMs(3000);
    expect(track.text).toBe('First. Second one.');
    expect(track.anchors(true)).toEqual([
      { ms: 1000, length: 7 },
      { ms: 3000, length: 18 },
    ]);
  });

  it('pairs each stretch of text with the sound before it when the sound leads', () => {
    const track = createTextTrack();
    track.setReceivedMs(1000);
    track.addText('First. ');
    track.setReceivedMs(3000);
    track.addText('Second.');
    expect(track.anchors(false)).toEqual([
      { ms: 1000, length: 7 },
      { ms: 3000, length: 14 },
    ]);
  });

  it('does not give text that runs ahead to the little sound that came of it', () => {
    const track = createTextTrack();
    track.addText('0123456789');
    track.setReceivedMs(1000);
    track.addText('0123456789');
    track.setReceivedMs(1200);
    expect(track.anchors(false).at(-1)).toEqual({ ms: 1200, length: 12 });
    expect(track.anchors(true).at(-1)).toEqual({ ms: 1200, length: 20 });
  });
});
