/**
 * The loudspeaker's end in the audio thread: a shell around `PlaybackRenderer`. Sends no message and allocates nothing in
 * `process`.
 */
import { Bell } from '../../shared/bell';
import { GAUGE } from '../../shared/playback-line';
import { PlaybackRenderer } from '../../shared/playback-renderer';
import { LevelMeter, QUANTA_PER_READING } from './level-meter';
import type { PlaybackOptions } from './processor-options';

class PlaybackProcessor extends AudioWorkletProcessor {
  private readonly renderer: PlaybackRenderer;
  private readonly meter: LevelMeter;

  constructor(options: { processorOptions: PlaybackOptions }) {
    super();
    const { memory, bell } = options.processorOptions;
    this.renderer = new PlaybackRenderer(memory, new Bell(bell));
    this.meter = new LevelMeter(new Float64Array(memory.gauges), GAUGE.level, QUANTA_PER_READING);
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const output = outputs[0]?.[0];
    if (output) this.meter.add(output, this.renderer.render(output, currentFrame));
    return true;
  }
}

registerProcessor('parley-playback', PlaybackProcessor);
