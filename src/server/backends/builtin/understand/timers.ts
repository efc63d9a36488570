import type { Context, Intent, TimerChoice, When } from '../intent';
import { type FoundDuration, findDuration } from './duration';
import { findMoment } from './moment';
import { letterSimilarity, wordSimilarity } from './similar';
import { isNumber } from './text';

const CANCEL = new Set('cancel delete remove clear stop end kill dismiss council counsel'.split(' '));
const QUESTION = new Set('why who what how when where did does do is are was which whose can if'.split(' '));
const CREATE =
  /^(?:(?:i|we) (?:need|want) )?(?:set|said|sat|make|create|add|give|put|new|a|an|another|reminder)\b/;
/** A running timer cannot be changed, and must not be mistaken for a new one. */
const CHANGE = new Set('add extend increase reduce subtract change pause resume take'.split(' '));
/** Words of a request for a timer that are not its name. */
const FRAME = new Set(
  'set start make create give begin run put said sat sent let the a an another new my me for four of with on in to called named label 4 and be up all please that this one time timer timers countdown alarm reminder'.split(
    ' ',
  ),
);
/** An errand is given as "my" and read out as "your". */
const TO_THE_USER = new Map([
  ['my', 'your'],
  ['me', 'you'],
  ['i', 'you'],
  ['mine', 'yours'],
  ['am', 'are'],
]);
const MAX_LABEL_WORDS = 4;

/** Timers, reminders and alarms: setting, asking about and cancelling them. `words` has its numbers as digits. */
export function understandTimers(words: readonly string[], context: Context): Intent | null {
  return (
    understandCancel(words) ??
    understandLeft(words) ??
    understandReminder(words, context) ??
    understandAlarm(words, context) ??
    understandSet(words)
  );
}

/** The answer to "For how long?" and "When?". */
export function completeTimer(words: readonly string[], context: Context): Intent | null {
  const asked = context.previous;
  if (asked?.kind === 'set-timer' && asked.durationMs === null) {
    const found = findDuration(words);
    const rest = found ? without(words, found) : words;
    if (found && rest.every((word) => FRAME.has(word) || word === 'about')) {
      return { ...asked, durationMs: found.durationMs };
    }
    // A bare number is in minutes; the answer says so.
    if (words.length === 1 && isNumber(words[0])) return { ...asked, durationMs: Number(words[0]) * 60_000 };
  }
  const anotherQuestion = QUESTION.has(words[0] ?? '') && words[1] !== 'about';
  if (asked?.kind === 'remind' && asked.when === null && !anotherQuestion) {
    const { when, rest } = readWhen(words, context);
    if (when) return { ...asked, when, label: asked.label ?? labelOf(rest) };
  }
  if (asked?.kind === 'cancel-timer') return chosen(words, asked.which);
  return null;
}

/** The answer to "Which one?": "the pasta one", "the ten minute timer", "all of them". */
function chosen(words: readonly string[], which: TimerChoice): Intent | null {
  const text = words.join(' ');
  if (/^(all|both|every one|everything)( of them)?$/.test(text)) {
    return { kind: 'cancel-timer', which: { ...which, all: true } };
  }
  const found = findDuration(words);
  const rest = (found ? without(words, found) : [...words]).filter((word) => !FRAME.has(word));
  const pointed = /^the \w+( \w+)?$|\b(one|1|timer|reminder|alarm)$/.test(text) && words.length <= 5;
  if (!pointed && !(found && rest.length === 0)) return null;
  if (words.some((word) => QUESTION.has(word))) return null;
  const label = labelOf(rest.filter((word) => word !== '1'));
  return { kind: 'cancel-timer', which: { ...which, durationMs: found?.durationMs ?? null, label } };
}

function nounOf(word: string | undefined): TimerChoice['noun'] {
  if (word === undefined) return null;
  if (
    word === 'countdown' ||
    (word !== 'time' && wordSimilarity(word, 'timer') >= 0.8) ||
    word === 'timers'
  ) {
    return 'timer';
  }
  if (/^reminders?$/.test(word) || wordSimilarity(word, 'reminder') >= 0.85) return 'reminder';
  return /^alarms?$/.test(word) ? 'alarm' : null;
}

function understandCancel(words: readonly string[]): Intent | null {
  const off = /^(turn|switch) (the |my |that )?(.* )?off|^(turn|switch) off/.test(words.join(' '));
  if (!CANCEL.has(words[0] ?? '') && !off) return null;
  const which = choiceOf(words.slice(1));
  return which && words.length <= 10 ? { kind: 'cancel-timer', which } : null;
}

function understandLeft(words: readonly string[]): Intent | null {
  if (
    !['how', 'what', 'when', 'is', 'check', 'time', 'which', 'list', 'show', 'read'].includes(words[0] ?? '')
  )
    return null;
  const text = words.join(' ');
  if (
    !/\b(left|remaining|remains?|longer|more time|ends?|go off|goes off|have|running|status|check|list|show|read)\b/.test(
      text,
    )
  ) {
    return null;
  }
  const from = words.findIndex((word) => nounOf(word) !== null);
  if (from < 0 || words.length > 14) return null;
  // Only what stands around the noun can name the timer.
  const start = Math.max(words.lastIndexOf('the', from), words.lastIndexOf('my', from), 0);
  const which = choiceOf(words.slice(start));
  return which ? { kind: 'time-left', which } : null;
}

/** "the pasta timer", "my ten minute timer", "the reminder to call mom", "all timers". */
function choiceOf(words: readonly string[]): TimerChoice | null {
  const found = findDuration(words);
  const rest = found ? without(words, found) : [...words];
  const at = rest.findIndex((word) => nounOf(word) !== null);
  if (at < 0) return null;
  const named = rest
    .slice(0, at)
    .filter((word) => !FRAME.has(word) && !['off', 'turn', 'switch', 'all', 'every'].includes(word));
  const after = rest.slice(at + 1);
  const label = named.length > 0 ? named : /^(for|to|called|about|named)$/.test(after[0] ?? '') ? after : [];
  const noun = nounOf(rest[at]);
  return {
    all:
      /s$/.test(rest[at] ?? '') || rest.some((word) => word === 'all' || word === 'every' || word === 'both'),
    noun,
    durationMs: found?.durationMs ?? null,
    label: labelOf(label),
  };
}

function understandReminder(words: readonly string[], context: Context): Intent | null {
  if (QUESTION.has(words[0] ?? '')) return null;
  const verb = words.findIndex(
    (word, index) =>
      wordSimilarity(word, 'remind') >= 0.75 && /^(me|my|be|us|mean|knee)$/.test(words[index + 1] ?? ''),
  );
  const noun = words.findIndex((word) => nounOf(word) === 'reminder');
  if (verb < 0 && (noun < 0 || !CREATE.test(words.join(' ')))) return null;
  const before = words.slice(0, verb >= 0 ? verb : noun).filter((word) => verb >= 0 || !FRAME.has(word));
  const { when, rest } = readWhen([...before, ...words.slice(verb >= 0 ? verb + 2 : noun + 1)], context);
  // "remind me who you are" asks for knowledge.
  if (when === null && QUESTION.has(rest[0] ?? '')) return null;
  return { kind: 'remind', label: labelOf(rest), when, alarm: false };
}

function understandAlarm(words: readonly string[], context: Context): Intent | null {
  if (QUESTION.has(words[0] ?? '')) return null;
  const text = words.join(' ');
  const wake = /^(.* )?wake (me|us)( up)?\b/.exec(text);
  const at = words.findIndex((word) => nounOf(word) === 'alarm');
  if (!wake && at < 0) return null;
  const around = wake
    ? text.replace(/\bwake (me|us)( up)?\b/, ' ').split(' ')
    : [...words.slice(0, at), ...words.slice(at + 1)];
  const { when, rest } = readWhen(
    around.filter((word) => word !== ''),
    context,
  );
  const unexplained = rest.filter((word) => !FRAME.has(word) && word !== 'clock');
  return unexplained.length > 0 ? null : { kind: 'remind', label: null, when, alarm: true };
}

function understandSet(words: readonly string[]): Intent | null {
  if (QUESTION.has(words[0] ?? '') || CHANGE.has(words[0] ?? '')) return null;
  const found = findDuration(words);
  if (!found) return null;
  const rest = without(words, found);
  const noun = rest.findIndex((word) => nounOf(word) === 'timer');
  const counted = /^count ?down( from| for)?$/.test(rest.join(' '));
  if (noun < 0 && !counted && !looksLikeTimer(words.slice(0, found.start))) return null;
  if (noun < 0) return { kind: 'set-timer', durationMs: found.durationMs, label: null };
  const label = rest.filter((word, index) => index !== noun && !FRAME.has(word) && !isNumber(word));
  if (label.length > MAX_LABEL_WORDS) return null;
  return { kind: 'set-timer', durationMs: found.durationMs, label: labelOf(label) };
}

/** "set a tighter for": the frame is right and the noun is a slip, in one word or two. */
function looksLikeTimer(before: readonly string[]): boolean {
  const [verb, ...others] = before;
  if (!['set', 'start', 'said', 'sat', 'sent'].includes(verb ?? '')) return false;
  const noun = others.filter(
    (word) => !['a', 'the', 'for', 'four', '4', 'of', 'or', 'at', 'to'].includes(word),
  );
  return noun.length > 0 && noun.length <= 2 && letterSimilarity(noun.join(''), 'timer') >= 0.5;
}

function readWhen(
  words: readonly string[],
  context: Context,
): { when: When | null; rest: readonly string[] } {
  const found = findDuration(words);
  const introduced = found && ['in', 'after', 'and', 'an', 'end'].includes(words[found.start - 1] ?? '');
  // "a day" in "feed the cat a day" is no length of time: one that opens or closes the words, or follows "in", is.
  if (found && (introduced || found.start === 0 || found.end === words.length)) {
    const rest = [...words.slice(0, introduced ? found.start - 1 : found.start), ...words.slice(found.end)];
    return { when: { type: 'in', durationMs: found.durationMs }, rest };
  }
  const moment = findMoment(words, context.now, context.timeZone);
  return moment
    ? { when: { type: 'at', atMs: moment.atMs }, rest: moment.rest }
    : { when: null, rest: words };
}

function without(words: readonly string[], found: FoundDuration): string[] {
  return [...words.slice(0, found.start), ...words.slice(found.end)];
}

/** The name or errand in `words`, spoken to the user: "to call my mom" -> "call your mom". */
function labelOf(words: readonly string[]): string | null {
  const rest = [...words];
  while (
    rest.length > 0 &&
    /^(to|too|2|that|about|of|for|the|a|my|called|named|and|please)$/.test(rest[0] ?? '')
  ) {
    const word = rest.shift();
    if (word === 'my' && rest.length > 0) {
      rest.unshift('your');
      break;
    }
  }
  const swapped = rest.map((word) => TO_THE_USER.get(word) ?? word);
  return swapped.length > 0 ? swapped.join(' ') : null;
}
