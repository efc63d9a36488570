/**
 * The microphone's end in the audio thread: writes what comes in into shared memory, with the frame it stands at. Sends no
 * message and allocates nothing in `process`.
 */
import { Bell } from '../../shared/bell';
import { QuantumRing } from '../../shared/quantum-ring';
import { CAPTURE_GAUGE, CAPTURE_WORD } from './capture-line';
import { LevelMeter } from './level-meter';
import type { CaptureOptions } from './processor-options';

const NOTHING = new Float32Array(0);

class CaptureProcessor extends AudioWorkletProcessor {
  private readonly words: Int32Array;
  private readonly gauges: Float64Array;
  private readonly ring: QuantumRing;
  private readonly bell: Bell;
  private readonly meter: LevelMeter;
  private delivering = false;

  constructor(options: { processorOptions: CaptureOptions }) {
    super();
    const { memory, bell } = options.processorOptions;
    this.words = new Int32Array(memory.words);
    this.gauges = new Float64Array(memory.gauges);
    this.ring = new QuantumRing(memory.sound);
    this.bell = new Bell(bell);
    this.meter = new LevelMeter(this.gauges, CAPTURE_GAUGE.level);
  }

  process(inputs: Float32Array[][]): boolean {
    const samples = inputs[0]?.[0] ?? null;
    this.gauges[CAPTURE_GAUGE.frame] = currentFrame;
    const changed = this.delivering !== (samples !== null);
    if (changed) {
      this.delivering = samples !== null;
      Atomics.store(this.words, CAPTURE_WORD.delivering, this.delivering ? 1 : 0);
    }
    if (samples === null) this.meter.add(NOTHING, 0);
    else {
      this.ring.write(samples, samples.length, currentFrame);
      this.meter.add(samples, samples.length);
    }
    if (changed || (samples !== null && this.ring.due)) this.bell.ring();
    return true;
  }
}

registerProcessor('parley-capture', CaptureProcessor);
