/**
 * Is this sound our own answer, however loud and however late it comes back? Nothing learned goes into it: both sounds
 * are made equally strong at every frequency and compared at every delay; an echo stands out as one sharp peak.
 */
import { createRealFft } from '../shared/fft';
import { createExplainedShare, EXPLAINED_SAMPLES } from './explained-share';
import { EAR_RATE, ECHO } from './parameters';

/** Samples of the sound that are given: 256 ms. */
export const LIKENESS_SAMPLES = 4096;

/** Longest delay that is looked for, in samples: 384 ms. */
const LONGEST = 6144;

/** Samples of the answer before and within them. */
export const LIKENESS_REFERENCE = LIKENESS_SAMPLES + LONGEST;

/** Samples that are compared, of what the canceller left: 128 ms, and 64 ms where the delay is known. */
const LEFT = 2048;
const LEFT_AT_DELAY = 1024;

/** The next power of two that holds the answer and leaves room for every delay. */
const FFT_SIZE = 16_384;

/** Hz between which voices differ; below, every room hums, and above, little is left of an echo. */
const LOW = 200;
const HIGH = 5000;

/** Samples by which the delay of an echo may differ from itself: 2 ms, for reflections and rounding. */
const SAME_DELAY = 32;

/** Samples over which both sounds fade in and out: 8 ms. */
const EDGE = 128;

/** Comparisons that are remembered, and how many of them must agree on a delay. */
const VOTES = 8;
const AGREEING = 2;

/** Peak over mean from which a comparison has a vote. */
const CLEAR = 12;

/** Samples that are looked at one by one for whether the answer was loud enough: 10 ms, with a tail of 50 ms. */
const PIECE = 160;
const TAIL_PIECES = 5;

/** Pieces back to which the loudest part of a sound is looked for. */
const LATEST_PIECES = 12;

/** Power of the answer over that of a sound from which it may be its echo: an echo is no more than 6 dB louder. */
const LEAST_SHARE = 0.25;

/** Share of a sound's power that the answer must have been loud enough for. */
const EXPLAINED = 0.9;

/** How far both sounds are made equally strong at every frequency, 0..1: wholly for a peak, less to find a loud echo's delay. */
const WHOLLY = 1;
const PARTLY = 0.6;

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
  const size = FFT_SIZE;
  const fft = createRealFft(size);
  const bins = size / 2 + 1;
  const block = new Float32Array(size);
  const aRe = new Float32Array(bins);
  const aIm = new Float32Array(bins);
  const bRe = new Float32Array(bins);
  const bIm = new Float32Array(bins);
  const low = Math.round((LOW * size) / EAR_RATE);
  const high = Math.round((HIGH * size) / EAR_RATE);

  const explainedShare = createExplainedShare();
  const votes: number[] = [];
  /** End of the sound that voted last. */
  let votedAt = Number.NEGATIVE_INFINITY;

  const alike = (delay: number) => votes.filter((other) => Math.abs(other - delay) <= SAME_DELAY).length;

  const vote = ({ at, height }: { at: number; height: number }, end: number) => {
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

  /**
   * Peak over mean of all delays, looked for from `from` to `to`; none where the answer was too soft for `sound`. At the
   * first and the last delays the ends of both meet and are alike.
   */
  const peak = (sound: Float32Array, reference: Float32Array, from = 0, to = LONGEST) => {
    let sum = 0;
    for (let lag = 0; lag <= LONGEST; lag++) sum += (block[lag] as number) ** 2;
    let most = 0;
    let at = 0;
    for (let lag = Math.max(EDGE, from); lag <= Math.min(LONGEST - EDGE, to); lag++) {
      const value = Math.abs(block[lag] as number);
      if (value > most) {
        most = value;
        at = lag;
      }
    }
    const possible = mayBeEcho(sound, reference.subarray(0, reference.length - at));
    return { at, height: possible ? most / (Math.sqrt(sum / (LONGEST + 1)) + 1e-12) : 0 };
  };

  /** To be called before sounds are compared with this answer. */
  const takeAnswer = (reference: Float32Array) => {
    place(reference, block);
    fft.forward(block, bRe, bIm);
  };

  const compare = (sound: Float32Array, evenness = WHOLLY) => {
    place(sound, block);
    fft.forward(block, aRe, aIm);
    for (let k = 0; k < bins; k++) {
      if (k < low || k > high) {
        aRe[k] = 0;
        aIm[k] = 0;
        continue;
      }
      const re = (aRe[k] as number) * (bRe[k] as number) + (aIm[k] as number) * (bIm[k] as number);
      const im = (aIm[k] as number) * (bRe[k] as number) - (aRe[k] as number) * (bIm[k] as number);
      const size = Math.sqrt(re * re + im * im) ** evenness + 1e-12;
      aRe[k] = re / size;
      aIm[k] = im / size;
    }
    fft.inverse(aRe, aIm, block);
  };

  const learn = ({ mic, reference, end }: Sounds) => {
    takeAnswer(reference);
    compare(mic);
    const found = peak(mic, reference);
    vote(found, end);
    return found;
  };

  /** The likeness of the last `samples` of a sound, around the delay `at` or at any. */
  const likenessOf = (of: Float32Array, samples: number, reference: Float32Array, at: number | null) => {
    const sound = of.subarray(LIKENESS_SAMPLES - samples);
    compare(sound);
    const [from, to] = at === null ? [0, LONGEST] : [at - SAME_DELAY, at + SAME_DELAY];
    return peak(sound, reference, from, to).height;
  };

  const isLeftOfEcho = (left: Float32Array, reference: Float32Array, young: boolean) => {
    const delay = known();
    const ofLeft = likenessOf(left, LEFT, reference, young ? delay : null);
    if (young && delay !== null) return ofLeft >= ECHO.likenessAtDelay;
    if (ofLeft >= (young ? ECHO.likenessYoung : ECHO.likeness)) return true;
    if (delay === null) return false;
    // Less sound will do, and what an echo left before the voice began does not count.
    return likenessOf(left, LEFT_AT_DELAY, reference, delay) >= ECHO.likenessAtDelay;
  };

  const isNothingElse = ({ mic, reference }: Sounds) => {
    const delay = known();
    return delay !== null && explainedShare(mic, reference, delay) >= ECHO.nothingElse;
  };

  /**
   * How much `sound` is the answer's echo that a canceller ahead of us let through: its likeness, times what the answer
   * explains of it. Either alone takes a soft voice for an echo now and then; both at once hardly ever.
   */
  const lapse = (
    sound: Float32Array,
    reference: Float32Array,
    { at, height }: { at: number; height: number },
  ) => {
    if (height === 0) return 0;
    compare(sound, PARTLY);
    const delays = [at, peak(sound, reference).at, known() ?? votes.at(-1) ?? at];
    // What is loudest in it; the network still takes for a voice what ended a moment ago.
    const later = sinceLoudest(sound);
    const loudest = sound.subarray(0, sound.length - later);
    const before = reference.subarray(0, reference.length - later);
    return height * Math.max(...delays.map((delay) => explainedShare(loudest, before, delay)));
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
      if (isNothingElse(sounds) || isLeftOfEcho(left, sounds.reference, young))
        return Number.POSITIVE_INFINITY;
      if (!silent) return 0;
      compare(left);
      const likeness = lapse(left, sounds.reference, peak(left, sounds.reference));
      return likeness >= ECHO.perhaps ? ECHO.perhapsMs : ECHO.hardlyMs;
    },
    learn: (sounds) => void learn(sounds),
    forget() {
      votes.length = 0;
      votedAt = Number.NEGATIVE_INFINITY;
    },
  };
}

/** Puts `sound` at the end of `into`, its ends faded: hard edges are alike in any two sounds. */
function place(sound: Float32Array, into: Float32Array) {
  const start = into.length - sound.length;
  into.fill(0, 0, start);
  into.set(sound, start);
  for (let i = 0; i < EDGE; i++) {
    const gain = 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / EDGE);
    into[start + i] = (into[start + i] as number) * gain;
    into[into.length - 1 - i] = (into[into.length - 1 - i] as number) * gain;
  }
}

/** Samples between the end of the loudest piece that can be explained and that of `sound`, 120 ms at most. */
function sinceLoudest(sound: Float32Array): number {
  let most = 0;
  let later = 0;
  for (let back = 0; back <= LATEST_PIECES * PIECE; back += PIECE) {
    let sum = 0;
    for (let end = 0; end < EXPLAINED_SAMPLES; end += PIECE) sum += energy(sound, sound.length - back - end);
    if (sum > most) {
      most = sum;
      later = back;
    }
  }
  return later;
}

/** Whether the end of `played` was loud enough, all along, to leave an echo like `sound`. */
function mayBeEcho(sound: Float32Array, played: Float32Array): boolean {
  let all = 0;
  let explained = 0;
  for (let end = 0; end < sound.length; end += PIECE) {
    const power = energy(sound, sound.length - end);
    let most = 0;
    for (let tail = 0; tail <= TAIL_PIECES; tail++) {
      most = Math.max(most, energy(played, played.length - end - tail * PIECE));
    }
    all += power;
    if (LEAST_SHARE * power <= most) explained += power;
  }
  return explained >= EXPLAINED * all;
}

/** Of the piece before `end`. */
function energy(sound: Float32Array, end: number): number {
  let sum = 0;
  for (let i = Math.max(0, end - PIECE); i < end; i++) sum += (sound[i] as number) ** 2;
  return sum;
}
