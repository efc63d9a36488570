/** Turns what a language model writes into phrases that flite reads well. Pure. */

/** A phrase is spoken in one go, which occupies the thread; longer ones are cut at a comma or, failing that, a space. */
const MAX_PHRASE = 100;
/** A comma before this many characters does not end a phrase: short pieces sound chopped. */
const MIN_PHRASE = 30;

type Rule = [pattern: RegExp, spoken: string | ((...match: string[]) => string)];

/** What writing shows and speech does not. */
const MARKUP: Rule[] = [
  [/```[^\n]*\n?/g, ' '],
  [/!?\[([^\]]*)\]\([^)]*\)/g, '$1'],
  [/\bhttps?:\/\/(?:www\.)?([^\s/?#<>"')\]]+)[^\s<>"')\]]*/gi, (_, host = '') => speakable(host)],
  [/\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, (address = '') => speakable(address)],
  [/^\s{0,3}(?:#{1,6}|>|[-*+\u2022])\s+/gm, ''],
  [/(\*\*|__|~~|`)(?=\S)(.*?\S)\1/g, '$2'],
  [/(^|[^\w*])[*_](?=[^\s*_])(.*?[^\s*_])[*_](?=[^\w*]|$)/g, '$1$2'],
];

const SYMBOLS: Rule[] = [
  [/[\u2018\u2019\u02bc]/g, "'"],
  [/[\u201c\u201d"\u00ab\u00bb]/g, ' '],
  [/\s*\u2026|\.{3,}/g, ', '],
  [/(\d)\s*\u2013\s*(?=\d)/g, '$1 to '],
  [/\s*[\u2013\u2014]\s*|\s+-+\s+(?=[^\d\s])/g, ', '],
  [/\u20ac\s?(\d[\d.,]*\d|\d)/g, '$1 euros'],
  [/\u00a3\s?(\d[\d.,]*\d|\d)/g, '$1 pounds'],
  [/\u00a5\s?(\d[\d.,]*\d|\d)/g, '$1 yen'],
  [/\u00b0\s?C\b/g, ' degrees Celsius'],
  [/\u00b0\s?F\b/g, ' degrees Fahrenheit'],
  [/\u00b0/g, ' degrees'],
  [/(\d)\s*%/g, '$1 percent'],
  [/(\d)\s*[x\u00d7*]\s*(?=\d)/g, '$1 times '],
  [/(\d)\s*[\u00f7]\s*(?=\d)/g, '$1 divided by '],
  [/(\d)\s*\^\s*(?=\d)/g, '$1 to the power of '],
  [/(\d)\s*\u2212\s*(?=\d)/g, '$1 minus '],
  [/\u2212\s*(?=\d)/g, ' -'],
  [/\s=\s/g, ' equals '],
  [/\s\+\s|(\d)\s*\+\s*(?=\d)/g, '$1 plus '],
  [/(\d)\s+-\s+(?=\d)/g, '$1 minus '],
  [/\bC\+\+/g, 'C plus plus'],
  [/\s*&\s*/g, ' and '],
  [/\s@\s/g, ' at '],
  // Units that would be spelled out.
  [/(\d)\s?km\b/g, '$1 kilometers'],
  [/(\d)\s?cm\b/g, '$1 centimeters'],
  [/(\d)\s?mm\b/g, '$1 millimeters'],
  [/(\d)\s?kg\b/g, '$1 kilograms'],
  [/(\d)\s?ml\b/gi, '$1 milliliters'],
  [/(\d)\s?ms\b/g, '$1 milliseconds'],
  [/(\d)\s?km\/h\b/g, '$1 kilometers per hour'],
  [/(\d)\s?mph\b/g, '$1 miles per hour'],
  // Digit by digit from seven on, unless there are commas.
  [/(?<![\d.,])\d{7,15}(?![\d.])/g, (digits = '') => digits.replace(/\B(?=(?:\d{3})+$)/g, ',')],
  // Nothing else has a sound.
  [/[^\p{L}\p{M}\p{N}\s.,;:!?'$/-]/gu, ' '],
];

/** Letters that do not come apart into a Latin letter and an accent. */
const LETTERS: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ł: 'l',
  ð: 'th',
  þ: 'th',
  ı: 'i',
};

/** Phrases of `text` in ASCII, in order, fit to be spoken; none when it holds no Latin letter and no digit. */
export function phrasesForSpeech(text: string): string[] {
  const plain = spell(apply(SYMBOLS, latin(apply(MARKUP, text))))
    .replace(/\s+([,.;:!?])/g, '$1')
    .replace(/([,;:])(?:\s*[,;:])+/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  return cut(plain).filter((phrase) => /[A-Za-z0-9]/.test(phrase));
}

function apply(rules: Rule[], text: string): string {
  return rules.reduce(
    (result, [pattern, spoken]) =>
      typeof spoken === 'string' ? result.replace(pattern, spoken) : result.replace(pattern, spoken),
    text,
  );
}

/** Accents off, so that "caf\u00e9" is read; letters of other scripts away. */
function latin(text: string): string {
  return text
    .replace(/[ßæœøđłðþı]/giu, (letter) => LETTERS[letter.toLowerCase()] ?? letter)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[\u3002\uff01\uff1f]/g, '. ')
    .replace(/[\uff0c\u3001]/g, ', ')
    .replace(/[^\P{L}A-Za-z]/gu, ' ');
}

/** "AI" and "USA" are read as words unless their letters stand apart. */
function spell(text: string): string {
  if (!/[a-z]/.test(text)) return text;
  return text.replace(/\b(?!OK\b|NO\b|IT\b|AM\b|PM\b)[A-Z]{2,3}\b/g, (letters) => [...letters].join(' '));
}

/** An address as one says it. */
function speakable(address: string): string {
  return address.replace(/@/g, ' at ').replace(/\./g, ' dot ').replace(/[-_+]/g, ' ');
}

function cut(text: string): string[] {
  const phrases: string[] = [];
  let rest = text;
  while (rest.length > MAX_PHRASE) {
    const end = lastPause(rest) ?? rest.lastIndexOf(' ', MAX_PHRASE);
    const at = end > 0 ? end : MAX_PHRASE;
    phrases.push(rest.slice(0, at).trim());
    rest = rest.slice(at);
  }
  phrases.push(rest.trim());
  return phrases;
}

/** Where the last pause within a phrase's length ends; null when there is none. */
function lastPause(text: string): number | null {
  let end: number | null = null;
  for (const match of text.slice(0, MAX_PHRASE).matchAll(/[,;:.!?](?=\s)/g)) {
    if (match.index >= MIN_PHRASE) end = match.index + 1;
  }
  return end;
}
