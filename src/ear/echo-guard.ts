/**
 * Our own answer, or something more? The canceller takes out what it can; of what is left, each band may be as loud
 * as this room's echo has been before, compared with the loudest the answer was within the possible delays. What
 * stands above that is evidence of another sound.
 */
import { BANDS, createBandMeter, toDb } from './bands';
import { createEchoCanceller } from './echo-canceller';
import { ECHO, HOP_MS, HOP_SAMPLES } from './parameters';

/** Hops over which the answer's loudest is taken: from the least delay to the longest with some tail. */
const SPAN_HOPS = (ECHO.pathMs + 60) / HOP_MS;

/** dBFS in a band below which the answer is too soft to learn from. */
const AUDIBLE_DB = -70;

/** What is left of a sound's power one hop later in a room whose tail is 60 dB down after 400 ms. */
const TAIL_DECAY = 10 ** -0.15;

const MARGIN = 10 ** (ECHO.marginDb / 10);

/** What counts of the hop before for the scale of the estimate: about 40 ms together. */
const SCALE_MEMORY = 0.75;

/** Echo may come back this much louder (12 dB) than it was learned. */
const MOST_SCALE = 4;

/** dBFS below which nobody calls an echo an echo. */
const ECHO_DB = -48;

/** dBFS from which it counts for what is taken for evidence. */
const FAINT_ECHO_DB = -60;

/** What is left of the answer's remembered power one hop later: 12 dB a second. */
const ANSWER_FADE = 10 ** -0.012;

/** Share of the answer's power below which the microphone holds no echo of it worth the name: -35 dB. */
const SILENT_ROOM = 10 ** -3.5;

/** Share of the answer's remembered power from which it sounds: -20 dB. */
const SOUNDING = 0.01;

/** Share of the microphone's power that the estimate must have to be called an echo. */
const ECHO_SHARE = 0.3;

/** Hops with a plain echo that make one, and how many of them a hop without takes back. */
const PLAIN_HOPS = 25;
const FORGIVEN = 0.25;

/** Hops an echo is remembered, for the notice to the user. */
const ECHO_HOPS = 200;

export interface GuardedHop {
  /** Our answer may be in this hop. */
  reference: boolean;
  /** Something else is in this hop. True when no answer can be. */
  evidence: boolean;
  /** An echo has been heard lately, or little is known of the room: evidence must be plain. */
  wary: boolean;
  /** The microphone carried our answer audibly within the last two seconds. */
  echo: boolean;
}

export interface EchoGuard {
  /**
   * `mic` and `reference` are one hop, the reference `ECHO.leastDelayMs` older. `into` receives what is to be listened
   * to; `active` says whether the answer was rendered within the last `ECHO.tailMs`; `voice`, whether one is confirmed.
   */
  process(
    mic: Float32Array,
    reference: Float32Array,
    active: boolean,
    voice: boolean,
    into: Float32Array,
  ): GuardedHop;
  /** What was heard last was an echo after all: this room's may be as loud as that. */
  concede(): void;
  /** The microphone was opened anew: nothing is known of how loud its echo is. */
  forgetRoom(): void;
  /** Little of the answer was heard in this room so far. */
  readonly young: boolean;
  /** The answer has sounded in this room without an echo for longer than an echo takes. */
  readonly silent: boolean;
  /** Power of the last hop given, by band. */
  readonly powers: Float64Array;
  resetSound(): void;
}

export function createEchoGuard(): EchoGuard {
  const canceller = createEchoCanceller(ECHO.pathMs);
  const residualMeter = createBandMeter();
  const referenceMeter = createBandMeter();
  const estimateMeter = createBandMeter();
  const estimate = new Float32Array(HOP_SAMPLES);
  const powers = new Float64Array(BANDS);
  let measured = true;
  const rendered = new Float64Array(BANDS);
  const estimated = new Float64Array(BANDS);
  const tail = new Float64Array(BANDS);
  const loudest = new Float64Array(BANDS);
  const history = Array.from({ length: SPAN_HOPS }, () => new Float64Array(BANDS));
  /** dB of residual over the answer's loudest, and over what was cancelled just now, that an echo may have. */
  const overLoudest = createBound(ECHO.unlearnedDb, ECHO.leastDb);
  const overEstimate = createBound(ECHO.unlearnedEstimateDb, ECHO.leastEstimateDb);
  let micTimesEstimate = 0;
  let estimateSquared = 0;
  let faintHops = 0;
  let hop = 0;
  let heardMs = 0;
  /** The answer's power, fading slowly, and how long the microphone has been silent against it. */
  let answerPower = 0;
  let silentMs = 0;
  let silentRoom = false;
  let echoHops = 0;
  let echoScore = 0;

  const judge = (voice: boolean): boolean => {
    const row = history[hop % SPAN_HOPS] as Float64Array;
    row.set(rendered);
    hop++;
    loudest.fill(0);
    for (const past of history) {
      for (let b = 0; b < BANDS; b++) loudest[b] = Math.max(loudest[b] as number, past[b] as number);
    }
    for (let b = 0; b < BANDS; b++) {
      tail[b] = Math.max(estimated[b] as number, (tail[b] as number) * TAIL_DECAY);
    }
    let all = 0;
    let more = 0;
    for (let b = 0; b < BANDS; b++) {
      const power = powers[b] as number;
      const echo = Math.min(overLoudest.allows(b, loudest), overEstimate.allows(b, tail));
      // Loudness grows with about the fourth root of power: soft bands count, a single strong one does not decide.
      const loudness = power ** 0.25;
      all += loudness;
      if (power > MARGIN * echo) more += loudness;
    }
    const evidence = more > ECHO.share * all;
    if (!voice) {
      const pace = { evidence, sink: heardMs > ECHO.blindMs, young: heardMs < ECHO.youngMs };
      overLoudest.learn(powers, loudest, pace);
      overEstimate.learn(powers, tail, pace);
    }
    return evidence;
  };

  /** The estimate is scaled to what the last tens of milliseconds held of it: somebody turned the volume. */
  const subtract = (mic: Float32Array, into: Float32Array) => {
    let both = 0;
    let own = 0;
    for (let i = 0; i < HOP_SAMPLES; i++) {
      both += (mic[i] as number) * (estimate[i] as number);
      own += (estimate[i] as number) ** 2;
    }
    micTimesEstimate = SCALE_MEMORY * micTimesEstimate + both;
    estimateSquared = SCALE_MEMORY * estimateSquared + own;
    const scale = Math.max(0, Math.min(MOST_SCALE, micTimesEstimate / (estimateSquared + 1e-9)));
    for (let i = 0; i < HOP_SAMPLES; i++) {
      estimate[i] = (estimate[i] as number) * scale;
      into[i] = (mic[i] as number) - (estimate[i] as number);
    }
  };

  /**
   * An answer that sounds for longer than an echo takes, and no echo: headphones, or the system's canceller. While the
   * answer pauses nothing is learned: then any room is silent.
   */
  const look = (mic: Float32Array, reference: Float32Array) => {
    const power = meanPower(reference);
    answerPower = Math.max(power, answerPower * ANSWER_FADE);
    if (meanPower(mic) >= SILENT_ROOM * answerPower) silentMs = 0;
    else if (power >= SOUNDING * answerPower) silentMs += HOP_MS;
    silentRoom ||= silentMs >= ECHO.silentMs;
  };

  const isYoung = () => heardMs < ECHO.youngMs && !silentRoom;

  /** `alone`: nobody speaks, in whose voice the canceller finds something of the answer too. */
  const notice = (mic: Float32Array, alone: boolean) => {
    const power = meanPower(estimate);
    const echo = power >= ECHO_SHARE * meanPower(mic);
    if (echo && toDb(power) > FAINT_ECHO_DB) faintHops = ECHO_HOPS;
    const plain = alone && echo && toDb(power) > ECHO_DB;
    echoScore = plain ? Math.min(PLAIN_HOPS, echoScore + 1) : Math.max(0, echoScore - FORGIVEN);
    if (echoScore >= PLAIN_HOPS) echoHops = ECHO_HOPS;
  };

  /** Measured when asked for: of silence without an answer nobody asks. */
  const freshPowers = () => {
    if (!measured) residualMeter.measure(powers);
    measured = true;
    return powers;
  };

  return {
    get powers() {
      return freshPowers();
    },
    get young() {
      return isYoung();
    },
    get silent() {
      return silentRoom;
    },
    process(mic, reference, active, voice, into) {
      measured = false;
      if (!active) {
        into.set(mic);
        residualMeter.push(into);
        echoHops = 0;
        echoScore = 0;
        faintHops = 0;
        return { reference: false, evidence: true, wary: false, echo: false };
      }
      canceller.process(mic, reference, into, estimate);
      subtract(mic, into);
      residualMeter.push(into);
      freshPowers();
      referenceMeter.push(reference);
      referenceMeter.measure(rendered);
      estimateMeter.push(estimate);
      estimateMeter.measure(estimated);
      if (meanPower(reference) > 1e-7) heardMs += HOP_MS;
      look(mic, reference);
      if (echoHops > 0) echoHops--;
      if (faintHops > 0) faintHops--;
      const evidence = judge(voice);
      notice(mic, !evidence && !voice);
      const wary = faintHops > 0 || isYoung();
      return { reference: true, evidence, wary, echo: echoHops > 0 };
    },
    concede() {
      const most = isYoung() ? ECHO.concedeYoungDb : ECHO.concedeDb;
      overLoudest.concede(freshPowers(), loudest, most);
      overEstimate.concede(powers, tail, most);
    },
    forgetRoom() {
      overLoudest.forget();
      overEstimate.forget();
      heardMs = 0;
      silentRoom = false;
    },
    resetSound() {
      canceller.resetSound();
      residualMeter.reset();
      referenceMeter.reset();
      estimateMeter.reset();
      tail.fill(0);
      for (const row of history) row.fill(0);
      answerPower = 0;
      silentMs = 0;
      echoHops = 0;
      echoScore = 0;
    },
  };
}

interface Pace {
  /** Something else than the echo is likely in it. */
  evidence: boolean;
  /** The echo had time to come. */
  sink: boolean;
  /** Little is known yet. */
  young: boolean;
}

/** How much louder than a predictor the echo may be, by band: what four of five hops stayed below. */
function createBound(startDb: number, leastDb: number) {
  const bound = new Float64Array(BANDS).fill(startDb);
  return {
    allows: (b: number, predictor: Float64Array) =>
      (predictor[b] as number) * 10 ** ((bound[b] as number) / 10),
    forget: () => void bound.fill(startDb),
    concede(powers: Float64Array, predictor: Float64Array, mostDb: number) {
      for (let b = 0; b < BANDS; b++) {
        const level = toDb(predictor[b] as number);
        const above = toDb(powers[b] as number) - level - (bound[b] as number);
        if (level >= AUDIBLE_DB && above > 0) bound[b] = (bound[b] as number) + Math.min(above, mostDb);
      }
    },
    learn(powers: Float64Array, predictor: Float64Array, { evidence, sink, young }: Pace) {
      const rise = evidence ? ECHO.riseEvidenceDb : ECHO.riseDb;
      const share = young ? ECHO.sinkShareYoung : ECHO.sinkShare;
      for (let b = 0; b < BANDS; b++) {
        const level = toDb(predictor[b] as number);
        if (level < AUDIBLE_DB) continue;
        const above = toDb(powers[b] as number) - level - (bound[b] as number);
        if (above > 0) bound[b] = (bound[b] as number) + Math.min(above, rise);
        else if (sink) bound[b] = Math.max(leastDb, (bound[b] as number) - ECHO.sinkDb + share * above);
      }
    },
  };
}

function meanPower(samples: Float32Array): number {
  let sum = 0;
  for (const s of samples) sum += s * s;
  return sum / samples.length;
}
