import type { Microphone } from '../client/audio';
import type { Clock } from '../client/clock';
import { CHUNK_MS, CHUNK_SAMPLES, msToSamples, type Pcm16 } from '../shared/audio';

export interface WavMicrophone extends Microphone {
  /**
   * Speaks `pcm` (24 kHz) from the next chunk on, behind what is being spoken. Resolves when its last sample was
   * delivered. Nothing is spoken before `start`.
   */
  say(pcm: Pcm16): Promise<void>;
  close(): void;
}

interface Utterance {
  pcm: Pcm16;
  position: number;
  done(): void;
}

/**
 * A microphone that hears sound from memory, in real time, and silence between. There is nothing before `start`, so
 * the pre-roll is empty. Its frames are those of `ClockSpeaker` on the same clock.
 */
export function createWavMicrophone(clock: Clock): WavMicrophone {
  let listener: (pcm: Pcm16, frame: number) => void = () => undefined;
  const utterances: Utterance[] = [];
  let startedAt: number | null = null;
  let delivered = 0;
  let cancelTick: () => void = () => undefined;

  function nextChunk(): Pcm16 {
    const chunk = new Int16Array(CHUNK_SAMPLES);
    for (let filled = 0; filled < CHUNK_SAMPLES; ) {
      const utterance = utterances[0];
      if (!utterance) break;
      const { pcm, position } = utterance;
      const part = pcm.subarray(position, position + CHUNK_SAMPLES - filled);
      chunk.set(part, filled);
      filled += part.length;
      utterance.position += part.length;
      if (utterance.position === pcm.length) utterances.shift();
    }
    return chunk;
  }

  /** Delivers what is due, so a late timer loses nothing. */
  function tick(): void {
    if (startedAt === null) return;
    const due = Math.floor((clock.now() - startedAt) / CHUNK_MS);
    while (startedAt !== null && delivered < due) {
      const frame = msToSamples(startedAt) + delivered * CHUNK_SAMPLES;
      delivered++;
      const speaking = [...utterances];
      listener(nextChunk(), frame);
      for (const utterance of speaking) if (utterance.position === utterance.pcm.length) utterance.done();
    }
    if (startedAt === null) return;
    cancelTick = clock.after(startedAt + (delivered + 1) * CHUNK_MS - clock.now(), tick);
  }

  const stop = (): void => {
    cancelTick();
    startedAt = null;
  };

  return {
    start() {
      if (startedAt !== null) return;
      startedAt = clock.now();
      delivered = 0;
      tick();
    },
    async stop() {
      stop();
    },
    // Its clock ticks for the speaker too.
    rest() {},
    // A file is never another device.
    onOpened() {},
    onChunk(next) {
      listener = next;
    },
    say: (pcm) =>
      new Promise((done) => {
        if (pcm.length === 0) done();
        else utterances.push({ pcm, position: 0, done });
      }),
    close() {
      stop();
      for (const { done } of utterances.splice(0)) done();
    },
  };
}
