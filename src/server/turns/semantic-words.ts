/**
 * Whether what was said so far can be the whole of a turn, from its words (docs/adr/0011). English is read word by word; of
 * another language only the punctuation counts, where the STT writes any. Pure.
 */
import {
  ARTICLES,
  AUXILIARIES,
  BE,
  COMMANDS,
  CONJUNCTIONS,
  DANGLING_TAIL,
  digitsAtEnd,
  FILLERS,
  HAVE,
  isEnglish,
  isNumber,
  LONE_COMMANDS,
  OPENERS,
  PARTICLE_VERBS,
  PARTICLES,
  PREPOSITIONS,
  PRONOUNS,
  REPLIES,
  SHORT_REPLY,
  STRANDING,
  SUBJECTS,
  SUBORDINATORS,
  UNFINISHED_TO,
  WH,
  WORDS_BEFORE_MORE,
} from './semantic-english';

/** How a stretch of speech ends, if it ends here. */
export type Ending =
  /** Ends like a whole question, order, answer or sentence. */
  | 'question'
  | 'command'
  | 'reply'
  | 'sentence'
  /** A few words that may be all, or not. */
  | 'fragment'
  /** An order that usually has more to it: "set a timer". */
  | 'slot'
  /** A number without what it counts, or a row of digits. */
  | 'number'
  /** A comma, or half of "if it rains tomorrow ...". */
  | 'clause'
  /** Nothing yet but a word people begin with: "so". */
  | 'opener'
  /** Ends in the middle: "I would like to". */
  | 'dangling'
  /** "um" */
  | 'filler'
  /** Nothing was recognised, or the words say nothing about it. */
  | 'unknown';

type Mark = 'question' | 'stop' | 'comma' | 'trailing' | null;

/** `language` is ISO 639-1 when the client named one; without it the words tell whether they are English. */
export function judgeEnding(text: string, language: string | null): Ending {
  const said = text.trim();
  const mark = markOf(said);
  if (mark === 'trailing') return 'dangling';
  const words = wordsOf(said);
  if (words.length === 0) return 'unknown';
  const english = language === null ? isEnglish(words) : /^en\b/iu.test(language);
  const ending = english ? englishEnding(words) : 'unknown';
  return withMark(ending, mark, /[.?!。？！]\s*\S/u.test(said));
}

/** An engine that punctuates knows more of the sentence than its last words tell, but many write a full stop after anything. */
function withMark(ending: Ending, mark: Mark, punctuates: boolean): Ending {
  switch (mark) {
    case 'question':
      return ending === 'filler' || ending === 'opener' ? ending : 'question';
    case 'stop':
      return ending === 'fragment' || ending === 'unknown' || ending === 'clause' ? 'sentence' : ending;
    case 'comma':
      return ending === 'dangling' || ending === 'filler' || ending === 'opener' ? ending : 'clause';
    case null:
      return punctuates && (ending === 'unknown' || ending === 'sentence') ? 'clause' : ending;
    default:
      // Handled before the words are looked at.
      return 'dangling';
  }
}

function markOf(said: string): Mark {
  const marks = /[^\p{L}\p{N}]*$/u.exec(said)?.[0] ?? '';
  if (/…|\.\.|[-–—]\s*$/u.test(marks)) return 'trailing';
  if (/[?？؟]/u.test(marks)) return 'question';
  if (/[.!。！।]/u.test(marks)) return 'stop';
  return /[,;:、，]/u.test(marks) ? 'comma' : null;
}

function wordsOf(said: string): string[] {
  return said
    .toLowerCase()
    .replaceAll('’', "'")
    .split(/[^\p{L}\p{N}\p{M}'.:%-]+/u)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}%]+$/gu, ''))
    .filter((word) => word !== '');
}

function englishEnding(all: string[]): Ending {
  if (FILLERS.has(last(all)) || endsWithAside(all)) return 'filler';
  const whole = all.join(' ');
  if (REPLIES.has(whole) || SHORT_REPLY.test(whole)) return 'reply';
  const body = all.slice(openersIn(all));
  if (body.length === 0) return 'opener';
  const text = body.join(' ');
  if (REPLIES.has(text)) return 'reply';
  const thanks = / (?:please|thanks|thank you)$/u;
  if (thanks.test(text)) {
    const ending = englishEnding(text.replace(thanks, '').split(' '));
    return ending === 'fragment' || ending === 'sentence' || ending === 'slot' ? 'command' : ending;
  }
  return unfinishedEnding(body, text) ?? finishedEnding(body);
}

/** What shows that there is more to come; null when nothing does. */
function unfinishedEnding(body: string[], text: string): Ending | null {
  if (DANGLING_TAIL.test(text) || wantsMore(body)) return 'dangling';
  if (endsInNumber(body, text)) return 'number';
  if (/^(?:set|start|make|create|add) .*\b(?:timer|alarm|reminder|event)$/u.test(text)) return 'slot';
  const subordinate =
    (SUBORDINATORS.has(body[0] as string) || /^when (?:i|you|we|he|she|they|it) /u.test(text)) &&
    body.length <= 8 &&
    !body.includes('then');
  return subordinate ? 'clause' : null;
}

/** Whether the last word cannot stand at the end, where it stands. */
function wantsMore(body: string[]): boolean {
  const word = last(body);
  const before = body.at(-2) ?? '';
  const asks = body.some((other) => WH.has(other.split("'")[0] as string));
  if (word === 'so') return !/^(?:think|hope|guess|say|do|if|even|believe|suppose|why)$/u.test(before);
  if (word === 'that') return /^(?:think|say|said|sure|so|mean|believe|hope|is)$/u.test(before) && !asks;
  if (word === 'not')
    return !/^(?:why|hope|course|maybe|probably|absolutely|certainly|or|guess)$/u.test(before);
  if (CONJUNCTIONS.has(word) || ARTICLES.has(word) || WORDS_BEFORE_MORE.has(word)) return true;
  if (WH.has(word)) {
    return body.length > 2 && !/^(?:know|wonder|sure|idea|remember|understand|explain|me)$/u.test(before);
  }
  if (word === 'to' && UNFINISHED_TO.has(before)) return true;
  if (PREPOSITIONS.has(word)) return !(asks && (word === 'like' || strands(before)));
  if (PARTICLES.has(word)) return !endsInParticle(body, word, before);
  if (SUBJECTS.has(word)) return !(asks && BE.has(before));
  if (/'(?:m|re|ll|ve|d)$|^(?:what|who|where|how|it|that|there|he|she|let)'s$/u.test(word)) return true;
  if (word === 'be' || (word === 'do' && before === 'to')) return word === 'be' && !asks;
  if (BE.has(word) || HAVE.has(word)) {
    const relates = asks || body.includes('all') || /^(?:there|here)$/u.test(body[0] as string);
    return !(relates && PRONOUNS.has(before));
  }
  if (AUXILIARIES.has(word)) return body.length <= 2 || !PRONOUNS.has(before);
  return false;
}

/** "Where are you from", "who are you talking to"; but not "what is the capital of". */
function strands(before: string): boolean {
  return PRONOUNS.has(before) || before.endsWith('ing') || STRANDING.has(before);
}

/** "Turn it on", "what is going on"; but not "turn on", and not "what time is it in". */
function endsInParticle(body: string[], word: string, before: string): boolean {
  if (body.length === 2) return !/^(?:turn|switch|put|pick|take|play)$/u.test(before);
  if (before.endsWith('ing') || PARTICLE_VERBS.has(before)) return true;
  if (BE.has(body[0] as string) && PRONOUNS.has(before)) return true;
  const verb = body.some((other) => PARTICLE_VERBS.has(other));
  return verb && (/^(?:on|off|up|down|out|back|away)$/u.test(word) || PRONOUNS.has(before));
}

/** A number whose unit is missing ("a timer for ten"), half a sum, or digits of which more may come. */
function endsInNumber(body: string[], text: string): boolean {
  const word = last(body);
  if (/^(?:point|minus|plus|times|divided|multiplied|equals)$/u.test(word)) return true;
  if (/^(?:what is|what's) \S+(?: \S+)? (?:percent|%)$/u.test(text)) return true;
  if (!isNumber(word)) return false;
  const counts = /\b(?:timer|alarm|remind|reminder|wait|wake|snooze|pause)\b.*\b(?:for|in|after|every)\b/u;
  const spells = /\b(?:number|code|pin|phone|zip|card|account|password)\b.*\bis\b/u;
  return counts.test(text) || spells.test(text) || digitsAtEnd(body) >= 3;
}

function finishedEnding(body: string[]): Ending {
  const [first, second] = body as [string, string | undefined];
  // "what's" is two words.
  const length = body.length + (first.includes("'") ? 1 : 0);
  const head = first.split("'")[0] as string;
  if (WH.has(head)) return length >= 3 || body.length === 1 ? 'question' : 'fragment';
  const inverted = (AUXILIARIES.has(first) || BE.has(first) || HAVE.has(first)) && second !== undefined;
  if (inverted && length >= 3) return 'question';
  if (LONE_COMMANDS.has(first)) return 'command';
  if (COMMANDS.has(first)) return length >= 2 ? 'command' : 'dangling';
  const subject = body.some((word) => PRONOUNS.has(word) || /'(?:m|s|re|ll|ve|d)$/u.test(word));
  return length >= 4 || (subject && length >= 3) ? 'sentence' : 'fragment';
}

/** "you know", "I mean" and the like, where they are said to win time. */
function endsWithAside(all: string[]): boolean {
  const tail = all.slice(-2).join(' ');
  if (tail === 'i mean' || tail === 'kind of' || tail === 'sort of') return true;
  if (tail !== 'you know') return false;
  return !/^(?:do|did|don't|as|would|should|how|if|what|let)$/u.test(all.at(-3) ?? '');
}

function openersIn(all: string[]): number {
  const at = all.findIndex((word) => !OPENERS.has(word) && !FILLERS.has(word));
  return at < 0 ? all.length : at;
}

function last(words: string[]): string {
  return words.at(-1) as string;
}
