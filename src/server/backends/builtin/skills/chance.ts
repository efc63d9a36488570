/** Coins, dice and random numbers. `random` gives 0 <= x < 1. */
import { counted, listed } from './speech';

export function flipCoin(random: () => number): string {
  return random() < 0.5 ? "It's heads." : "It's tails.";
}

export function rollDice(count: number, sides: number, random: () => number): string {
  const rolls = Array.from({ length: count }, () => 1 + Math.floor(random() * sides));
  const total = rolls.reduce((sum, roll) => sum + roll, 0);
  if (count === 1) return `You rolled ${/^(8|11|18|8\d)$/.test(String(total)) ? 'an' : 'a'} ${total}.`;
  return `With ${counted(count, 'die').replace('dies', 'dice')} you rolled ${listed(rolls.map(String))}. That makes ${total}.`;
}

export function pickNumber(low: number, high: number, random: () => number): string {
  return `${low + Math.floor(random() * (high - low + 1))}.`;
}
