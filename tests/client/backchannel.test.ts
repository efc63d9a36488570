import { describe, expect, it } from 'vitest';
import { countWords, isBackchannel, isInterrupter } from '../../src/client/backchannel';

describe('isBackchannel', () => {
  it.each([
    '',
    ' ... ',
    'Mm-hm.',
    'mmhmm',
    'Uh-huh!',
    'Yeah, okay.',
    'Okay okay okay',
    'All right.',
    'I see, right',
    'Oh, that’s right!',
    'ＯＫ',
    '嗯',
    '嗯嗯嗯。',
    '对，好的',
    '对对对',
    '知道了',
    '嗯 okay 好',
  ])('%j is one', (text) => {
    expect(isBackchannel(text)).toBe(true);
  });
  it.each([
    'stop',
    'No.',
    'wait',
    'okay stop',
    'yeah but why',
    'I',
    'rights',
    'yeahs',
    'okay, what about tomorrow?',
    '停',
    '等一下',
    '好的停下',
    '不对',
    'oui',
  ])('%j is none', (text) => {
    expect(isBackchannel(text)).toBe(false);
  });
});

describe('countWords', () => {
  it.each([
    ['', 0],
    ['...', 0],
    ['stop', 1],
    ["that's enough, thanks", 3],
    ['等一下', 2],
  ])('%j has %i', (text, words) => {
    expect(countWords(text)).toBe(words);
  });
});

describe('isInterrupter', () => {
  it.each(['Stop.', 'no', 'oh wait', 'Hey!', '停', '等一下', '不对'])('%j', (text) => {
    expect(isInterrupter(text)).toBe(true);
  });
  it.each(['', 'but', 'they', 'nobody', 'stopping', '嗯', 'good'])('not %j', (text) => {
    expect(isInterrupter(text)).toBe(false);
  });
});
