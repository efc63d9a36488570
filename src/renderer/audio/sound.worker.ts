/**
 * The sound worker: holds both ports to the main process and meets the audio thread in shared memory, so that neither the
 * audio thread nor the UI thread handles a message with sound.
 */
import type { CaptureCommand, PlaybackCommand } from '../../shared/audio-port';
import { Bell } from '../../shared/bell';
import { PlaybackDesk } from '../../shared/playback-desk';
import { waitForBell } from './bell-wait';
import { CaptureDesk } from './capture-desk';
import type { SoundMessage } from './sound-messages';

/** Nothing waits for this; it only bounds how long a lost ring could matter. */
const IDLE_MS = 1000;

interface Desks {
  capture: CaptureDesk;
  playback: PlaybackDesk;
  bell: Bell;
}

let desks: Desks | null = null;
let ports: MessagePort[] = [];

function open(message: Extract<SoundMessage, { type: 'lines' }>): Desks {
  return {
    capture: new CaptureDesk(message.capture),
    playback: new PlaybackDesk(message.playback, () => performance.now()),
    bell: new Bell(message.bell),
  };
}

/** Serves both desks whenever the audio thread rings, and when the playback desk wants to be called. */
async function serve({ capture, playback, bell }: Desks): Promise<never> {
  for (;;) {
    const { count } = bell;
    capture.pump();
    const waitMs = playback.pump();
    await waitForBell(bell, count, Math.min(IDLE_MS, waitMs ?? IDLE_MS));
  }
}

function attach(
  { capture, playback, bell }: Desks,
  capturePort: MessagePort,
  playbackPort: MessagePort,
): void {
  for (const port of ports) port.close();
  ports = [capturePort, playbackPort];
  capture.attach((event) => capturePort.postMessage(event));
  playback.attach((event) => playbackPort.postMessage(event));
  capturePort.onmessage = ({ data }: MessageEvent<CaptureCommand>) => capture.obey(data);
  playbackPort.onmessage = ({ data }: MessageEvent<PlaybackCommand>) => {
    playback.obey(data);
    // One that waits for a moment makes `serve` set its timer.
    if (playback.pump() !== null) bell.ring();
  };
  playback.pump();
}

addEventListener('message', ({ data }: MessageEvent<SoundMessage>) => {
  if (data.type === 'lines') {
    desks = open(data);
    serve(desks).catch(reportError);
    return;
  }
  if (!desks) throw new Error('the sound worker has no lines yet');
  switch (data.type) {
    case 'ports':
      attach(desks, data.capture, data.playback);
      break;
    case 'rendering':
      desks.playback.setRendering(data.on);
      desks.playback.pump();
      break;
    case 'latency':
      desks.playback.setOutputLatency(data.outputMs);
      break;
    default:
      data satisfies never;
  }
});
