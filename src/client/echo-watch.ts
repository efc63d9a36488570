/** Whether the microphone hears our own answers: learned over one answer, unlearned over the next without. */

/** Milliseconds of echo within one answer from which it is worth telling. */
export const ECHO_MS = 1000;
/** Milliseconds an answer must last for its silence to mean anything. */
const CLEAN_MS = 1000;

export interface EchoWatch {
  readonly heard: boolean;
  /** `ms` milliseconds of microphone sound. */
  add(answering: boolean, echo: boolean, ms: number): void;
}

export function createEchoWatch(): EchoWatch {
  let heard = false;
  let answerMs = 0;
  let echoMs = 0;
  return {
    get heard() {
      return heard;
    },
    add(answering, echo, ms) {
      if (answering) {
        answerMs += ms;
        if (echo) echoMs += ms;
        if (echoMs >= ECHO_MS) heard = true;
        return;
      }
      if (answerMs >= CLEAN_MS && echoMs === 0) heard = false;
      answerMs = 0;
      echoMs = 0;
    },
  };
}
