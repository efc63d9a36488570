/** What each audio processor is made with: its line to the sound worker, and the bell that wakes the worker. */
import type { PlaybackMemory } from '../../shared/playback-line';
import type { CaptureMemory } from './capture-line';

export interface CaptureOptions {
  memory: CaptureMemory;
  bell: SharedArrayBuffer;
}

export interface PlaybackOptions {
  memory: PlaybackMemory;
  bell: SharedArrayBuffer;
}
