/** Is this sound our own answer? By how like it is at its likeliest delay, and by how much of it the answer explains. */
import { createAnswerSearch, LIKENESS_SAMPLES, PARTLY, type Peak } from './answer-search';
import { createExplainedShare, sinceLoudest } from './explained-share';
import { ECHO } from './parameters';

/** Samples that are compared, of what the canceller left: 128 ms, and 64 ms where the delay is known. */
const LEFT = 2048;
const LEFT_AT_DELAY = 1024;

/** Samples by which the delay of an echo may differ from itself: 2 ms, for reflections and rounding. */
const SAME_DELAY = 32;

/** Comparisons that are remembered, and how many of them must agree on a delay. */
const VOTES = 8;
const AGREEING = 2;

/** Peak over mean from which a comparison has a vote. */
const CLEAR = 12;

export interface Room {
  /** It is new, and doubt counts as an echo. */
  young: boolean;
  /** The microphone has an echo all the time, and only what the canceller left of it tells. */
  echo: boolean;
  /** The microphone has been silent while the answer sounded: what comes back whole is a canceller's lapse. */
  silent: boolean;
}

/** What is compared. All end at the same moment. */
export interface Sounds {
  /** What the microphone gave; `LIKENESS_SAMPLES` long. */
  mic: Float32Array;
  /** What the answer was; `LIKENESS_REFERENCE` long. */
  reference: Float32Array;
  /** The moment, in samples of a clock that runs on. */
  end: number;
}

export interface EchoLikeness {
  /**
   * How long a voice that sounds like this must last to be none of our own, in milliseconds; Infinity for an echo.
   * `left` is what the canceller left of `mic`, and as long.
   */
  neededMs(sounds: Sounds, left: Float32Array, room: Room): number;
  /** Learns the echo's delay from a sound of the microphone that may hold one. */
  learn(sounds: Sounds): void;
  /** The microphone was opened anew: the delay may be another. */
  forget(): void;
}

export function createEchoLikeness(): EchoLikeness {
  const search = createAnswerSearch();
  const explainedShare = createExplainedShare();
  const votes: number[] = [];
  /** End of the sound that voted last. */
  let votedAt = Number.NEGATIVE_INFINITY;

  const alike = (delay: number) => votes.filter((other) => Math.abs(other - delay) <= SAME_DELAY).length;

  const vote = ({ at, height }: Peak, end: number) => {
    if (height < CLEAR) return;
    // One sound has one vote, however often it is looked at: it agrees with itself by chance.
    if (end - votedAt < LIKENESS_SAMPLES) votes.pop();
    else votedAt = end;
    votes.push(at);
    if (votes.length > VOTES) votes.shift();
  };

  /** The delay that comparisons agreed on last; null when they do not. */
  const known = (): number | null => {
    for (let i = votes.length - 1; i >= 0; i--) {
      const vote = votes[i] as number;
      if (alike(vote) >= AGREEING) return vote;
    }
    return null;
  };

  const learn = ({ mic, reference, end }: Sounds) => {
    search.take(reference);
    const found = search.find(mic);
    vote(found, end);
    return found;
  };

  /** The likeness of the last `samples` of a sound, around the delay `at` or at any. */
  const likenessOf = (sound: Float32Array, samples: number, at: number | null) =>
    search.find(
      sound.subarray(LIKENESS_SAMPLES - samples),
      at === null ? {} : { from: at - SAME_DELAY, to: at + SAME_DELAY },
    ).height;

  const isLeftOfEcho = (left: Float32Array, young: boolean) => {
    const delay = known();
    const ofLeft = likenessOf(left, LEFT, young ? delay : null);
    if (young && delay !== null) return ofLeft >= ECHO.likenessAtDelay;
    if (ofLeft >= (young ? ECHO.likenessYoung : ECHO.likeness)) return true;
    if (delay === null) return false;
    // Less sound will do, and what an echo left before the voice began does not count.
    return likenessOf(left, LEFT_AT_DELAY, delay) >= ECHO.likenessAtDelay;
  };

  const isNothingElse = ({ mic, reference }: Sounds) => {
    const delay = known();
    return delay !== null && explainedShare(mic, reference, delay) >= ECHO.nothingElse;
  };

  /**
   * How much `sound` is the answer's echo that a canceller ahead of us let through: its likeness, times what the answer
   * explains of it. Either alone takes a soft voice for an echo now and then; both at once hardly ever.
   */
  const lapse = (sound: Float32Array, reference: Float32Array, { at, height }: Peak) => {
    if (height === 0) return 0;
    const delays = new Set([at, search.find(sound, { evenness: PARTLY }).at, known() ?? votes.at(-1) ?? at]);
    // What is loudest in it: the network still takes for a voice what ended a moment ago.
    const later = sinceLoudest(sound);
    const loudest = sound.subarray(0, sound.length - later);
    const before = reference.subarray(0, reference.length - later);
    const shares = Array.from(delays, (delay) => explainedShare(loudest, before, delay));
    return height * Math.max(...shares);
  };

  return {
    neededMs(sounds, left, { young, echo, silent }) {
      const ofMic = learn(sounds);
      if (silent && !echo) {
        const likeness = lapse(sounds.mic, sounds.reference, ofMic);
        if (likeness >= ECHO.lapse) return Number.POSITIVE_INFINITY;
        if (likeness >= ECHO.perhaps) return ECHO.perhapsMs;
        return votes.length > 0 ? ECHO.hardlyMs : 0;
      }
      // A canceller ahead of us that lost hold lets the echo through as it is.
      if (!echo && ofMic.height >= ECHO.likeness) return Number.POSITIVE_INFINITY;
      if (isNothingElse(sounds) || isLeftOfEcho(left, young)) return Number.POSITIVE_INFINITY;
      if (!silent) return 0;
      const likeness = lapse(left, sounds.reference, search.find(left));
      return likeness >= ECHO.perhaps ? ECHO.perhapsMs : ECHO.hardlyMs;
    },
    learn: (sounds) => void learn(sounds),
    forget() {
      votes.length = 0;
      votedAt = Number.NEGATIVE_INFINITY;
    },
  };
}
