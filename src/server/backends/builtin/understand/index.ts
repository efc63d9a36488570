/** From what was said, and what was said before, to what is meant. Pure. */
import type { LlmMessage } from '../../index';
import type { ChatTopic, Context, Intent, NeededTopic } from '../intent';
import { calculate } from '../skills/calculate';
import { understandArithmetic } from './arithmetic';
import { understandChance } from './chance';
import { understandChinese } from './chinese';
import { BELIEVED, classify } from './classify';
import { understandConversion } from './conversion';
import { todayOf, understandDate } from './dates';
import { withDigits } from './numbers';
import type { PhraseMeaning } from './phrases';
import { withoutCourtesy, wordsOf } from './text';
import { understandTimeInPlace } from './time-in-place';
import { completeTimer, understandTimers } from './timers';

/** From this confidence on a known phrase wins before anything is read out of the words. */
const CERTAIN = 0.95;

/** Of these the words also tell which timer is meant. */
const NAMING: ReadonlySet<PhraseMeaning> = new Set(['time-left', 'cancel-timer']);

/** Longer ones are nobody's question to a small assistant, only work. */
const MAX_CHARS = 1000;

/** What `text`, spoken or typed, asks for. Anything not clearly understood is `need-model`. */
export function understand(text: string, context: Context): Intent {
  const chinese = understandChinese(text);
  if (chinese) return { kind: 'chinese', topic: chinese };
  const all = wordsOf(text.slice(0, MAX_CHARS));
  if (all.length === 0) return { kind: 'unheard' };
  const echo = wordsToRepeat(text);
  if (echo !== null) return { kind: 'repeat-after-me', text: echo };
  const words = withoutCourtesy(all);
  const match = bestOf(classify(all), words.length < all.length ? classify(words) : null);
  if (match && match.confidence >= CERTAIN && !NAMING.has(match.meaning)) {
    return intentOf(match.meaning, context);
  }
  const digits = withDigits(words);
  return (
    completeTimer(digits, context) ??
    understandChance(digits) ??
    understandTimers(digits, context) ??
    understandTimeInPlace(words, context) ??
    understandConversion(digits, context) ??
    arithmetic(digits, context) ??
    understandDate(words, context) ??
    (match && match.confidence >= BELIEVED ? intentOf(match.meaning, context) : null) ??
    said(text) ?? { kind: 'need-model', topic: topicOf(words) }
  );
}

/** How many of the user's messages are read again to know what a follow-up refers to. */
const REMEMBERED = 8;

/** What the user's last message means, the ones before it read for context; null when the user said nothing yet. */
export function understandConversation(
  messages: readonly LlmMessage[],
  now: Date,
  timeZone: string,
): Intent | null {
  const texts = messages.flatMap((message) => (message.role === 'user' ? [message.text] : []));
  let context: Context = { now, timeZone, previous: null, lastValue: null };
  let intent: Intent | null = null;
  for (const text of texts.slice(-REMEMBERED)) {
    intent = understand(text, context);
    context = {
      ...context,
      previous: isAside(intent, context.previous) ? context.previous : intent,
      lastValue: intent.kind === 'calculate' ? calculate(intent.expression) : context.lastValue,
    };
  }
  return intent;
}

/** What does not end a topic: "thanks", "what did you say", and noise after a question of the assistant's. */
function isAside(intent: Intent, previous: Intent | null): boolean {
  if (intent.kind === 'need-model' && intent.topic === null) return isOpenQuestion(previous);
  if (intent.kind === 'chat') return intent.topic !== 'stop' && intent.topic !== 'joke';
  return intent.kind === 'unheard' || intent.kind === 'repeat-answer';
}

function isOpenQuestion(previous: Intent | null): boolean {
  if (previous?.kind === 'set-timer') return previous.durationMs === null;
  return previous?.kind === 'remind' && previous.when === null;
}

function bestOf<T extends { confidence: number } | null>(a: T, b: T): T {
  return (b?.confidence ?? 0) > (a?.confidence ?? 0) ? b : a;
}

function arithmetic(digits: readonly string[], context: Context): Intent | null {
  const expression = understandArithmetic(digits, context.lastValue);
  return expression === null ? null : { kind: 'calculate', expression };
}

function intentOf(meaning: PhraseMeaning, context: Context): Intent {
  switch (meaning) {
    case 'time':
      return { kind: 'time', zone: null, place: null };
    case 'date':
    case 'weekday':
    case 'month':
    case 'year':
      return { kind: 'date', what: meaning, date: todayOf(context), when: 'today' };
    case 'coin':
      return { kind: 'coin' };
    case 'dice':
      return { kind: 'dice', count: 1, sides: 6 };
    case 'random-number':
      return { kind: 'random-number', low: 1, high: 100 };
    case 'repeat-answer':
      return { kind: 'repeat-answer' };
    case 'set-timer':
      return { kind: 'set-timer', durationMs: null, label: null };
    case 'set-reminder':
    case 'set-alarm':
      return { kind: 'remind', label: null, when: null, alarm: meaning === 'set-alarm' };
    case 'time-left':
    case 'cancel-timer':
      return { kind: meaning, which: { all: false, noun: null, durationMs: null, label: null } };
    case 'none':
      return { kind: 'need-model', topic: null };
    case 'chat:again':
      return again(context.previous);
    default:
      return meaning.startsWith('need:')
        ? { kind: 'need-model', topic: meaning.slice('need:'.length) as NeededTopic }
        : { kind: 'chat', topic: meaning.slice('chat:'.length) as ChatTopic };
  }
}

/** "again" is the last game or joke once more; after anything else, the answer. */
function again(previous: Intent | null): Intent {
  const playful =
    previous?.kind === 'coin' ||
    previous?.kind === 'dice' ||
    previous?.kind === 'random-number' ||
    (previous?.kind === 'chat' && previous.topic === 'joke');
  return playful ? previous : { kind: 'repeat-answer' };
}

const REPEAT_AFTER_ME =
  /^(?:.{0,24}\b)?(?:repeat(?:s|ed)?|say|said) after (?:me|may|knee|be)\b[\s,.:;]*(.+)$/is;

function wordsToRepeat(text: string): string | null {
  return REPEAT_AFTER_ME.exec(text.trim())?.[1]?.trim() ?? null;
}

/** "say hello world": last, since "say" also begins other requests. */
function said(text: string): Intent | null {
  const words =
    /^(?:please |can you |could you )?say[,:]? (?!something|anything|that|it\b|again|what|why|how|when|who)(.+)$/is.exec(
      text.trim(),
    )?.[1];
  return words === undefined ? null : { kind: 'repeat-after-me', text: words };
}

const TOPICS: [RegExp, NeededTopic][] = [
  [/\b(weather|forecast|raining|rain|snow|sunny|humidity)\b/, 'weather'],
  [/\b(news|headlines)\b/, 'news'],
  [/^(play|sing)\b|\b(song|music)\b/, 'music'],
  [/\b(exchange rate|stock price|bitcoin|stock market)\b/, 'exchange'],
  [/^(translate|how do you say)\b|\bin (french|spanish|german|italian|chinese|japanese)$/, 'translate'],
  [/\b(poem|story|fairy tale|essay)\b/, 'story'],
];

function topicOf(words: readonly string[]): NeededTopic | null {
  const text = words.join(' ');
  return TOPICS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
