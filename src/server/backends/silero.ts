import { join } from 'node:path';
import { readSileroModel, SILERO_FILE } from '../../ear/model-file';
import { pcm16ToFloat } from '../../shared/audio';
import { toError } from '../../shared/log';
import { ENGINE_SAMPLE_RATE, EngineError, VAD_FRAME_SAMPLES, type Vad, type VadStream } from './index';

export { SILERO_FILE };

/** What this file uses of sherpa-onnx-node, which ships no types. */
interface Sherpa {
  Vad: new (
    config: {
      sileroVad: {
        model: string;
        threshold: number;
        minSpeechDuration: number;
        minSilenceDuration: number;
        maxSpeechDuration: number;
        windowSize: number;
      };
      sampleRate: number;
      numThreads: number;
      provider: 'cpu';
      debug: boolean;
    },
    bufferSizeInSeconds: number,
  ) => SherpaVad;
}

interface SherpaVad {
  acceptWaveform(samples: Float32Array): void;
  isDetected(): boolean;
  isEmpty(): boolean;
  pop(): void;
  reset(): void;
}

/** Shorter than a frame, so that the detector adds no time of its own; 0 would mean its default of a quarter second and more. */
const SHORTEST_SECONDS = 0.001;

/** Seconds of unbroken speech after which the detector becomes stricter, to find an end. */
const MAX_SPEECH_SECONDS = 120;

/**
 * Detectors kept for the next time, of all thresholds together; each holds its own copy of the model, about 3 MB. As many
 * as were in use at once come back: every turn of every session takes one to tell speech from noise.
 */
const MAX_IDLE = 32;

/** Seconds of speech the detector keeps at first; it grows by itself. Nothing here reads that sound back. */
const BUFFER_SECONDS = 5;

/**
 * Silero VAD v5 on sherpa-onnx. The runtime only tells whether it detects speech, so frames score 0 or 1: 1 from the
 * second frame in a row above the threshold, 0 again from the first one that is 0.15 below it. Timing beyond that is
 * the turn detector's. Detectors of `warmThresholds` are made in advance. Rejects with an EngineError when the model file is missing or damaged or the runtime does not load.
 */
export async function createSileroVad(modelsDir: string, warmThresholds = [0.5]): Promise<Vad> {
  const model = join(modelsDir, SILERO_FILE);
  try {
    await readSileroModel(modelsDir);
  } catch (cause) {
    throw new EngineError('vad', toError(cause).message, { cause });
  }
  const sherpa = await loadSherpa();

  const make = (threshold: number): SherpaVad =>
    new sherpa.Vad(
      {
        sileroVad: {
          model,
          threshold,
          minSpeechDuration: SHORTEST_SECONDS,
          minSilenceDuration: SHORTEST_SECONDS,
          maxSpeechDuration: MAX_SPEECH_SECONDS,
          windowSize: VAD_FRAME_SAMPLES,
        },
        sampleRate: ENGINE_SAMPLE_RATE,
        numThreads: 1,
        provider: 'cpu',
        debug: false,
      },
      BUFFER_SECONDS,
    );

  /** Detectors that were closed, the latest last: making one loads the model, which holds the event loop for 42 ms. */
  const idle: Array<{ threshold: number; detector: SherpaVad }> = [];
  const open = (wanted: number): VadStream => {
    const threshold = Math.round(Math.max(0.01, Math.min(0.99, wanted)) * 100) / 100;
    const at = idle.findIndex((spare) => spare.threshold === threshold);
    const detector = idle.splice(at, at < 0 ? 0 : 1)[0]?.detector ?? make(threshold);
    return stream(detector, () => {
      idle.push({ threshold, detector });
      if (idle.length > MAX_IDLE) idle.shift();
    });
  };

  // The first inference of a process is slow; it is spent here.
  try {
    for (const threshold of warmThresholds) {
      const warm = open(threshold);
      warm.process(new Int16Array(VAD_FRAME_SAMPLES));
      warm.process(new Int16Array(VAD_FRAME_SAMPLES));
      warm.close();
    }
  } catch (cause) {
    throw new EngineError('vad', 'Voice detection could not start: sherpa-onnx refused the Silero model.', {
      cause,
    });
  }
  return { name: 'silero', open: ({ threshold }) => open(threshold) };
}

/** A detector in use; `release` is told when it is as new again. */
function stream(detector: SherpaVad, release: () => void): VadStream {
  let closed = false;
  const reset = () => {
    detector.reset();
    while (!detector.isEmpty()) detector.pop();
  };
  return {
    process(frame) {
      if (closed) throw new Error('this VAD stream is closed');
      if (frame.length !== VAD_FRAME_SAMPLES) {
        throw new RangeError(`a VAD frame has ${VAD_FRAME_SAMPLES} samples, not ${frame.length}`);
      }
      detector.acceptWaveform(pcm16ToFloat(frame));
      // Finished segments are copies of the sound; they would pile up.
      while (!detector.isEmpty()) detector.pop();
      return detector.isDetected() ? 1 : 0;
    },
    reset() {
      if (!closed) reset();
    },
    close() {
      if (closed) return;
      closed = true;
      reset();
      release();
    },
  };
}

/** Loaded late: on a platform without a prebuilt addon the import throws, and the other stages must still start. */
async function loadSherpa(): Promise<Sherpa> {
  try {
    // @ts-expect-error sherpa-onnx-node ships no types
    const namespace = (await import('sherpa-onnx-node')) as Sherpa & { default?: Sherpa };
    return namespace.default ?? namespace;
  } catch (cause) {
    throw new EngineError(
      'vad',
      `Voice detection could not start: sherpa-onnx has no working build for ${process.platform}-${process.arch}. Run "npm install" again.`,
      { cause },
    );
  }
}
