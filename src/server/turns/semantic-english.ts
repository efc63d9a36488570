/** Words of English by what they do at the end of a sentence. Lower case, as an STT gives them. */

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/u));

/** Said to win time. */
export const FILLERS = set('um umm uh uhh uhm er erm em hmm hm mm ah eh');

/** People begin with them, and then say something. */
export const OPENERS = set(
  'so well okay ok and but now hey alright right oh please just actually then first also like yes yeah yep no nope',
);

export const CONJUNCTIONS = set(
  "and or but because 'cause cause although unless until till whether than if as nor plus while since",
);

export const ARTICLES = set('the a an my your our their its every each');

export const PREPOSITIONS = set(
  'of to for with from at by into onto about between among during without within against toward towards per via like including except regarding',
);

/** Prepositions that are also the end of a verb: "turn it on". */
export const PARTICLES = set('on in off up down out over back away around through along');

/** Verbs, at the beginning or right before, that take a particle at the end. */
export const PARTICLE_VERBS = set(
  'turn switch shut put take come go hold hang wake speak slow calm sit stand log sign get pick bring give move look start carry keep call cut stay',
);

/** Verbs and adjectives that a question leaves in front of its preposition: "what is it made of". */
export const STRANDING = set(
  'come look talk think speak live go work made wait belong listen ask care worried used good interested based stand know called go play pay stay happy famous it',
);

/** Before a "to" that a verb must follow. */
export const UNFINISHED_TO = set(
  "want wants wanted like love need needs have has had going able try trying tried how got used supposed ought hope hoping plan planning wish prefer about where what when is was it's",
);

export const PRONOUNS = set(
  'i you he she it we they this that these those me him her us them there mine yours everyone everybody somebody someone',
);

/** Pronouns that can only be the subject of what follows. */
export const SUBJECTS = set('i we he she they');

export const BE = set('is are was were am be been being');
export const HAVE = set('have has had');
export const AUXILIARIES = set(
  "do does did can could will would should shall may might must don't doesn't didn't can't couldn't won't wouldn't shouldn't isn't aren't wasn't haven't hasn't",
);

export const WH = set('what who where when why how which whose whom');

/** Words that a noun, an adjective or a verb must follow. */
export const WORDS_BEFORE_MORE = set('very quite rather only even such almost nearly versus vs');

/** A clause that begins with one of these waits for another. */
export const SUBORDINATORS = set('if because although unless while once whenever since after before');

/** Orders that are whole with this one word. */
export const LONE_COMMANDS = set(
  'stop cancel pause continue help repeat wait quiet louder quieter next again resume mute unmute exit quit faster slower listen',
);

/** Verbs that orders begin with. */
export const COMMANDS = set(
  `set start make create add play turn switch open close call tell show give remind send find get book read write put
  take remove delete change move search look explain describe translate convert calculate count list say sing spell
  flip toss roll pick choose let bring check order buy schedule note wake go keep save skip try use ask answer compare
  recommend suggest summarize define order reserve plan name`,
);

/** All that is said in answer to something. */
export const REPLIES: ReadonlySet<string> = new Set(
  `yes|yeah|yep|no|nope|okay|ok|sure|right|alright|thanks|thank you|thank you very much|thanks a lot|please|hello|hi|hi there|hello there|
  goodbye|bye|bye bye|good night|good morning|good evening|good afternoon|see you|see you later|of course|exactly|correct|fine|good|great|perfect|maybe|
  never mind|that's it|that's all|that is all|that's right|nothing|not really|no thanks|no thank you|yes please|sounds good|got it|i see|
  i do|i don't|i don't know|i think so|i don't think so|me too|go ahead|go on|enough|that's enough|absolutely|definitely|probably|probably not|
  both|neither|so do i|so am i|neither do i|me neither|either one|whatever|later|now|today|tomorrow|tonight|wrong|excuse me|sorry|what for|i'm sorry|be quiet|shut up|really|why not`
    .split('|')
    .map((reply) => reply.trim()),
);

/** "Yes, it is." */
export const SHORT_REPLY =
  /^(?:yes|yeah|yep|no|nope) (?:(?:i|you|he|she|it|we|they|that|there) (?:is|are|am|was|were|have|has|do|does|did|can|could|will|would|should|might|[a-z]+n't|am not)|(?:i'd|i would) (?:love|like) to)$/u;

/** Several words that something must follow, at the end of what was said. */
export const DANGLING_TAIL = new RegExp(
  [
    // A question or a request whose verb is missing.
    '^(?:can|could|would|will|do|did|are|is|should|may|shall|does|have|has) (?:you|i|we|he|she|they|it)$',
    '^(?:what|how|where|when|why|who) (?:can|could|would|will|do|did|does|should|may|have|has) (?:i|we|you|he|she|it|they)$',
    '^(?:do|did|can|could|would|will) you (?:know|think|mean|tell|say|want|like|need|have|get|give|find|show|make)$',
    String.raw`\b(?:tell|show|give|remind|send|bring|teach|let) (?:me|us|him|her|them)$`,
    String.raw`\b(?:i would|i'd|we would|we'd|would you|i) (?:like|love|prefer)$`,
    String.raw`^(?:i|we) (?:[\w']+ )?(?:want|need|think|guess|believe|wonder|feel|wish|hope|mean|said|was|am)$`,
    String.raw`\b(?:how about|what about|what if|such as|for example|for instance|in order|because of|instead of|due to|as well as|next to|according to|the same)$`,
    String.raw`\b(?:is|are|was) (?:called|named)$`,
  ].join('|'),
  'u',
);

const NUMBER_WORDS = set(
  `zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
  eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million`,
);

export function isNumber(word: string): boolean {
  return NUMBER_WORDS.has(word) || /^\d+(?:[.,:-]\d+)*$/u.test(word);
}

const CLOSED_CLASSES = [
  FILLERS,
  OPENERS,
  CONJUNCTIONS,
  ARTICLES,
  PREPOSITIONS,
  PARTICLES,
  PRONOUNS,
  BE,
  HAVE,
  AUXILIARIES,
  WH,
  LONE_COMMANDS,
  NUMBER_WORDS,
];

/** Whether `words`, of a language that nobody named, are English: some of them must be its small words. */
export function isEnglish(words: readonly string[]): boolean {
  const share = (test: (word: string) => boolean) => words.filter(test).length / words.length;
  if (share((word) => /\P{ASCII}/u.test(word)) > 0.2) return false;
  if (REPLIES.has(words.join(' ')) || COMMANDS.has(words[0] as string)) return true;
  return share((word) => CLOSED_CLASSES.some((known) => known.has(word.split("'")[0] as string))) >= 0.25;
}

const SINGLE_DIGITS = set('zero oh one two three four five six seven eight nine');

/** How many digits, said one by one, end `words`. */
export function digitsAtEnd(words: readonly string[]): number {
  const other = [...words].reverse().findIndex((word) => !SINGLE_DIGITS.has(word) && !/^\d$/u.test(word));
  return other < 0 ? words.length : other;
}
