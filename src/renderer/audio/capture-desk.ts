import type { CaptureCommand, CaptureEvent } from '../../shared/audio-port';
import { QUANTUM_FRAMES, QuantumRing } from '../../shared/quantum-ring';
import { CaptureBuffer } from './capture-buffer';
import { CAPTURE_GAUGE, CAPTURE_WORD, type CaptureMemory } from './capture-line';

/** Slots after which what only is kept for a pre-roll is fetched: a third of a second. */
const KEEPING_SLOTS = 64;

/**
 * The desk of the microphone: takes what the audio thread wrote, keeps the pre-roll, and tells of chunks. Does nothing by
 * itself: `pump` is called whenever the bell rings. Where the input has no channel nothing is told: silence is not
 * invented.
 */
export class CaptureDesk {
  private readonly words: Int32Array;
  private readonly gauges: Float64Array;
  private readonly ring: QuantumRing;
  private readonly buffer = new CaptureBuffer((pcm, frame) =>
    this.tell({ type: 'chunk', audio: pcm.buffer as ArrayBuffer, frame }),
  );
  private tell: (event: CaptureEvent) => void = () => undefined;
  private delivering = false;

  constructor(memory: CaptureMemory) {
    this.words = new Int32Array(memory.words);
    this.gauges = new Float64Array(memory.gauges);
    this.ring = new QuantumRing(memory.sound);
  }

  /** A listener that comes later replaces the earlier one; whoever that was is gone. */
  attach(listener: (event: CaptureEvent) => void): void {
    this.pump();
    this.buffer.stop();
    this.tell = listener;
    if (this.delivering) this.greet();
  }

  obey(command: CaptureCommand): void {
    // What was said before the command must not count as said after it.
    this.pump();
    switch (command.type) {
      case 'start':
        this.buffer.start(command.preRollMs);
        break;
      case 'stop':
        this.tell({ type: 'stopped', frame: this.buffer.stop() });
        break;
      default:
        command satisfies never;
    }
    this.askToBeWoken();
  }

  /** Takes what was written. */
  pump(): void {
    const delivering = Atomics.load(this.words, CAPTURE_WORD.delivering) === 1;
    if (delivering && !this.delivering) this.greet();
    this.ring.drain(this.write);
    if (!delivering && this.delivering) this.buffer.interrupt();
    this.delivering = delivering;
    this.askToBeWoken();
  }

  private askToBeWoken(): void {
    const { missingFrames } = this.buffer;
    this.ring.wakeAfter(missingFrames === null ? KEEPING_SLOTS : Math.ceil(missingFrames / QUANTUM_FRAMES));
  }

  private greet(): void {
    this.tell({ type: 'ready', frame: this.gauges[CAPTURE_GAUGE.frame] as number });
  }

  private readonly write = (samples: Float32Array, frame: number): void => this.buffer.write(samples, frame);
}
