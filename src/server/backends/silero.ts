import { toError } from '../../shared/log';
import {
  CONTEXT_SAMPLES,
  createNetworkState,
  loadSilero,
  type SileroNetwork,
  WINDOW_SAMPLES,
} from '../../silero';
import { EngineError, VAD_FRAME_SAMPLES, type Vad, type VadStream } from './index';

/**
 * Silero VAD v5, one network for all sessions: a stream is 1.3 kB of memory and opening it costs nothing. Rejects with
 * an EngineError when the model file is missing or damaged.
 */
export async function createSileroVad(modelsDir: string): Promise<Vad> {
  let network: SileroNetwork;
  try {
    network = await loadSilero(modelsDir);
  } catch (cause) {
    throw new EngineError('vad', toError(cause).message, { cause });
  }
  // The first windows of a process are slow, until they are compiled; they are spent here.
  const warm = openStream(network);
  for (let i = 0; i < WARM_UP_FRAMES; i++) warm.process(new Int16Array(VAD_FRAME_SAMPLES));
  return { name: 'silero', open: () => openStream(network) };
}

const WARM_UP_FRAMES = 1;

function openStream(network: SileroNetwork): VadStream {
  const state = createNetworkState();
  const sound = new Float32Array(CONTEXT_SAMPLES + WINDOW_SAMPLES);
  let closed = false;
  return {
    process(frame) {
      if (closed) throw new Error('this VAD stream is closed');
      if (frame.length !== VAD_FRAME_SAMPLES) {
        throw new RangeError(`a VAD frame has ${VAD_FRAME_SAMPLES} samples, not ${frame.length}`);
      }
      sound.copyWithin(0, WINDOW_SAMPLES);
      for (let i = 0; i < WINDOW_SAMPLES; i++) sound[CONTEXT_SAMPLES + i] = (frame[i] as number) / 0x8000;
      return network.score(sound, state, state);
    },
    reset() {
      state.hidden.fill(0);
      state.cell.fill(0);
      sound.fill(0);
    },
    close() {
      closed = true;
    },
  };
}
