/**
 * The sound worker: holds both ports to the main process and meets the audio thread in shared memory, and reads the
 * microphone, so that neither the audio thread nor the UI thread handles a message with sound.
 */
import type { CaptureCommand, PlaybackCommand } from '../../shared/audio-port';
import { Bell } from '../../shared/bell';
import { PlaybackDesk } from '../../shared/playback-desk';
import { GAUGE } from '../../shared/playback-line';
import { waitForBell } from './bell-wait';
import { CaptureClock } from './capture-clock';
import { CaptureDesk } from './capture-desk';
import { LevelMeter } from './level-meter';
import { createMicrophoneReader, type MicrophoneReader } from './microphone-reader';
import type { SoundMessage } from './sound-messages';

/** Pieces of 10 ms in one reading of the microphone's level. */
const PIECES_PER_READING = 3;

/** Nothing waits for this; it only bounds how long a lost ring could matter. */
const IDLE_MS = 1000;

interface Desks {
  capture: CaptureDesk;
  playback: PlaybackDesk;
  microphone: MicrophoneReader;
  bell: Bell;
}

let desks: Desks | null = null;
let ports: MessagePort[] = [];

function open(message: Extract<SoundMessage, { type: 'lines' }>): Desks {
  const gauges = new Float64Array(message.playback.gauges);
  const capture = new CaptureDesk();
  return {
    capture,
    playback: new PlaybackDesk(message.playback, () => performance.now()),
    microphone: createMicrophoneReader(
      capture,
      new CaptureClock(() => gauges[GAUGE.frame] as number),
      new LevelMeter(new Float64Array(message.microphoneLevel), 0, PIECES_PER_READING),
      reportError,
    ),
    bell: new Bell(message.bell),
  };
}

/** Serves the playback desk whenever the audio thread rings, and when the desk wants to be called. */
async function serve({ playback, bell }: Desks): Promise<never> {
  for (;;) {
    const { count } = bell;
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
    case 'microphone':
      desks.microphone.read(data.source);
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
