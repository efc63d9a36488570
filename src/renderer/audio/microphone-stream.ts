import type { CapturedData } from './microphone-reader';

/** In Chromium since 94; in no type library, because other browsers have it in workers only. */
declare const MediaStreamTrackProcessor: new (init: {
  track: MediaStreamTrack;
  maxBufferSize: number;
}) => { readable: ReadableStream<CapturedData> };

/** Pieces of 10 ms that may wait for the sound worker: 5 s. */
const MAX_WAITING = 500;

/**
 * What the microphone of `stream` gives, as a stream that can be handed to a worker. A source node of an audio context
 * would not do: what waits in it when the audio thread was late stays in it, so that from the first stall on the
 * microphone is up to 100 ms late for good.
 */
export function readableOf(stream: MediaStream): ReadableStream<CapturedData> {
  const [track] = stream.getAudioTracks();
  if (!track) throw new Error('the stream holds no audio track');
  return new MediaStreamTrackProcessor({ track, maxBufferSize: MAX_WAITING }).readable;
}
