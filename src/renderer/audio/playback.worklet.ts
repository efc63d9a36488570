/**
 * The loudspeaker's end in the audio thread: a shell around `PlaybackQueue`. Speaks `PlaybackCommand` and
 * `PlaybackEvent` on the port it is handed, `LevelMessage` and `RenderingMessage` on its own.
 */
import { bytesToPcm16 } from '../../shared/audio';
import type {
  HeardItem,
  LevelMessage,
  PlaybackCommand,
  PlaybackEvent,
  PortMessage,
  RenderingMessage,
} from '../../shared/audio-port';
import { PlaybackQueue, type QueueEvent } from '../../shared/playback-queue';
import { LevelMeter } from './level-meter';
import { RenderRecorder } from './render-recorder';

/** A flush whose run-down is still being rendered. */
interface PendingFlush {
  flushId: number;
  items: HeardItem[];
}

class PlaybackProcessor extends AudioWorkletProcessor {
  private main: MessagePort | null = null;
  private greeted = false;
  private rendering = true;
  private readonly queue = new PlaybackQueue();
  private readonly meter = new LevelMeter();
  private recorder: RenderRecorder | null = null;
  private pending: PendingFlush[] = [];

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<PortMessage | RenderingMessage>) => {
      if (data.type === 'port') this.attach(data.port as MessagePort);
      else this.setRendering(data.on);
    };
  }

  process(_inputs: Float32Array[][], [output]: Float32Array[][]): boolean {
    const first = output?.[0];
    if (!first) return true;
    if (!this.greeted) this.greet();
    const fadeFrames = this.queue.fadeFrames;
    const events = this.queue.render(first);
    for (let i = 1; i < output.length; i++) output[i]?.set(first);
    if (this.pending.length > 0) this.answerFlushes(currentFrame + Math.min(fadeFrames, first.length));
    for (let i = 0; i < events.length; i++) this.report(events[i] as QueueEvent);
    this.recorder?.add(first, this.queue.soundFrames, currentFrame);
    const level = this.meter.add(this.queue.soundFrames > 0 ? first : null);
    if (level !== null) this.port.postMessage({ type: 'level', level } satisfies LevelMessage);
    return true;
  }

  /** A port that comes later replaces the earlier one, and with it everything that one had queued. */
  private attach(main: MessagePort): void {
    this.queue.flush();
    this.pending = [];
    this.recorder = null;
    this.main?.close();
    this.main = main;
    this.greeted = false;
    main.onmessage = ({ data }: MessageEvent<PlaybackCommand>) => this.obey(data);
  }

  private obey(command: PlaybackCommand): void {
    switch (command.type) {
      case 'play':
        this.queue.enqueue(command.itemId, command.contentIndex, bytesToPcm16(new Uint8Array(command.audio)));
        break;
      case 'end':
        this.queue.end(command.itemId);
        break;
      case 'flush':
        this.pending.push({ flushId: command.flushId, items: this.queue.flush() });
        if (this.queue.fadeFrames === 0 || !this.rendering) this.answerFlushes(currentFrame);
        break;
      case 'record':
        this.recorder?.finish();
        this.recorder = command.on
          ? new RenderRecorder((audio, frame) => this.post({ type: 'rendered', audio, frame }))
          : null;
        break;
      default:
        command satisfies never;
    }
  }

  private setRendering(on: boolean): void {
    this.rendering = on;
    if (!on) this.answerFlushes(currentFrame);
  }

  private answerFlushes(frame: number): void {
    for (const { flushId, items } of this.pending) this.post({ type: 'flushed', flushId, items, frame });
    this.pending = [];
  }

  private report(event: QueueEvent): void {
    const frame = currentFrame + event.offset;
    switch (event.type) {
      case 'started':
      case 'underrun':
        this.post({ type: event.type, itemId: event.itemId, frame });
        break;
      case 'finished':
        this.post({ type: 'finished', heard: event.heard, frame });
        break;
      default:
        event satisfies never;
    }
  }

  private greet(): void {
    if (!this.main) return;
    this.greeted = true;
    this.post({ type: 'ready', frame: currentFrame });
  }

  private post(event: PlaybackEvent): void {
    this.main?.postMessage(event);
  }
}

registerProcessor('parley-playback', PlaybackProcessor);
