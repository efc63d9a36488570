/** The main process's ends of the two audio ports, as the Microphone and Speaker a conversation needs. */
import type { Microphone, Speaker } from '../client/audio';
import { CHUNK_SAMPLES, type Pcm16, pcm16ToBytes } from '../shared/audio';
import type {
  CaptureCommand,
  CaptureEvent,
  HeardItem,
  PlaybackCommand,
  PlaybackEvent,
} from '../shared/audio-port';

/** What of Electron's MessagePortMain is used. */
export interface AudioPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  start(): void;
  close(): void;
}

/** Told of everything that crosses the ports, for recordings. */
export interface AudioObserver {
  onCapture(event: CaptureEvent): void;
  onPlayback(event: PlaybackEvent): void;
  onFlush(flushId: number): void;
  /** The other commands by which an answer becomes soft or silent, and sounds again. */
  onVoicing(command: Extract<PlaybackCommand, { type: 'duck' | 'hold' | 'resume' }>): void;
}

export interface AudioPorts {
  microphone: Microphone;
  speaker: Speaker;
  /** Milliseconds between rendering and the loudspeaker, as the page last said; 0 before it did. */
  readonly outputMs: number;
  /** Takes the near ends of two new channels; the far ends go to the page's sound worker. */
  connect(capture: AudioPort, playback: AudioPort): void;
  /** The page is gone: whoever waits for its answer gets an empty one. */
  disconnect(): void;
}

/** A flush or hold that is not answered in this time is answered empty: the audio thread is gone or has no device. */
const SILENCE_TIMEOUT_MS = 1000;
const STOP_TIMEOUT_MS = 1000;

export function createAudioPorts(observer: AudioObserver | null): AudioPorts {
  const capture = createCapturePort(observer);
  const playback = createPlaybackPort(observer);
  return {
    microphone: capture.microphone,
    speaker: playback.speaker,
    get outputMs() {
      return playback.outputMs;
    },
    connect(capturePort, playbackPort) {
      capture.attach(capturePort);
      playback.attach(playbackPort);
    },
    disconnect() {
      capture.attach(null);
      playback.attach(null);
    },
  };
}

function createCapturePort(observer: AudioObserver | null) {
  let port: AudioPort | null = null;
  let onChunk: (pcm: Pcm16, frame: number) => void = () => undefined;
  let onOpened: () => void = () => undefined;
  /** The last command, sent again to a page that comes later. */
  let wanted: Exclude<CaptureCommand, { type: 'rest' }> = { type: 'stop' };
  let resting = false;
  let stopped: (() => void) | null = null;

  const deliver = (pcm: Pcm16, frame: number): void => {
    for (let at = 0; at < pcm.length; at += CHUNK_SAMPLES) {
      onChunk(pcm.subarray(at, at + CHUNK_SAMPLES), frame + at);
    }
  };
  const receive = (event: CaptureEvent): void => {
    observer?.onCapture(event);
    switch (event.type) {
      case 'ready':
        onOpened();
        // The pre-roll of a new page is empty, so starting again repeats nothing.
        if (wanted.type !== 'start') return;
        port?.postMessage(wanted);
        if (resting) port?.postMessage({ type: 'rest', on: true } satisfies CaptureCommand);
        return;
      case 'chunk':
        deliver(new Int16Array(event.audio), event.frame);
        return;
      case 'stopped':
        stopped?.();
        return;
      default:
        event satisfies never;
    }
  };

  const microphone: Microphone = {
    start(preRollMs) {
      wanted = { type: 'start', preRollMs };
      resting = false;
      port?.postMessage(wanted);
    },
    stop() {
      if (wanted.type === 'stop') return Promise.resolve();
      wanted = { type: 'stop' };
      resting = false;
      if (!port) return Promise.resolve();
      port.postMessage(wanted);
      return new Promise((resolve) => {
        const timer = setTimeout(() => stopped?.(), STOP_TIMEOUT_MS);
        stopped = () => {
          clearTimeout(timer);
          stopped = null;
          resolve();
        };
      });
    },
    rest(on) {
      if (wanted.type === 'stop' || on === resting) return;
      resting = on;
      port?.postMessage({ type: 'rest', on } satisfies CaptureCommand);
    },
    onOpened(listener) {
      onOpened = listener;
    },
    onChunk(listener) {
      onChunk = listener;
    },
  };

  return {
    microphone,
    attach(next: AudioPort | null): void {
      port?.close();
      port = next;
      stopped?.();
      port?.on('message', ({ data }) => receive(data as CaptureEvent));
      port?.start();
    },
  };
}

/** Answers that are waited for, by id. An answer that does not come in time is empty. */
function createAnswers() {
  let lastId = 0;
  const waiting = new Map<number, (items: HeardItem[]) => void>();
  const answer = (id: number, items: HeardItem[]): void => waiting.get(id)?.(items);
  return {
    answer,
    answerAll(): void {
      for (const id of [...waiting.keys()]) answer(id, []);
    },
    ask(post: (id: number) => void): Promise<HeardItem[]> {
      const id = ++lastId;
      return new Promise((resolve) => {
        const timer = setTimeout(() => answer(id, []), SILENCE_TIMEOUT_MS);
        waiting.set(id, (items) => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(items);
        });
        post(id);
      });
    },
  };
}

function createPlaybackPort(observer: AudioObserver | null) {
  let port: AudioPort | null = null;
  let onStarted: (itemId: string) => void = () => undefined;
  let onFinished: (heard: HeardItem) => void = () => undefined;
  let onRendered: ((pcm: Pcm16, frame: number) => void) | null = null;
  let outputMs = 0;
  const flushes = createAnswers();
  const holds = createAnswers();

  const post = (command: PlaybackCommand): void => port?.postMessage(command);
  const voice = (command: Parameters<AudioObserver['onVoicing']>[0]): void => {
    observer?.onVoicing(command);
    post(command);
  };

  const receive = (event: PlaybackEvent): void => {
    observer?.onPlayback(event);
    switch (event.type) {
      case 'ready':
        if (observer || onRendered) post({ type: 'record', on: true });
        return;
      case 'started':
        onStarted(event.itemId);
        return;
      case 'finished':
        onFinished(event.heard);
        return;
      case 'flushed':
        flushes.answer(event.flushId, event.items);
        return;
      case 'held':
        holds.answer(event.holdId, event.items);
        return;
      case 'rendered':
        onRendered?.(new Int16Array(event.audio), event.frame);
        return;
      case 'latency':
        outputMs = event.outputMs;
        return;
      case 'underrun':
        return;
      default:
        event satisfies never;
    }
  };

  const speaker: Speaker = {
    play(itemId, contentIndex, pcm) {
      // A copy: a buffer shared with a larger one would be posted whole.
      const audio = pcm16ToBytes(pcm).slice().buffer;
      post({ type: 'play', itemId, contentIndex, audio });
    },
    end: (itemId) => post({ type: 'end', itemId }),
    async flush() {
      if (!port) return [];
      return flushes.ask((flushId) => {
        observer?.onFlush(flushId);
        post({ type: 'flush', flushId });
      });
    },
    duck: (on) => voice({ type: 'duck', on }),
    async hold() {
      if (!port) return [];
      return holds.ask((holdId) => voice({ type: 'hold', holdId }));
    },
    resume: () => voice({ type: 'resume' }),
    onRendered(listener) {
      const first = onRendered === null && !observer;
      onRendered = listener;
      if (first) post({ type: 'record', on: true });
    },
    onStarted(listener) {
      onStarted = listener;
    },
    onFinished(listener) {
      onFinished = listener;
    },
  };

  return {
    speaker,
    get outputMs() {
      return outputMs;
    },
    attach(next: AudioPort | null): void {
      port?.close();
      port = next;
      outputMs = 0;
      flushes.answerAll();
      holds.answerAll();
      port?.on('message', ({ data }) => receive(data as PlaybackEvent));
      port?.start();
    },
  };
}
