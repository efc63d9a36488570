/** Whether memory grows while the program runs for long, with an answer now and then. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../figure';
import { slope } from '../report/statistics';
import type { Launched } from './launch';
import { memoryMbOf } from './processes';

export interface MemoryPoint {
  minute: number;
  memoryMb: number;
}

const MINUTES = 30;
/** Caches and compiled code fill up in the first minutes; growth is what comes after. */
const WARM_UP_MINUTES = 5;
/** What the conversation itself may take, and the error of the line. */
const GOAL_MB = 10;
const MINUTE_MS = 60_000;
const QUESTION = 'what can you do';

export async function watchGrowth(program: Launched, bench: Bench): Promise<MemoryPoint[]> {
  const points: MemoryPoint[] = [];
  const startedMs = performance.now();
  for (let minute = 0; minute <= MINUTES; minute++) {
    await sleep(startedMs + minute * MINUTE_MS - performance.now());
    const memoryMb = memoryMbOf(program.pid);
    points.push({ minute, memoryMb });
    bench.say(`memory after ${minute} min: ${memoryMb.toFixed(1)} MB`);
    await program.page.evaluate(`window.parley.command('text.send', ${JSON.stringify(QUESTION)})`);
  }
  return points;
}

/** How much the memory grew from the end of the warm-up on, by the line through the points. */
export function growthOf(points: readonly MemoryPoint[]): {
  grownMb: number;
  minutes: number;
  goalMb: number;
} {
  const counted = points.filter(({ minute }) => minute >= WARM_UP_MINUTES);
  const minutes = (counted.at(-1)?.minute ?? 0) - (counted[0]?.minute ?? 0);
  const grownMb = slope(counted.map(({ minute, memoryMb }) => ({ x: minute, y: memoryMb }))) * minutes;
  return { grownMb, minutes, goalMb: GOAL_MB };
}
