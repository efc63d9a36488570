import { describe, expect, it } from 'vitest';
import { SILENCE } from '../../../../src/server/backends/silence';
import { assistant } from './helpers';

/** Conversations: what is said, and what is answered at 15:45 UTC on Sunday, 22 November 2026, with chance always 0. */
const TABLE: [topic: string, ...turns: [said: string, answered: string][]][] = [
  [
    'the time',
    ['what time is it', "It's 3:45 PM."],
    ['and in tokyo', "In Tokyo, it's 12:45 AM on Monday."],
    ['what about new york', "In New York, it's 10:45 AM."],
    ['What time is it in Hogwarts?', "I don't know one time for that place. Try the name of a big city."],
  ],
  [
    'the date',
    ["what's the date", 'Today is Sunday, November 22, 2026.'],
    ['and tomorrow', 'Tomorrow is Monday, November 23, 2026.'],
    ['what day was yesterday', 'Yesterday was Saturday, November 21.'],
    ['what month is it', "It's November."],
    ['what year is it', "It's 2026."],
    ['what day of the week is july fourth', 'July 4, 2027, is a Sunday.'],
  ],
  [
    'days until a date',
    ['how many days until christmas', "It's 33 days until Christmas, on Friday, December 25."],
    ['how many weeks until easter', "It's 18 weeks until Easter, on Sunday, March 28."],
    ['when is thanksgiving', "It's 4 days until Thanksgiving, on Thursday, November 26."],
    ['how many days until tomorrow', 'November 23 is tomorrow.'],
  ],
  [
    'arithmetic, carried on',
    ['what is twenty five times four', '25 times 4 is 100.'],
    ['times two', '100 times 2 is 200.'],
    ['thanks', "You're welcome."],
    ['plus one', '200 plus 1 is 201.'],
    ['what is that divided by five', '201 divided by 5 is 40.2.'],
    ['what is half of that', "That's 20.1."],
  ],
  [
    'arithmetic of other forms',
    ['square root of two', 'The square root of 2 is about 1.4142.'],
    ['fifteen percent of two hundred', '15 percent of 200 is 30.'],
    ['two thirds of ninety', "That's 60."],
    ['(2 + 3) * 4 - 1', "That's 19."],
    ['0.1 + 0.2', '0.1 plus 0.2 is 0.3.'],
    ['2 - 5', '2 minus 5 is minus 3.'],
    ['minus three plus five', 'Minus 3 plus 5 is 2.'],
    ['one hundred divided by seven', '100 divided by 7 is about 14.2857.'],
    ['a million times a million', '1,000,000 times 1,000,000 is 1,000,000,000,000.'],
    ['ten to the power of thirty', '10 to the power of 30 is about 1 times 10 to the power of 30.'],
    ['9^9^9^9', 'That has no answer among the numbers I can say.'],
    ['ten divided by zero', "You can't divide by zero."],
    ['square root of minus one', 'That has no answer among the numbers I can say.'],
  ],
  [
    'units',
    ['convert ten miles to kilometers', '10 miles is about 16.093 kilometers.'],
    ['and in feet', '10 miles is 52,800 feet.'],
    ['how many feet are in a mile', '1 mile is 5,280 feet.'],
    ['72 degrees fahrenheit in celsius', '72 degrees Fahrenheit is about 22.222 degrees Celsius.'],
    ['minus forty celsius to fahrenheit', 'Minus 40 degrees Celsius is minus 40 degrees Fahrenheit.'],
    ['what is one hundred pounds in kilograms', '100 pounds is about 45.359 kilograms.'],
    ['convert ten miles to pounds', "I can't convert between those."],
  ],
  [
    'chance',
    ['flip a coin', "It's heads."],
    ['again', "It's heads."],
    ['roll a dice', 'You rolled a 1.'],
    ['roll two dice', 'With 2 dice you rolled 1 and 1. That makes 2.'],
    ['pick a number between five and ten', '5.'],
  ],
  [
    'repeating',
    ['what did you say', "I haven't said anything yet."],
    ['repeat after me Good morning, everyone', 'Good morning, everyone'],
    ['what did you say', 'Good morning, everyone'],
  ],
  [
    'jokes, never the same twice in a row',
    ['tell me a joke', 'Why did the microphone break up with the speaker? It never got any feedback.'],
    ['another one', 'I told my clock a secret. Now it has time on its hands.'],
    ['tell me a joe', 'Why was the computer late for work? It had a hard drive.'],
  ],
  [
    'small talk',
    ['hello', 'Hello! What can I do for you?'],
    ['how are you', "I'm fine, thank you. How can I help?"],
    ['stop', 'Okay.'],
    ['never mind', 'Okay.'],
    ['', "Sorry, I didn't catch that."],
  ],
  [
    'what needs a language model: how to connect one is said once',
    [
      'who wrote hamlet',
      "I can't do that without a language model. You can connect one in the settings, for example Ollama on this computer, or ask me what I can do without one.",
    ],
    ['who was napoleon', "I can't do that without a language model."],
    ['what is the weather like in paris', "I don't know the weather: I can't look anything up."],
  ],
  [
    'Chinese',
    ['现在几点了？', '现在是15点45分。'],
    ['今天星期几？', '今天是2026年11月22日，星期日。'],
    ['写一首诗', '抱歉，没有语言模型，我做不到。你可以在设置里接上一个，比如本机的 Ollama。'],
  ],
];

describe('the conversation about', () => {
  it.each(TABLE)('%s', async (_topic, ...turns) => {
    const { open } = assistant();
    const talk = open();
    const answered: [string, string][] = [];
    for (const [said] of turns) answered.push([said, await talk.say(said)]);
    expect(answered).toEqual(turns);
  });

  it('what it can do lasts long enough to be interrupted and names the abilities', async () => {
    const answer = await assistant().open().say('what can you do');
    expect(answer.match(/[.?!]( |$)/g)?.length).toBeGreaterThanOrEqual(8);
    // Ten seconds at a brisk 180 words a minute.
    expect(answer.split(' ').length).toBeGreaterThanOrEqual(30);
    for (const word of [
      'time',
      'arithmetic',
      'convert',
      'timers',
      'coin',
      'repeat',
      'jokes',
      'language model',
    ]) {
      expect(answer).toContain(word);
    }
  });

  it('is in its own time zone', async () => {
    const talk = assistant({ timeZone: 'Asia/Kolkata' }).open();
    expect(await talk.say('what time is it')).toBe("It's 9:15 PM.");
    expect(await talk.say('what time is it in london')).toBe("In London, it's 3:45 PM.");
  });

  it('repeats all of an answer that was interrupted', async () => {
    const talk = assistant().open();
    const whole = await talk.say('what can you do');
    talk.messages[talk.messages.length - 1] = { role: 'assistant', text: whole.slice(0, 40) };
    expect(await talk.say('what did you say')).toBe(whole);
  });

  it('asks after somebody who says nothing, and still knows what was said before', async () => {
    const talk = assistant().open();
    await talk.say('what time is it');
    expect(await talk.say(SILENCE.text)).toBe('Are you still there? I am listening.');
    expect(await talk.say('and in tokyo')).toBe("In Tokyo, it's 12:45 AM on Monday.");
  });

  it('greets when asked to speak first', async () => {
    const { open } = assistant();
    const { conversation } = open();
    const parts = [];
    const request = {
      instructions: 'Speak like a pirate.',
      messages: [],
      tools: [],
      parallelToolCalls: null,
      maxOutputTokens: null,
    };
    for await (const part of conversation.respond(
      { ...request, toolChoice: 'auto' },
      new AbortController().signal,
    )) {
      if (part.type === 'text') parts.push(part.text);
    }
    expect(parts.join('')).toBe('Hello! What can I do for you?');
  });
});
