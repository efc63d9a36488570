/** What the page tells the sound worker. The worker answers nothing: its work goes to the main process and the lines. */
import type { PlaybackMemory } from '../../shared/playback-line';
import type { CaptureMemory } from './capture-line';

export type SoundMessage =
  /** Once, first. */
  | { type: 'lines'; capture: CaptureMemory; playback: PlaybackMemory; bell: SharedArrayBuffer }
  /** Two ports to the main process, in place of earlier ones. */
  | { type: 'ports'; capture: MessagePort; playback: MessagePort }
  /** Whether the context renders. */
  | { type: 'rendering'; on: boolean }
  /** Milliseconds between rendering and the loudspeaker. */
  | { type: 'latency'; outputMs: number };
