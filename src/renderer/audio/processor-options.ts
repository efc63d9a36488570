/** What the audio processor is made with: its line to the sound worker, and the bell that wakes the worker. */
import type { PlaybackMemory } from '../../shared/playback-line';

export interface PlaybackOptions {
  memory: PlaybackMemory;
  bell: SharedArrayBuffer;
}
