import { ECHO, VOICE } from './parameters';
import { PAUSE_MS } from './pause';

/** What one chunk tells. */
export interface ChunkEvidence {
  /** It is louder than the background, and our answer does not explain it. */
  open: boolean;
  /** 0..1 that speech is in its last 32 ms. */
  probability: number;
  /** Our own answer may be in it. */
  referenced: boolean;
  /** The microphone carries no echo of it as a rule: what is heard is a voice or the answer whole, and `neededMs` tells which. */
  silent: boolean;
  /** Evidence must be plain. */
  wary: boolean;
  /** Asked of a voice that is new: the milliseconds it must last to be believed; Infinity when it is our own answer. */
  neededMs(): number;
  chunkMs: number;
}

/** Nothing, likely a voice, or a voice. */
export interface VoiceDecision {
  /** Notes for one hop whether something else than our answer was in it. */
  evidence(found: boolean): void;
  next(chunk: ChunkEvidence): 'none' | 'likely' | 'voice';
  readonly voice: boolean;
  reset(): void;
}

export function createVoiceDecision(): VoiceDecision {
  let voice = false;
  /** The last eight hops, one bit each. */
  let hops = 0;
  /** Milliseconds of sound in which nothing looked like a voice. */
  let doubtMs = 0;
  let quietMs = 0;
  let voicedMs = 0;

  /** Whether there was enough evidence lately of something else than our answer. */
  const isOther = (wary: boolean) => {
    let count = 0;
    for (let bits = hops; bits !== 0; bits >>= 1) count += bits & 1;
    return count >= (wary ? ECHO.hopsOfEightWary : ECHO.hopsOfEight);
  };

  return {
    get voice() {
      return voice;
    },
    evidence(found) {
      hops = ((hops << 1) | (found ? 1 : 0)) & 0xff;
    },
    next({ open, probability, referenced, silent, wary, neededMs: ask, chunkMs }) {
      const possible = open && (!referenced || isOther(wary));
      const on = referenced && !silent ? VOICE.onDuringReference : VOICE.on;
      if (voice) voice = probability >= VOICE.off && (!referenced || hops !== 0);
      else voice = possible && probability >= on;
      voicedMs = voice ? voicedMs + chunkMs : 0;
      const neededMs = voice && referenced && voicedMs <= ECHO.checkMs ? ask() : 0;
      if (neededMs === Number.POSITIVE_INFINITY) {
        voice = false;
        voicedMs = 0;
        hops = 0;
        return 'none';
      }
      quietMs = open ? 0 : quietMs + chunkMs;
      if (probability > VOICE.doubt || quietMs >= PAUSE_MS) doubtMs = 0;
      else if (open) doubtMs += chunkMs;
      if (voice) return voicedMs <= neededMs ? 'likely' : 'voice';
      return possible && doubtMs <= VOICE.doubtMs ? 'likely' : 'none';
    },
    reset() {
      voice = false;
      hops = 0;
      doubtMs = 0;
      quietMs = 0;
      voicedMs = 0;
    },
  };
}
