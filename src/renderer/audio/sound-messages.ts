/** What the page tells the sound worker. The worker answers nothing: its work goes to the main process and the lines. */
import type { PlaybackMemory } from '../../shared/playback-line';
import type { CapturedData } from './microphone-reader';

export type SoundMessage =
  /** Once, first. */
  | { type: 'lines'; microphoneLevel: SharedArrayBuffer; playback: PlaybackMemory; bell: SharedArrayBuffer }
  /** Two ports to the main process, in place of earlier ones. */
  | { type: 'ports'; capture: MessagePort; playback: MessagePort }
  /** The microphone that was opened, in place of an earlier one; null when it was let go. */
  | { type: 'microphone'; source: ReadableStream<CapturedData> | null }
  /** Whether the context renders. */
  | { type: 'rendering'; on: boolean }
  /** Milliseconds between rendering and the loudspeaker. */
  | { type: 'latency'; outputMs: number };
