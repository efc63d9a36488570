import type { Bell } from './bell';
import {
  CUT_ID,
  CUT_TARGET,
  DUCK_FRAMES,
  DUCK_GAIN,
  FADE_FRAMES,
  GAUGE,
  MARK,
  openPlaybackLine,
  type PlaybackMemory,
  STREAM_FRAMES,
  SWELL_FRAMES,
  WORD,
} from './playback-line';
import type { QuantumRing } from './quantum-ring';
import type { RecordRing } from './record-ring';

const PCM_SCALE = 1 / 0x8000;
const MASK = STREAM_FRAMES - 1;
const DUCK_STEP = (1 - DUCK_GAIN) / DUCK_FRAMES;
const SWELL_STEP = (1 - DUCK_GAIN) / SWELL_FRAMES;

/** Marks one `render` may write beside those of commands: a stretch that begins, and one that runs dry. */
const MARKS_PER_RENDER = 4;

/** Numbers with a fraction, in a typed array because a field would be boxed anew at every change. */
const GAIN = 0;
const LAST = 1;

/**
 * The audio thread's end of the line: fills blocks of output from the stream. Knows no items. Sound that stops, for
 * whatever reason, runs down to zero within `FADE_FRAMES`, and sound after silence fades in over as many, so nothing
 * clicks. Allocates nothing after construction and never waits.
 */
export class PlaybackRenderer {
  private readonly words: Int32Array;
  private readonly gauges: Float64Array;
  private readonly stream: Int16Array;
  private readonly commands: RecordRing;
  private readonly marks: RecordRing;
  private readonly tap: QuantumRing;
  private readonly state = new Float32Array([1, 0]);

  /** The run-down to zero that is rendered before anything else. */
  private readonly fade = new Float32Array(FADE_FRAMES);
  private fadeAt = FADE_FRAMES;
  private fadeInLeft = 0;
  /** Position of the sample that comes next. */
  private position = 0;
  private on = false;
  private begun = false;
  private marked = false;
  private tapped = false;

  constructor(
    memory: PlaybackMemory,
    private readonly bell: Bell,
  ) {
    const { words, gauges, stream, commands, marks, tap } = openPlaybackLine(memory);
    this.words = words;
    this.gauges = gauges;
    this.stream = stream;
    this.commands = commands;
    this.marks = marks;
    this.tap = tap;
  }

  /** The last frame rendered came from the stream, or a run-down is still to come. */
  get sounding(): boolean {
    return this.on || this.fadeAt < FADE_FRAMES;
  }

  /**
   * Fills all of `output` (-1..1), whose first sample stands at `frame`; silence where there is no sound. Returns how
   * many of its leading samples hold sound.
   */
  render(output: Float32Array, frame: number): number {
    while (this.commands.pending && this.marks.room > MARKS_PER_RENDER) this.cut(frame);
    const sound = this.marks.room < MARKS_PER_RENDER ? 0 : this.fill(output, frame);
    output.fill(0, sound);
    this.gauges[GAUGE.frame] = frame + output.length;
    Atomics.store(this.words, WORD.rendered, this.position);
    const tapDue = this.tapOff(output, sound, frame);
    const isPast = ((this.position - Atomics.load(this.words, WORD.wakeAt)) | 0) >= 0;
    if (this.marked || tapDue || (isPast && sound > 0) || !this.begun) this.bell.ring();
    this.marked = false;
    this.begun = true;
    return sound;
  }

  private fill(output: Float32Array, frame: number): number {
    const written = Atomics.load(this.words, WORD.written);
    let at = 0;
    for (;;) {
      at = this.renderFade(output, at);
      if (at === output.length) return at;
      const available = (written - this.position) | 0;
      if (available > 0) at = this.renderSound(output, at, available, frame);
      else if (this.on) {
        this.mark(MARK.dry, this.position, frame + at, 0, 0);
        this.runDown(0);
      } else return at;
    }
  }

  private renderSound(output: Float32Array, at: number, available: number, frame: number): number {
    const target = Atomics.load(this.words, WORD.duck) === 0 ? 1 : DUCK_GAIN;
    let gain = this.state[GAIN] as number;
    let fadeIn = this.fadeInLeft;
    if (!this.on) {
      this.on = true;
      this.mark(MARK.sounds, this.position, frame + at, 0, 0);
      fadeIn = FADE_FRAMES;
      gain = target;
    }
    const count = Math.min(output.length - at, available);
    for (let i = 0; i < count; i++) {
      if (gain > target) gain = Math.max(target, gain - DUCK_STEP);
      else if (gain < target) gain = Math.min(target, gain + SWELL_STEP);
      let sample = (this.stream[(this.position + i) & MASK] as number) * PCM_SCALE * gain;
      if (fadeIn > 0) {
        sample *= 1 - fadeIn / FADE_FRAMES;
        fadeIn--;
      }
      output[at + i] = sample;
    }
    this.position = (this.position + count) | 0;
    this.fadeInLeft = fadeIn;
    this.state[GAIN] = gain;
    this.state[LAST] = output[at + count - 1] as number;
    return at + count;
  }

  /** Obeys the oldest command. */
  private cut(frame: number): void {
    const id = this.commands.field(CUT_ID);
    const target = this.commands.field(CUT_TARGET) | 0;
    this.commands.shift();
    const from = this.position;
    if (this.on) this.runDown(Math.min(FADE_FRAMES, (target - from) | 0));
    this.mark(MARK.cut, from, frame + FADE_FRAMES - this.fadeAt, this.position, id);
    this.position = target;
  }

  /** Prepares the run-down: from `available` samples that would have come, the last one held where they end. */
  private runDown(available: number): void {
    const factor = (PCM_SCALE * (this.state[GAIN] as number) * (FADE_FRAMES - this.fadeInLeft)) / FADE_FRAMES;
    let held = this.state[LAST] as number;
    for (let i = 0; i < FADE_FRAMES; i++) {
      if (i < available) held = (this.stream[(this.position + i) & MASK] as number) * factor;
      this.fade[i] = held * (1 - (i + 1) / FADE_FRAMES);
    }
    this.position = (this.position + available) | 0;
    this.fadeAt = held === 0 && available === 0 ? FADE_FRAMES : 0;
    this.fadeInLeft = 0;
    this.on = false;
    this.state[LAST] = 0;
  }

  private renderFade(output: Float32Array, at: number): number {
    const count = Math.min(FADE_FRAMES - this.fadeAt, output.length - at);
    for (let i = 0; i < count; i++) output[at + i] = this.fade[this.fadeAt + i] as number;
    this.fadeAt += count;
    return at + count;
  }

  /** What is rendered, for whoever wants it; an empty slot says that the sound ended. Returns whether a wake is due. */
  private tapOff(output: Float32Array, sound: number, frame: number): boolean {
    if (Atomics.load(this.words, WORD.tap) === 0) return false;
    if (sound > 0) this.tap.write(output, sound, frame);
    const ended = sound < output.length && (sound > 0 || this.tapped);
    if (ended) this.tap.write(output, 0, frame + sound);
    this.tapped = sound > 0 && !ended;
    return ended || (sound > 0 && this.tap.due);
  }

  private mark(kind: number, position: number, frame: number, end: number, id: number): void {
    this.marks.write(kind, position, frame, end, id);
    this.marked = true;
  }
}
