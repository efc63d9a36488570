import type { CaptureCommand, CaptureEvent } from '../../shared/audio-port';
import { CaptureBuffer } from './capture-buffer';
import { ChunkBundle } from './chunk-bundle';

/**
 * The desk of the microphone: keeps the pre-roll and tells of chunks. Where the microphone delivers nothing, nothing is
 * told: silence is not invented.
 */
export class CaptureDesk {
  private readonly bundle = new ChunkBundle((pcm, frame) =>
    this.tell({ type: 'chunk', audio: pcm.buffer as ArrayBuffer, frame }),
  );
  private readonly buffer = new CaptureBuffer((pcm, frame) => this.bundle.take(pcm, frame));
  private tell: (event: CaptureEvent) => void = () => undefined;
  private delivering = false;
  /** Position just behind what was taken last. */
  private end = 0;

  /** A listener that comes later replaces the earlier one; whoever that was is gone. */
  attach(listener: (event: CaptureEvent) => void): void {
    this.stop();
    this.tell = listener;
    if (this.delivering) this.tell({ type: 'ready', frame: this.end });
  }

  obey(command: CaptureCommand): void {
    switch (command.type) {
      case 'start':
        this.bundle.rest(false);
        this.buffer.start(command.preRollMs);
        break;
      case 'stop':
        this.tell({ type: 'stopped', frame: this.stop() });
        break;
      case 'rest':
        this.bundle.rest(command.on);
        break;
      default:
        command satisfies never;
    }
  }

  /** Takes sound at 24 kHz (-1..1), the first sample at `frame`. */
  take(samples: Float32Array, frame: number): void {
    if (!this.delivering) this.tell({ type: 'ready', frame });
    this.delivering = true;
    this.end = frame + samples.length;
    this.buffer.write(samples, frame);
  }

  /** The microphone delivers no more. */
  cease(): void {
    this.delivering = false;
    this.buffer.interrupt();
    this.bundle.release();
  }

  private stop(): number {
    const frame = this.buffer.stop();
    this.bundle.rest(false);
    return frame;
  }
}
