import { toDb } from './bands';
import { GATE, HOP_MS } from './parameters';

/** What is louder than the background. */
export interface LevelGate {
  /** True when a hop of mean power `power` (of full scale squared) is a sound. */
  open(power: number): boolean;
  reset(): void;
}

/** Weight of one hop in the smoothed level that the background follows down. */
const SINK = 0.1;

/** Background before anything was heard, dBFS: a quiet room. */
const QUIET_DB = -70;

export function createLevelGate(): LevelGate {
  let background = QUIET_DB;
  return {
    open(power) {
      const level = toDb(power);
      const open = level > Math.max(GATE.floorDb, background + GATE.aboveNoiseDb);
      if (level > background)
        background = Math.min(level, background + (GATE.riseDbPerSecond * HOP_MS) / 1000);
      else background += SINK * (Math.max(level, -90) - background);
      return open;
    },
    reset() {
      background = QUIET_DB;
    },
  };
}
