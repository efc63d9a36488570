import type { MicrophoneStatus } from '../../shared/ipc';
import { toError } from '../../shared/log';
import type { SoundControl, SoundDevices } from '../bridge';
import { soundDevicesOf } from './devices';
import { type AudioGraph, createAudioContext, createAudioGraph } from './graph';
import { createMicrophone, type MicrophoneSettings } from './microphone';
import { readableOf } from './microphone-stream';
import { createSpeakerOutput, type OutputContext } from './speaker';

/** RMS levels for the picture, 0..1. */
export interface AudioLevels {
  microphone: number;
  speaker: number;
}

/** The page's whole audio graph. Sound itself goes audio thread, sound worker, main process, past this object. */
export interface AudioEngine extends SoundControl {
  /** Hands the two ports to the sound worker; a later pair replaces an earlier one. */
  attachPorts(capture: MessagePort, playback: MessagePort): void;
  /** Opens the microphone, or lets it go. The same wish again changes nothing. */
  setMicrophone(wanted: boolean, settings: MicrophoneSettings): void;
  /** Leads the sound to an output device; '' is the system's default. */
  setSpeaker(deviceId: string): void;
  /** About 30 calls a second while there is sound. */
  onLevels(listener: (levels: AudioLevels) => void): () => void;
  /** Goes on after a pause the browser or the system imposed. The engine itself tries at every user gesture. */
  resume(): Promise<void>;
  /** Lets every device go. */
  close(): Promise<void>;
}

export interface AudioEngineOptions {
  /** `detail` is technical and never empty when something failed. */
  onMicrophoneStatus(status: MicrophoneStatus, detail: string): void;
  /** An output device that cannot be used, or an audio graph that cannot be built; technical. */
  onSpeakerProblem(detail: string): void;
}

/** How often levels are read for the picture, and the output's latency for the main process, in milliseconds. */
const LEVELS_MS = 33;
const LATENCY_MS = 1000;

const GESTURES = ['pointerdown', 'keydown'] as const;

/** Builds the audio graph of this page. */
export function createAudioEngine({ onMicrophoneStatus, onSpeakerProblem }: AudioEngineOptions): AudioEngine {
  const context = createAudioContext();
  const devices = navigator.mediaDevices;
  const lifetime = new AbortController();
  const { signal } = lifetime;
  const timers: ReturnType<typeof setInterval>[] = [];
  const levelListeners = new Set<(levels: AudioLevels) => void>();
  let wish: { wanted: boolean; settings: MicrophoneSettings } | null = null;

  const graph = createAudioGraph(context);
  // That the graph could not be built is told once, below.
  const withGraph = (use: (graph: AudioGraph) => void): void => {
    void graph.then(use, () => undefined);
  };

  const microphone = createMicrophone({
    devices,
    connect(stream) {
      const source = readableOf(stream);
      withGraph(({ tell }) => tell({ type: 'microphone', source }, [source]));
      return () => withGraph(({ tell }) => tell({ type: 'microphone', source: null }));
    },
    onStatus: onMicrophoneStatus,
  });
  const speaker = createSpeakerOutput(context as AudioContext & OutputContext, onSpeakerProblem);

  const resume = async (): Promise<void> => {
    if (context.state === 'running' || context.state === 'closed') return;
    // Without a user gesture the browser may refuse; the next gesture tries again.
    await context.resume().catch(() => undefined);
  };

  const watchLevels = ({ levels }: AudioGraph): void => {
    let last: AudioLevels = { microphone: 0, speaker: 0 };
    const look = (): void => {
      const now = levels();
      if (now.microphone === last.microphone && now.speaker === last.speaker) return;
      last = now;
      for (const listener of levelListeners) listener(now);
    };
    timers.push(setInterval(look, LEVELS_MS));
  };
  const watchLatency = ({ tell }: AudioGraph): void => {
    const look = (): void => {
      const outputMs = Math.round((context.baseLatency + context.outputLatency) * 1000);
      tell({ type: 'latency', outputMs });
    };
    timers.push(setInterval(look, LATENCY_MS));
    look();
  };

  graph.then(
    (built) => {
      const { playback, worker, tell } = built;
      const tellRendering = (): void => {
        tell({ type: 'rendering', on: context.state === 'running' });
        void resume();
      };
      context.addEventListener('statechange', tellRendering, { signal });
      playback.onprocessorerror = () => onSpeakerProblem('the audio thread stopped working');
      worker.onerror = ({ message }) => onSpeakerProblem(`the sound worker failed: ${message}`);
      tellRendering();
      watchLevels(built);
      watchLatency(built);
    },
    (cause: unknown) => {
      const detail = toError(cause).message;
      onMicrophoneStatus('failed', detail);
      onSpeakerProblem(detail);
    },
  );
  for (const gesture of GESTURES) window.addEventListener(gesture, () => void resume(), { signal });

  const list = async (): Promise<SoundDevices> => soundDevicesOf(await devices.enumerateDevices());
  const followSpeakers = async (): Promise<void> => {
    try {
      const { speakers } = await list();
      await speaker.setPresent(speakers.map(({ id }) => id));
    } catch (cause) {
      onSpeakerProblem(toError(cause).message);
    }
  };
  devices.addEventListener('devicechange', () => void followSpeakers(), { signal });

  return {
    attachPorts(capturePort, playbackPort) {
      withGraph(({ tell }) => {
        tell({ type: 'ports', capture: capturePort, playback: playbackPort }, [capturePort, playbackPort]);
      });
    },
    setMicrophone(wanted, settings) {
      if (wish && wish.wanted === wanted && (!wanted || same(wish.settings, settings))) return;
      wish = { wanted, settings };
      if (wanted) void microphone.open(settings);
      else microphone.close();
    },
    setSpeaker: (deviceId) => void speaker.setDevice(deviceId),
    onLevels(listener) {
      levelListeners.add(listener);
      return () => void levelListeners.delete(listener);
    },
    devices: list,
    onDevicesChanged(listener) {
      devices.addEventListener('devicechange', listener);
      return () => devices.removeEventListener('devicechange', listener);
    },
    retryMicrophone() {
      if (wish?.wanted) void microphone.open(wish.settings);
    },
    resume,
    async close() {
      lifetime.abort();
      for (const timer of timers) clearInterval(timer);
      microphone.dispose();
      withGraph(({ worker }) => worker.terminate());
      if (context.state !== 'closed') await context.close();
    },
  };
}

function same(a: MicrophoneSettings, b: MicrophoneSettings): boolean {
  return (
    a.deviceId === b.deviceId &&
    a.echoCancellation === b.echoCancellation &&
    a.noiseSuppression === b.noiseSuppression &&
    a.autoGainControl === b.autoGainControl
  );
}
