import type { Pcm16 } from '../../shared/audio';
import { toError } from '../../shared/log';
import {
  CONTEXT_SAMPLES,
  createNetworkState,
  loadSilero,
  type SileroNetwork,
  WINDOW_SAMPLES,
} from '../../silero';
import { EngineError, VAD_FRAME_SAMPLES, type Vad, type VadStream } from './index';

/** Samples up to this (of 32768) are silence: a muted microphone, or G.711's nothing. No voice is as soft. */
const SILENT = 8;

/** Silent frames in a row, one second, after which what the network remembers is silence and nothing else. */
const SILENT_FRAMES = 31;

/** The first inferences of a process take 7 ms each, until they are compiled; they are spent at the start. */
const WARM_UP_FRAMES = 8;

/**
 * Silero VAD v5: its network is loaded once, for all sessions. Rejects with an EngineError when the model file is
 * missing or damaged.
 */
export async function createSileroVad(modelsDir: string): Promise<Vad> {
  try {
    const vad = sileroVad(await loadSilero(modelsDir));
    const warm = vad.open();
    for (let i = 0; i < WARM_UP_FRAMES; i++) warm.process(new Int16Array(VAD_FRAME_SAMPLES));
    return vad;
  } catch (cause) {
    throw new EngineError('vad', toError(cause).message, { cause });
  }
}

/** Each stream is a state of its own on `network`, 3 kB, and opens at once. */
export function sileroVad(network: SileroNetwork): Vad {
  return { name: 'silero', open: () => openStream(network) };
}

function openStream(network: SileroNetwork): VadStream {
  const state = createNetworkState();
  const sound = new Float32Array(CONTEXT_SAMPLES + WINDOW_SAMPLES);
  let silentFrames = 0;
  let closed = false;
  return {
    process(frame) {
      if (closed) throw new Error('this VAD stream is closed');
      if (frame.length !== VAD_FRAME_SAMPLES) {
        throw new RangeError(`a VAD frame has ${VAD_FRAME_SAMPLES} samples, not ${frame.length}`);
      }
      silentFrames = isSilent(frame) ? silentFrames + 1 : 0;
      if (silentFrames > SILENT_FRAMES) return 0;
      sound.copyWithin(0, WINDOW_SAMPLES);
      for (let i = 0; i < WINDOW_SAMPLES; i++) sound[CONTEXT_SAMPLES + i] = (frame[i] as number) / 0x8000;
      return network.score(sound, state, state);
    },
    reset() {
      state.hidden.fill(0);
      state.cell.fill(0);
      sound.fill(0);
      silentFrames = 0;
    },
    close() {
      closed = true;
    },
  };
}

function isSilent(frame: Pcm16): boolean {
  for (const sample of frame) if (sample > SILENT || sample < -SILENT) return false;
  return true;
}
