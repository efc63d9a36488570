/** From what is meant to what is said. Pure: what is to happen is part of the outcome. */
import type { Intent } from './intent';
import { answerCalculation } from './skills/calculate';
import { answerDate, answerTime, answerUntil, answerWeekdayOf, type Here } from './skills/calendar';
import { flipCoin, pickNumber, rollDice } from './skills/chance';
import { chat, decline, type Mood } from './skills/chat';
import { answerChinese } from './skills/chinese';
import { answerConversion } from './skills/convert';
import { cancelTimer, type Outcome, setReminder, setTimer, timeLeft } from './skills/timers';
import type { PendingTimer } from './timers/timer-book';

export interface Situation extends Here, Mood {
  pending: readonly PendingTimer[];
}

/** `intent` is null when the user has said nothing at all yet. */
export function answer(intent: Intent | null, situation: Situation): Outcome {
  const { pending, random, said } = situation;
  switch (intent?.kind) {
    case undefined:
      return { text: chat('hello', situation) };
    case 'set-timer':
      return setTimer(intent, pending, situation);
    case 'remind':
      return setReminder(intent, pending, situation);
    case 'time-left':
      return timeLeft(intent.which, pending, situation);
    case 'cancel-timer':
      return cancelTimer(intent.which, pending);
    case 'time':
      return { text: answerTime(intent, situation) };
    case 'unknown-place':
      return { text: "I don't know one time for that place. Try the name of a big city." };
    case 'date':
      return { text: answerDate(intent) };
    case 'weekday-of':
      return { text: answerWeekdayOf(intent, situation) };
    case 'until':
      return { text: answerUntil(intent, situation) };
    case 'calculate':
      return { text: answerCalculation(intent.expression) };
    case 'convert':
      return { text: answerConversion(intent.amount, intent.from, intent.to) };
    case 'no-conversion':
      return { text: "I can't convert between those." };
    case 'coin':
      return { text: flipCoin(random) };
    case 'dice':
      return { text: rollDice(intent.count, intent.sides, random) };
    case 'random-number':
      return { text: pickNumber(intent.low, intent.high, random) };
    case 'repeat-after-me':
      return { text: intent.text };
    case 'repeat-answer':
      return { text: said[said.length - 1] ?? "I haven't said anything yet." };
    case 'chat':
      return {
        text: intent.topic === 'again' ? (said[said.length - 1] ?? 'Okay.') : chat(intent.topic, situation),
      };
    case 'need-model':
      return { text: decline(intent.topic, situation) };
    case 'chinese':
      return { text: answerChinese(intent.topic, situation) };
    case 'unheard':
      return { text: "Sorry, I didn't catch that." };
    default:
      return intent satisfies never;
  }
}
