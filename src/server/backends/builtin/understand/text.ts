/** Text as words: what a recogniser wrote and what a person typed look alike afterwards. */

const CONTRACTIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "what's": 'what is',
    whats: 'what is',
    "what're": 'what are',
    "it's": 'it is',
    "that's": 'that is',
    "there's": 'there is',
    "how's": 'how is',
    hows: 'how is',
    "how're": 'how are',
    "who's": 'who is',
    "when's": 'when is',
    "where's": 'where is',
    "i'm": 'i am',
    "you're": 'you are',
    "i'd": 'i would',
    "i'll": 'i will',
    "can't": 'can not',
    cannot: 'can not',
    "don't": 'do not',
    dont: 'do not',
    'a.m': 'am',
    'p.m': 'pm',
  }),
);

const TOKEN =
  /\d{1,2}:\d{2}(?!\d)|\d+(?:,\d{3})+(?:\.\d+)?|\d*\.\d+|\d+|[ap]\.m\b|\p{L}+(?:'\p{L}+)*|[+\-*/×÷^%=()°√$€£¥]/gu;

/**
 * Lower-case words, numbers and mathematical signs of `text`, contractions undone. Digit groups lose their commas;
 * "p m" is "pm"; a hyphen between letters is a space.
 */
export function wordsOf(text: string): string[] {
  const plain = text
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[’‘`]/g, "'")
    .replace(/\u2212/g, '-')
    .replace(/(\p{L})-(?=\p{L})/gu, '$1 ')
    .replace(/\bto day\b/g, 'today')
    .replace(/\b([ap])\.? ?m\b\.?/g, ' $1m ');
  const words: string[] = [];
  for (const [token] of plain.matchAll(TOKEN)) {
    const expanded = CONTRACTIONS.get(token) ?? token.replace(/'s$/, 's').replace(/'/g, '');
    words.push(...expanded.split(' ').map((word) => (/^\d.*,/.test(word) ? word.replace(/,/g, '') : word)));
  }
  return words;
}

export function isNumber(word: string | undefined): boolean {
  return word !== undefined && /^(\d+\.?\d*|\.\d+)$/.test(word);
}

/** Words around a request that carry nothing: address, politeness, hesitation. */
const LEADING = new Set(
  'hey hi hello okay ok so um uh er well please parley computer and then now just also but alright'.split(
    ' ',
  ),
);
const TRAILING = new Set('please thanks now parley computer um uh then'.split(' '));
const LEADING_PHRASES = [
  'can you tell me',
  'could you tell me',
  'would you tell me',
  'do you know',
  'i would like to know',
  'i want to know',
  'i would like you to',
  'i want you to',
  'i need you to',
  'can you',
  'could you',
  'would you',
  'will you',
].map((phrase) => phrase.split(' '));
const TRAILING_PHRASES = ['right now', 'for me', 'if you can', 'thank you', 'at the moment'].map((phrase) =>
  phrase.split(' '),
);

/** `words` without address and politeness at both ends; never empties them. */
export function withoutCourtesy(words: readonly string[]): string[] {
  let rest = [...words];
  for (let before = -1; before !== rest.length; ) {
    before = rest.length;
    const head = LEADING_PHRASES.find(
      (phrase) => phrase.length < rest.length && phrase.every((word, index) => rest[index] === word),
    );
    if (head) rest = rest.slice(head.length);
    const tail = TRAILING_PHRASES.find(
      (phrase) =>
        phrase.length < rest.length &&
        phrase.every((word, index) => rest[rest.length - phrase.length + index] === word),
    );
    if (tail) rest = rest.slice(0, -tail.length);
    if (rest.length > 1 && LEADING.has(rest[0] ?? '')) rest = rest.slice(1);
    if (rest.length > 1 && TRAILING.has(rest[rest.length - 1] ?? '')) rest = rest.slice(0, -1);
  }
  return rest;
}
