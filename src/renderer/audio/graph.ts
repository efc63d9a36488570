import { SAMPLE_RATE } from '../../shared/audio';
import { Bell } from '../../shared/bell';
import { allocatePlaybackMemory, GAUGE } from '../../shared/playback-line';
// Vite bundles the worklet and the worker with what it imports into one file of its own each and gives its address.
import playbackUrl from './playback.worklet.ts?worker&url';
import type { PlaybackOptions } from './processor-options';
import soundUrl from './sound.worker.ts?worker&url';
import type { SoundMessage } from './sound-messages';

/** The loudspeaker's node and the sound worker, which meet in shared memory. */
export interface AudioGraph {
  playback: AudioWorkletNode;
  worker: Worker;
  /** RMS levels now, 0..1; read from shared memory. */
  levels(): { microphone: number; speaker: number };
  tell(message: SoundMessage, transfer?: Transferable[]): void;
}

/** A context at 24 kHz: Chromium resamples between it and the devices. */
export function createAudioContext(): AudioContext {
  return new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' });
}

/**
 * Loads the worklet, starts the sound worker and joins the playback node to the output. Rejects when something of that
 * is not to be had.
 */
export async function createAudioGraph(context: AudioContext): Promise<AudioGraph> {
  if (context.sampleRate !== SAMPLE_RATE) {
    throw new Error(`the audio context runs at ${context.sampleRate} Hz, not at ${SAMPLE_RATE} Hz`);
  }
  if (!crossOriginIsolated) throw new Error('the page has no shared memory: it is not cross-origin isolated');
  await context.audioWorklet.addModule(playbackUrl);
  const bell = Bell.allocate();
  const microphoneLevel = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  const playbackMemory = allocatePlaybackMemory();
  const worker = new Worker(soundUrl, { type: 'module', name: 'sound' });
  const tell = (message: SoundMessage, transfer: Transferable[] = []): void =>
    worker.postMessage(message, transfer);
  tell({ type: 'lines', microphoneLevel, playback: playbackMemory, bell });

  const playback = new AudioWorkletNode(context, 'parley-playback', {
    numberOfInputs: 0,
    numberOfOutputs: 1,
    outputChannelCount: [1],
    processorOptions: { memory: playbackMemory, bell } satisfies PlaybackOptions,
  });
  playback.connect(context.destination);
  const microphoneGauge = new Float64Array(microphoneLevel);
  const playbackGauges = new Float64Array(playbackMemory.gauges);
  return {
    playback,
    worker,
    levels: () => ({
      microphone: microphoneGauge[0] as number,
      speaker: playbackGauges[GAUGE.level] as number,
    }),
    tell,
  };
}
