import { type Pcm16, samplesToMs } from '../shared/audio';
import { type Logger, toError } from '../shared/log';
import { loadSilero } from '../silero';
import { LIKENESS_REFERENCE, LIKENESS_SAMPLES } from './answer-search';
import { toDb } from './bands';
import { createDownsampler } from './downsample';
import { createEchoGuard } from './echo-guard';
import { createEchoLikeness } from './echo-likeness';
import type { Ear, Hearing } from './index';
import { createLevelGate } from './level-gate';
import { EAR_RATE, ECHO, GATE, HOP_SAMPLES } from './parameters';
import { createReferenceTrack, positionOf } from './reference-track';
import { createSpeechProbability, type SpeechProbability } from './speech-probability';
import { NO_STRETCH, nextStretch } from './stretch';
import { createVoiceDecision } from './voice-decision';
import { createVoicingProbability } from './voicing';
import { createWordlessness } from './wordless';

export interface EarOptions {
  /** The folder with the voice detection model. */
  modelsDir: string;
  log: Logger;
}

/** Samples at 16 kHz by which a chunk may be away from where it is expected; more is a gap. */
const DRIFT = EAR_RATE / 500;

/**
 * The ear with the Silero network, computed here. Without a usable model file it resolves too, hears by pitch alone
 * and says so in its name and the log.
 */
export async function createEar({ modelsDir, log }: EarOptions): Promise<Ear> {
  try {
    return assemble('silero', createSpeechProbability(await loadSilero(modelsDir)));
  } catch (cause) {
    log.warn('voice detection model cannot be used, listening by pitch', { error: toError(cause) });
    return assemble('pitch', createVoicingProbability());
  }
}

function assemble(name: string, speech: SpeechProbability): Ear {
  const track = createReferenceTrack();
  const downsampler = createDownsampler();
  const highPass = createHighPass();
  const gate = createLevelGate();
  const guard = createEchoGuard();
  const decision = createVoiceDecision();
  const wordless = createWordlessness();
  let stretch = NO_STRETCH;
  let isWordless = false;
  let quietMs: number = GATE.holdMs;

  let incoming = new Float32Array(2048);
  let filled = 0;
  /** Position of the first sample in `incoming`. */
  let position = Number.NaN;
  const mic = new Float32Array(HOP_SAMPLES);
  const reference = new Float32Array(HOP_SAMPLES);
  const clean = new Float32Array(HOP_SAMPLES);
  const likeness = createEchoLikeness();
  const recent = new Float32Array(LIKENESS_SAMPLES);
  const recentMic = new Float32Array(LIKENESS_SAMPLES);
  let delayMs = 0;
  const answer = new Float32Array(LIKENESS_REFERENCE);

  const forgetSound = () => {
    downsampler.reset();
    highPass.reset();
    guard.resetSound();
    recent.fill(0);
    recentMic.fill(0);
    speech.reset();
    decision.reset();
    wordless.begin();
    stretch = NO_STRETCH;
    quietMs = GATE.holdMs;
    filled = 0;
  };

  const sounds = () => {
    track.read(position - (EAR_RATE * ECHO.leastDelayMs) / 1000 - LIKENESS_REFERENCE, answer);
    return { mic: recentMic, reference: answer, end: position };
  };

  /** How far what was heard last is to be doubted; what is our own answer is learned from. */
  const neededMs = (echo: boolean) => {
    const { young, silent } = guard;
    const ms = likeness.neededMs(sounds(), recent, { young, echo, silent });
    if (ms === Number.POSITIVE_INFINITY) {
      guard.concede();
      speech.sleep();
    }
    return ms;
  };

  /** The canceller's input, not its output: there the echo is plainest. */
  const learnDelay = (chunkMs: number) => {
    delayMs += chunkMs;
    if (delayMs < ECHO.delayEveryMs || toDb(meanPower(recentMic)) < GATE.floorDb) return;
    delayMs = 0;
    likeness.learn(sounds());
  };

  const take = (pcm: Pcm16, frame: number) => {
    const expected = position + filled;
    const actual = positionOf(frame);
    if (!(Math.abs(actual - expected) <= DRIFT)) {
      forgetSound();
      position = actual;
    }
    if (filled + pcm.length > incoming.length) {
      const larger = new Float32Array(filled + pcm.length);
      larger.set(incoming);
      incoming = larger;
    }
    const count = downsampler.push(pcm, incoming, filled);
    highPass.apply(incoming.subarray(filled, filled + count));
    filled += count;
  };

  return {
    name,
    hear(pcm, frame): Hearing {
      take(pcm, frame);
      const voiceBefore = decision.voice;
      let open = false;
      let referenced = false;
      let echo = false;
      let wary = false;
      let at = 0;
      for (; at + HOP_SAMPLES <= filled; at += HOP_SAMPLES) {
        mic.set(incoming.subarray(at, at + HOP_SAMPLES));
        track.read(position + at - (EAR_RATE * ECHO.leastDelayMs) / 1000, reference);
        const active = position + at - track.end() < (EAR_RATE * ECHO.tailMs) / 1000;
        const heard = guard.process(mic, reference, active, voiceBefore, clean);
        const loud = heard.evidence && gate.open(meanPower(clean));
        open ||= loud;
        referenced ||= heard.reference;
        echo ||= heard.echo;
        wary ||= heard.wary;
        decision.evidence(heard.evidence);
        if (loud || voiceBefore) wordless.take(guard.powers);
        speech.push(clean);
        recentMic.copyWithin(0, HOP_SAMPLES);
        recentMic.set(mic, LIKENESS_SAMPLES - HOP_SAMPLES);
        recent.copyWithin(0, HOP_SAMPLES);
        recent.set(clean, LIKENESS_SAMPLES - HOP_SAMPLES);
      }
      incoming.copyWithin(0, at, filled);
      filled -= at;
      position += at;

      const chunkMs = samplesToMs(pcm.length);
      if (referenced) learnDelay(chunkMs);
      quietMs = open ? 0 : quietMs + chunkMs;
      const listening = quietMs < (referenced ? ECHO.holdMs : GATE.holdMs);
      const probability = listening ? speech.ask() : 0;
      if (!listening) speech.sleep();
      const sound = decision.next({
        open,
        probability,
        referenced,
        silent: guard.silent && !echo,
        wary,
        neededMs: () => neededMs(echo),
        chunkMs,
      });
      stretch = nextStretch(stretch, sound, chunkMs);
      if (stretch.lengthMs > 0) isWordless = wordless.verdict();
      else wordless.begin();
      return {
        sound,
        stretchMs: stretch.lengthMs,
        voiceMs: stretch.voiceMs,
        wordless: isWordless,
        echo,
      };
    },
    reference: (pcm, frame) => track.write(pcm, frame),
    forgetRoom() {
      likeness.forget();
      guard.forgetRoom();
    },
    reset() {
      forgetSound();
      track.reset();
      position = Number.NaN;
    },
  };
}

/** Takes away rumble below a voice's lowest tone, in place. */
function createHighPass() {
  const keep = Math.exp((-2 * Math.PI * 70) / EAR_RATE);
  let input = 0;
  let output = 0;
  return {
    apply(samples: Float32Array) {
      for (let i = 0; i < samples.length; i++) {
        const x = samples[i] as number;
        output = keep * (output + x - input);
        input = x;
        samples[i] = output;
      }
    },
    reset() {
      input = 0;
      output = 0;
    },
  };
}

function meanPower(samples: Float32Array): number {
  let sum = 0;
  for (const s of samples) sum += s * s;
  return sum / samples.length;
}
