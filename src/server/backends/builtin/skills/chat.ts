/** Small talk, help and jokes. */
import type { ChatTopic, NeededTopic } from '../intent';

/** What helps to choose an answer: chance, and what was already said. */
export interface Mood {
  /** 0 <= x < 1. */
  random: () => number;
  /** Earlier answers of this conversation. */
  said: readonly string[];
}

/** Long enough that one can talk over it. */
const HELP = [
  'I can tell you the time and the date, here and in cities around the world.',
  'I can do arithmetic, like twenty five times four, or the square root of two.',
  'I can convert units, like ten miles to kilometers.',
  'I can set timers and reminders, and I speak up when they are due.',
  'I can flip a coin, roll dice, and pick a number.',
  'I can repeat what you say, or what I said.',
  'I can count the days until Christmas, and I know a few jokes.',
  'For everything else, connect a language model in the settings.',
].join(' ');

const JOKES = [
  'Why did the microphone break up with the speaker? It never got any feedback.',
  'I told my clock a secret. Now it has time on its hands.',
  'Why was the computer late for work? It had a hard drive.',
  'What does a calendar eat when it gets hungry? Dates.',
  'Why do bicycles fall asleep so easily? They are two tired.',
  'What did the zero say to the eight? Nice belt.',
  'Why did the coffee go to the police? It got mugged.',
  'What do you call a bear without teeth? A gummy bear.',
  'Why can you never trust a stair? It is always up to something.',
  'What is a sound wave doing at the beach? Looking for its own kind.',
  'Why did the scarecrow get a prize? He was outstanding in his field.',
  'How does a loudspeaker say goodbye? Sound you later.',
];

const SHORT: Record<Exclude<ChatTopic, 'help' | 'joke' | 'again'>, readonly string[]> = {
  stop: ['Okay.'],
  hello: ['Hello! What can I do for you?', 'Hi! How can I help?'],
  'how-are-you': ["I'm fine, thank you. How can I help?", "I'm running well, thanks for asking."],
  'who-are-you': [
    "I'm Parley's built-in assistant. I'm a small program, not a language model, and I run on this computer.",
  ],
  age: ["I'm a program, so I have no age and no birthday."],
  where: ["I'm right here, on this computer."],
  thanks: ["You're welcome.", 'My pleasure.'],
  goodbye: ['Goodbye!', 'See you!'],
  compliment: ['Thank you!', "That's kind of you."],
  insult: ["I'm sorry about that. I'm only a small program, so please try it in other words."],
  sorry: ['No problem.', "That's all right."],
  love: ["That's kind, but I'm only a small program."],
  yes: ['Okay.'],
  no: ['All right.'],
  'hear-me': ['Yes, I can hear you.'],
  connect: [
    'Open the settings and choose a language model: Ollama on this computer, or any server that speaks the OpenAI chat interface. You need its address, the name of the model, and a key if it asks for one.',
  ],
};

export function chat(topic: Exclude<ChatTopic, 'again'>, mood: Mood): string {
  if (topic === 'help') return HELP;
  return pick(topic === 'joke' ? JOKES : SHORT[topic], mood);
}

/** One of `choices` that was not said lately, while there is one. */
function pick(choices: readonly string[], { random, said }: Mood): string {
  const fresh = choices.filter((choice) => !said.includes(choice));
  const pool = fresh.length > 0 ? fresh : choices;
  return pool[Math.floor(random() * pool.length)] ?? '';
}

const WITHOUT: Record<NeededTopic, string> = {
  weather: "I don't know the weather: I can't look anything up",
  news: "I don't know the news: I can't look anything up",
  music: "I can't play or sing music",
  exchange: "I don't know prices or exchange rates: I can't look anything up",
  translate: "I can't translate without a language model",
  story: "I can't make up stories or facts without a language model",
};

const HOW_TO_CONNECT =
  'You can connect one in the settings, for example Ollama on this computer, or ask me what I can do without one.';

/** An honest refusal. How to connect a language model is explained the first time only. */
export function decline(topic: NeededTopic | null, { said }: Mood): string {
  const explained = said.some((text) => text.includes(HOW_TO_CONNECT));
  const able = topic === 'weather' || topic === 'news' || topic === 'music' || topic === 'exchange';
  const refusal = topic === null ? "I can't do that without a language model" : WITHOUT[topic];
  // A language model alone would not know the weather either, so none is promised.
  return able || explained ? `${refusal}.` : `${refusal}. ${HOW_TO_CONNECT}`;
}
