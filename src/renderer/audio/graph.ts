import { SAMPLE_RATE } from '../../shared/audio';
import { Bell } from '../../shared/bell';
import { allocatePlaybackMemory, GAUGE } from '../../shared/playback-line';
// Vite bundles each worklet and worker with what it imports into one file of its own and gives its address.
import captureUrl from './capture.worklet.ts?worker&url';
import { allocateCaptureMemory, CAPTURE_GAUGE } from './capture-line';
import playbackUrl from './playback.worklet.ts?worker&url';
import type { CaptureOptions, PlaybackOptions } from './processor-options';
import soundUrl from './sound.worker.ts?worker&url';
import type { SoundMessage } from './sound-messages';

/** The two worklet nodes, in one context, so that captured and played frames count on one clock, and their worker. */
export interface AudioGraph {
  capture: AudioWorkletNode;
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
 * Loads the worklets, starts the sound worker and joins the playback node to the output. Rejects when something of that
 * is not to be had.
 */
export async function createAudioGraph(context: AudioContext): Promise<AudioGraph> {
  if (context.sampleRate !== SAMPLE_RATE) {
    throw new Error(`the audio context runs at ${context.sampleRate} Hz, not at ${SAMPLE_RATE} Hz`);
  }
  if (!crossOriginIsolated) throw new Error('the page has no shared memory: it is not cross-origin isolated');
  await Promise.all([
    context.audioWorklet.addModule(captureUrl),
    context.audioWorklet.addModule(playbackUrl),
  ]);
  const bell = Bell.allocate();
  const captureMemory = allocateCaptureMemory();
  const playbackMemory = allocatePlaybackMemory();
  const worker = new Worker(soundUrl, { type: 'module', name: 'sound' });
  const tell = (message: SoundMessage, transfer: Transferable[] = []): void =>
    worker.postMessage(message, transfer);
  tell({ type: 'lines', capture: captureMemory, playback: playbackMemory, bell });

  const capture = new AudioWorkletNode(context, 'parley-capture', {
    numberOfInputs: 1,
    numberOfOutputs: 0,
    channelCount: 1,
    channelCountMode: 'explicit',
    processorOptions: { memory: captureMemory, bell } satisfies CaptureOptions,
  });
  const playback = new AudioWorkletNode(context, 'parley-playback', {
    numberOfInputs: 0,
    numberOfOutputs: 1,
    outputChannelCount: [1],
    processorOptions: { memory: playbackMemory, bell } satisfies PlaybackOptions,
  });
  playback.connect(context.destination);
  const captureGauges = new Float64Array(captureMemory.gauges);
  const playbackGauges = new Float64Array(playbackMemory.gauges);
  return {
    capture,
    playback,
    worker,
    levels: () => ({
      microphone: captureGauges[CAPTURE_GAUGE.level] as number,
      speaker: playbackGauges[GAUGE.level] as number,
    }),
    tell,
  };
}
