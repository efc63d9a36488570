/** How likely it is that the last 32 ms hold speech, asked at any time and not only where windows happen to end. */
import { CONTEXT_SAMPLES, createNetworkState, type SileroNetwork, WINDOW_SAMPLES } from '../silero';
import { GAIN, GATE, HOP_MS, HOP_SAMPLES } from './parameters';

const SEEN = CONTEXT_SAMPLES + WINDOW_SAMPLES;
const KEPT = SEEN + (GATE.wakeMs / HOP_MS) * HOP_SAMPLES;

export interface SpeechProbability {
  /** Takes the next hop; costs nothing while asleep. */
  push(hop: Float32Array): void;
  /** Probability (0..1) for the sound so far; wakes the network. */
  ask(): number;
  /** Nothing is to be heard: the network rests until it is asked again. */
  sleep(): void;
  reset(): void;
}

/**
 * Windows follow one another in the network's memory, as it was trained; besides, `ask` shows it the very last window
 * without keeping what it makes of it. So a voice is seen within one hop of when it can be, not within one window.
 */
export function createSpeechProbability(network: SileroNetwork): SpeechProbability {
  const sound = new Float32Array(KEPT);
  const scaled = new Float32Array(SEEN);
  const memory = createNetworkState();
  const glimpse = createNetworkState();
  let awake = false;
  /** Samples that came since the end of the last window kept. */
  let pending = 0;
  let peak = 0;
  const fade = 10 ** ((-GAIN.fadeDbPerSecond * HOP_MS) / 1000 / 20);

  const score = (end: number, into: typeof memory): number => {
    const gain = Math.min(GAIN.most, Math.max(1, GAIN.target / Math.max(peak, 1e-4)));
    for (let i = 0; i < SEEN; i++) scaled[i] = (sound[end - SEEN + i] as number) * gain;
    return network.score(scaled, memory, into);
  };

  const wake = () => {
    awake = true;
    memory.hidden.fill(0);
    memory.cell.fill(0);
    pending = Math.floor((KEPT - SEEN) / WINDOW_SAMPLES) * WINDOW_SAMPLES;
  };

  return {
    push(hop) {
      sound.copyWithin(0, hop.length);
      sound.set(hop, KEPT - hop.length);
      let most = 0;
      for (const s of hop) most = Math.max(most, Math.abs(s));
      peak = Math.max(most, peak * fade);
      if (awake) pending = Math.min(KEPT - SEEN, pending + hop.length);
    },
    ask() {
      if (!awake) wake();
      let last = -1;
      for (; pending >= WINDOW_SAMPLES; pending -= WINDOW_SAMPLES) {
        last = score(KEPT - pending + WINDOW_SAMPLES, memory);
      }
      return Math.max(last, pending === 0 && last >= 0 ? last : score(KEPT, glimpse));
    },
    sleep() {
      awake = false;
    },
    reset() {
      awake = false;
      sound.fill(0);
      peak = 0;
    },
  };
}
