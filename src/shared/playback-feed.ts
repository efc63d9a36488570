import type { Pcm16 } from './audio';
import { GAUGE, MARK, openPlaybackLine, type PlaybackMemory, STREAM_FRAMES, WORD } from './playback-line';
import type { QuantumRing } from './quantum-ring';
import type { RecordRing } from './record-ring';

const MASK = STREAM_FRAMES - 1;

/** What the renderer tells of; positions count samples of the stream from its beginning, without wrapping. */
export type Mark =
  | { type: 'sounds'; position: number; frame: number }
  | { type: 'dry'; position: number; frame: number }
  | { type: 'cut'; id: number; from: number; to: number; frame: number };

/** The desk's end of the line to a `PlaybackRenderer`. */
export class PlaybackFeed {
  private readonly words: Int32Array;
  private readonly gauges: Float64Array;
  private readonly stream: Int16Array;
  private readonly commands: RecordRing;
  private readonly marks: RecordRing;
  private readonly tap: QuantumRing;
  private lastCut = 0;
  private total = 0;
  private known = 0;

  constructor(memory: PlaybackMemory) {
    const { words, gauges, stream, commands, marks, tap } = openPlaybackLine(memory);
    this.words = words;
    this.gauges = gauges;
    this.stream = stream;
    this.commands = commands;
    this.marks = marks;
    this.tap = tap;
  }

  /** The frame that is rendered next; -1 before the first. */
  get frame(): number {
    return this.gauges[GAUGE.frame] as number;
  }

  /** Samples written so far: the position of the one that is written next. */
  get written(): number {
    return this.total;
  }

  /** Position behind the last sample rendered. */
  get rendered(): number {
    this.known = this.unwrap(Atomics.load(this.words, WORD.rendered));
    return this.known;
  }

  /** Samples that can be written without overwriting what is not rendered. */
  get room(): number {
    return STREAM_FRAMES - (this.total - this.rendered);
  }

  /** Adds `pcm` to the stream; throws when it does not fit `room`. */
  write(pcm: Pcm16): void {
    if (pcm.length > this.room) throw new Error('the stream of samples has no room');
    const at = this.total & MASK;
    const first = Math.min(pcm.length, STREAM_FRAMES - at);
    this.stream.set(first === pcm.length ? pcm : pcm.subarray(0, first), at);
    if (first < pcm.length) this.stream.set(pcm.subarray(first), 0);
    this.total += pcm.length;
    Atomics.store(this.words, WORD.written, this.total | 0);
  }

  /**
   * Silences the output at its next quantum; what is written after this call sounds then. Returns the command's id,
   * which comes back in a `cut` mark.
   */
  cut(): number {
    if (!this.commands.write(++this.lastCut, this.total | 0, 0, 0, 0)) {
      throw new Error('the audio thread has not obeyed for too long');
    }
    return this.lastCut;
  }

  /** False while so many cuts wait that another one would not fit: the context does not render. */
  get canCut(): boolean {
    return this.commands.room > 0;
  }

  duck(on: boolean): void {
    Atomics.store(this.words, WORD.duck, on ? 1 : 0);
  }

  /** Whether what is rendered is kept for `drainTap`. */
  setTap(on: boolean): void {
    Atomics.store(this.words, WORD.tap, on ? 1 : 0);
  }

  /** Hands out what was rendered; an empty stretch says that the sound ended. Asks to be woken after `slots` more. */
  drainTap(slots: number, take: (samples: Float32Array, frame: number) => void): void {
    this.tap.drain(take);
    this.tap.wakeAfter(slots);
  }

  /** Asks to be woken when what was rendered reaches `position`. */
  wakeAt(position: number): void {
    Atomics.store(this.words, WORD.wakeAt, position | 0);
  }

  /** The oldest mark not taken yet. */
  nextMark(): Mark | null {
    const { marks } = this;
    if (!marks.pending) return null;
    const kind = marks.field(0);
    const position = this.unwrap(marks.field(1));
    const frame = marks.field(2);
    const end = marks.field(3);
    const id = marks.field(4);
    marks.shift();
    switch (kind) {
      case MARK.sounds:
        return { type: 'sounds', position, frame };
      case MARK.dry:
        return { type: 'dry', position, frame };
      case MARK.cut:
        return { type: 'cut', id, from: position, to: this.unwrap(end), frame };
      default:
        throw new Error(`the audio thread made a mark of the unknown kind ${kind}`);
    }
  }

  /** The whole position whose lower 32 bits are `position`; marks and counters are never 2^31 samples apart. */
  private unwrap(position: number): number {
    return this.known + ((position - (this.known | 0)) | 0);
  }
}
