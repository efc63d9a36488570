/**
 * The microphone's end in the audio thread: input in quanta of 128, 20 ms chunks out, straight to the main process.
 * Speaks `CaptureCommand` and `CaptureEvent` on the port it is handed, `LevelMessage` and `InputMessage` on its own.
 * Where the input has no channel nothing is sent: silence is not invented.
 */
import type {
  CaptureCommand,
  CaptureEvent,
  InputMessage,
  LevelMessage,
  PortMessage,
} from '../../shared/audio-port';
import { CaptureBuffer } from './capture-buffer';
import { LevelMeter } from './level-meter';

class CaptureProcessor extends AudioWorkletProcessor {
  private main: MessagePort | null = null;
  private readonly meter = new LevelMeter();
  private delivering = false;
  private readonly buffer = new CaptureBuffer((pcm, frame) =>
    this.post({ type: 'chunk', audio: pcm.buffer as ArrayBuffer, frame }),
  );

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<PortMessage>) => this.attach(data.port as MessagePort);
  }

  process([input]: Float32Array[][]): boolean {
    const samples = input?.[0] ?? null;
    if (this.delivering !== (samples !== null)) this.setDelivering(samples !== null);
    if (samples) this.buffer.write(samples, currentFrame);
    const level = this.meter.add(samples);
    if (level !== null) this.port.postMessage({ type: 'level', level } satisfies LevelMessage);
    return true;
  }

  /** A port that comes later replaces the earlier one; whoever held that is gone. */
  private attach(main: MessagePort): void {
    this.buffer.stop();
    this.main?.close();
    this.main = main;
    main.onmessage = ({ data }: MessageEvent<CaptureCommand>) => this.obey(data);
    if (this.delivering) this.post({ type: 'ready', frame: currentFrame });
  }

  private obey(command: CaptureCommand): void {
    switch (command.type) {
      case 'start':
        this.buffer.start(command.preRollMs);
        break;
      case 'stop':
        this.post({ type: 'stopped', frame: this.buffer.stop() });
        break;
      default:
        command satisfies never;
    }
  }

  private setDelivering(delivering: boolean): void {
    this.delivering = delivering;
    if (!delivering) this.buffer.interrupt();
    this.port.postMessage({ type: 'input', delivering } satisfies InputMessage);
    if (delivering) this.post({ type: 'ready', frame: currentFrame });
  }

  private post(event: CaptureEvent): void {
    this.main?.postMessage(event);
  }
}

registerProcessor('parley-capture', CaptureProcessor);
