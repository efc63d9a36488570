import { describe, expect, it } from 'vitest';
import { type Ending, judgeEnding } from '../../../src/server/turns/semantic-words';

/** What people say to an assistant, as a recogniser without punctuation gives it. */
const ENGLISH: Record<Ending, string[]> = {
  question: [
    'what time is it',
    'what is ten percent of two hundred',
    "what's your name",
    'how are you',
    'what can you do',
    'where are you from',
    'who are you talking to',
    'what are you looking for',
    'what is it made of',
    'how much time do i have',
    "what's the weather like",
    'can you help me',
    'is it going to rain tomorrow',
    'could you turn it on',
    'could you tell me the time please',
    'um what time is it',
    'why',
    'who are they',
    'is it on',
    'what do i have to do',
    "what's the weather going to be",
  ],
  command: [
    'tell me a joke',
    'stop',
    'cancel the timer',
    'set a timer for ten seconds',
    'remind me to call mom at seven',
    'turn it on',
    'turn the lights off',
    'set a timer please',
    'okay play some music',
  ],
  reply: ['yes', 'no thank you', 'never mind', 'i think so', 'yes it is', "no i don't", 'okay', "that's all"],
  sentence: [
    'i would like to book a table',
    'my name is john',
    "i don't know what time it is",
    'i live in berlin',
    "that's all i have",
    'i know that you do',
    "it's five",
  ],
  fragment: ['parley', 'the red one', 'what time'],
  slot: ['set a timer', 'set an alarm', 'okay start a timer'],
  number: [
    'set a timer for ten',
    'remind me in twenty',
    'my number is five five five',
    'what is ten percent',
    'three point',
  ],
  clause: ['when i was young', 'if it rains tomorrow', 'because i was late'],
  opener: ['and then', 'so', 'okay so', 'and', 'well', 'hey'],
  dangling: [
    'i would like to',
    'i want to',
    'i would like',
    'book a table for',
    'what is the',
    'what is the capital of',
    'what time is it in',
    'my name is',
    'turn on',
    'can you',
    'do you know',
    'he told me that he',
    'translate good morning into',
    'what can you',
    'could you please',
    'tell me',
    'tell me about',
    'remind me',
    'i think that',
    'i went there because',
    'milk and',
    'what is five plus',
    "it's",
    'i am',
    'the answer is not',
    'a very',
    'play',
    'how about',
    'i was in london when',
  ],
  filler: ['i would like um', 'uh', 'set a timer for uh', 'it was you know', 'i mean'],
  unknown: ['', '   '],
};

describe('the end of what was said', () => {
  const cases = Object.entries(ENGLISH).flatMap(([ending, texts]) =>
    texts.map((text) => [text, ending] as const),
  );
  it.each(cases)('"%s": %s', (text, ending) => {
    expect(judgeEnding(text, 'en')).toBe(ending);
  });

  it.each(cases.filter(([text]) => text !== 'parley'))(
    '"%s" is known to be English where no language is named',
    (text, ending) => {
      expect(judgeEnding(text, null)).toBe(ending);
    },
  );

  const marked: Array<[string, string | null, Ending]> = [
    ['What time is it?', 'en', 'question'],
    ['I would like to book a table.', 'en', 'sentence'],
    // Many engines write a full stop after anything.
    ['I would like to.', 'en', 'dangling'],
    ['I would like to...', 'en', 'dangling'],
    ['I was there, but—', 'en', 'dangling'],
    ['Milk, eggs,', 'en', 'clause'],
    ['The red one.', 'en', 'sentence'],
    ['He left. Then I went home', 'en', 'clause'],
    ['Um?', 'en', 'filler'],
    ['Wie spät ist es?', 'de', 'question'],
    ['Ich möchte einen Tisch bestellen.', 'de', 'sentence'],
    ['Ich möchte', 'de', 'unknown'],
    ['Ich möchte einen Tisch,', 'de', 'clause'],
    ['Gut. Ich möchte', 'de', 'clause'],
    ['Ich möchte einen Tisch', null, 'unknown'],
    ['今何時ですか？', 'ja', 'question'],
    ['何時ですか。', null, 'sentence'],
    ['i would like to', 'de', 'unknown'],
    ['i would like to', 'en-GB', 'dangling'],
    ['quiero reservar', null, 'unknown'],
  ];
  it.each(marked)('"%s" (%s): %s', (text, language, ending) => {
    expect(judgeEnding(text, language)).toBe(ending);
  });
});
