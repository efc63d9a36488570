import { SAMPLE_RATE } from '../../shared/audio';
// Vite bundles each worklet with what it imports into one file of its own and gives its address.
import captureUrl from './capture.worklet.ts?worker&url';
import playbackUrl from './playback.worklet.ts?worker&url';

/** The two worklet nodes, in one context, so that captured and played frames count on one clock. */
export interface AudioGraph {
  capture: AudioWorkletNode;
  playback: AudioWorkletNode;
}

/** A context at 24 kHz: Chromium resamples between it and the devices. */
export function createAudioContext(): AudioContext {
  return new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' });
}

/** Loads the worklets and joins the playback node to the output. Rejects when a worklet cannot be loaded. */
export async function createAudioGraph(context: AudioContext): Promise<AudioGraph> {
  if (context.sampleRate !== SAMPLE_RATE) {
    throw new Error(`the audio context runs at ${context.sampleRate} Hz, not at ${SAMPLE_RATE} Hz`);
  }
  await Promise.all([
    context.audioWorklet.addModule(captureUrl),
    context.audioWorklet.addModule(playbackUrl),
  ]);
  const capture = new AudioWorkletNode(context, 'parley-capture', {
    numberOfInputs: 1,
    numberOfOutputs: 0,
    channelCount: 1,
    channelCountMode: 'explicit',
  });
  const playback = new AudioWorkletNode(context, 'parley-playback', {
    numberOfInputs: 0,
    numberOfOutputs: 1,
    outputChannelCount: [1],
  });
  playback.connect(context.destination);
  return { capture, playback };
}
