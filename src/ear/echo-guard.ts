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

/** dBFS below which nobody calls an echo an echo. */
const ECHO_DB = -48;

/** Hops an echo is remembered, for the notice to the user. */
const ECHO_HOPS = 50;

export interface GuardedHop {
  /** Our answer may be in this hop. */
  reference: boolean;
  /** Something else is in this hop. True when no answer can be. */
  evidence: boolean;
  /** The microphone carried our answer audibly within the last half second. */
  echo: boolean;
}

export interface EchoGuard {
  /**
   * `mic` and `reference` are one hop, the reference `ECHO.leastDelayMs` older. `into` receives what is to be listened
   * to; `active` says whether the answer was rendered within the last `ECHO.tailMs`; `voice`, whether one is confirmed.
   */
  process(mic: Float32Array, reference: Float32Array, active: boolean, voice: boolean, into: Float32Array): GuardedHop;
  /** Power of the last hop given, by band. */
  readonly powers: Float64Array;
  resetSound(): void;
}

export function createEchoGuard(): EchoGuard {
  const canceller = createEchoCanceller(ECHO.pathMs);
  const residualMeter = createBandMeter();
  const referenceMeter = createBandMeter();
  const estimate = new Float32Array(HOP_SAMPLES);
  const powers = new Float64Array(BANDS);
  const rendered = new Float64Array(BANDS);
  const history = Array.from({ length: SPAN_HOPS }, () => new Float64Array(BANDS));
  /** dB of residual over the answer's loudest, by band, that an echo may have. */
  const expected = new Float64Array(BANDS).fill(ECHO.unlearnedDb);
  let hop = 0;
  let heardMs = 0;
  let echoHops = 0;

  const judge = (voice: boolean): boolean => {
    let all = 0;
    let more = 0;
    const row = history[hop % SPAN_HOPS] as Float64Array;
    row.set(rendered);
    hop++;
    const loudest = new Float64Array(BANDS);
    for (const past of history) {
      for (let b = 0; b < BANDS; b++) loudest[b] = Math.max(loudest[b] as number, past[b] as number);
    }
    const margin = 10 ** (ECHO.marginDb / 10);
    for (let b = 0; b < BANDS; b++) {
      const power = powers[b] as number;
      const echo = (loudest[b] as number) * 10 ** ((expected[b] as number) / 10);
      // Loudness grows with about the fourth root of power: soft bands count, a single strong one does not decide.
      const loudness = power ** 0.25;
      all += loudness;
      if (power > margin * echo) more += loudness;
    }
    const evidence = more > ECHO.share * all;
    learn(loudest, evidence, voice);
    return evidence;
  };

  const learn = (loudest: Float64Array, evidence: boolean, voice: boolean) => {
    if (voice) return;
    for (let b = 0; b < BANDS; b++) {
      const level = toDb(loudest[b] as number);
      if (level < AUDIBLE_DB) continue;
      const above = toDb(powers[b] as number) - level - (expected[b] as number);
      const rise = evidence ? ECHO.riseEvidenceDb : ECHO.riseDb;
      if (above > 0) expected[b] = (expected[b] as number) + Math.min(above, rise);
      else if (heardMs > ECHO.blindMs) expected[b] = (expected[b] as number) - ECHO.sinkDb + ECHO.sinkShare * above;
    }
  };

  const notice = (mic: Float32Array) => {
    const echo = meanPower(estimate);
    if (toDb(echo) > ECHO_DB && echo > 0.3 * meanPower(mic)) echoHops = ECHO_HOPS;
  };

  return {
    powers,
    process(mic, reference, active, voice, into) {
      if (!active) {
        into.set(mic);
        residualMeter.measure(into, powers);
        echoHops = 0;
        return { reference: false, evidence: true, echo: false };
      }
      canceller.process(mic, reference, into, estimate);
      // A filter that has not learned yet may add sound instead of taking some away.
      if (meanPower(into) > meanPower(mic)) into.set(mic);
      residualMeter.measure(into, powers);
      referenceMeter.measure(reference, rendered);
      if (meanPower(reference) > 1e-7) heardMs += HOP_MS;
      if (echoHops > 0) echoHops--;
      notice(mic);
      const evidence = judge(voice);
      return { reference: true, evidence, echo: echoHops > 0 };
    },
    resetSound() {
      canceller.resetSound();
      residualMeter.reset();
      referenceMeter.reset();
      for (const row of history) row.fill(0);
      echoHops = 0;
    },
  };
}

function meanPower(samples: Float32Array): number {
  let sum = 0;
  for (const s of samples) sum += s * s;
  return sum / samples.length;
}
