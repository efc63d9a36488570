/** How much is tried in each mode. */
import type { Mode } from '../figure';

export interface Trials {
  /** Interruptions of the program as it is, and of the two ways it is compared with. */
  interruptions: number;
  floor: number;
  serverOnly: number;
  /** Quiet voices, and voices over a loud answer that the microphone hears too. */
  overEcho: number;
  disturbances: number;
  /** Seconds of answer in all rooms together, with the canceller and without it. */
  echoSeconds: number;
  echoSecondsBare: number;
  questions: number;
}

export const TRIALS: Record<Mode, Trials> = {
  smoke: {
    interruptions: 6,
    floor: 4,
    serverOnly: 4,
    overEcho: 4,
    disturbances: 6,
    echoSeconds: 12,
    echoSecondsBare: 6,
    questions: 3,
  },
  quick: {
    interruptions: 40,
    floor: 10,
    serverOnly: 6,
    overEcho: 10,
    disturbances: 14,
    echoSeconds: 20,
    echoSecondsBare: 8,
    questions: 10,
  },
  full: {
    interruptions: 84,
    floor: 48,
    serverOnly: 36,
    overEcho: 48,
    disturbances: 72,
    echoSeconds: 120,
    echoSecondsBare: 60,
    questions: 24,
  },
};
