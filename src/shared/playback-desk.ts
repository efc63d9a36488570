import { bytesToPcm16, samplesToMs } from './audio';
import type { HeardItem, PlaybackCommand, PlaybackEvent } from './audio-port';
import { StartGate } from './jitter-buffer';
import { type Mark, PlaybackFeed } from './playback-feed';
import type { PlaybackMemory } from './playback-line';
import { heardOf, PlaybackQueue } from './playback-queue';
import { RenderRecorder } from './render-recorder';

/** Sound written ahead of what is rendered: 1 s, so that a late desk is no underrun. */
const LEAD_FRAMES = 24_000;
/** Slots of rendered sound that make 20 ms, after which a recording is served. */
const TAP_SLOTS = 4;

/** The browser's estimate of the latency wavers by some milliseconds; less than this is not told. */
const LATENCY_STEP_MS = 10;

/** A command to silence the output that has not been obeyed. */
interface PendingCut {
  id: number;
  target: number;
  /** What is told when it has been. */
  done(frame: number, reached: number): void;
}

interface Hold {
  ids: number[];
  /** The frame since which there is silence; null while it is not known. */
  frame: number | null;
  resumed: boolean;
}

/**
 * The desk of the loudspeaker: obeys commands, keeps the queue, writes ahead into the line to the audio thread, and tells
 * what was heard. Does nothing by itself: `pump` is called after every command and whenever the bell rings.
 */
export class PlaybackDesk {
  private readonly feed: PlaybackFeed;
  private readonly queue = new PlaybackQueue((event) => this.tell(event));
  private readonly gate = new StartGate();
  private readonly recorder = new RenderRecorder((audio, frame) =>
    this.tell({ type: 'rendered', audio, frame }),
  );
  private cuts: PendingCut[] = [];
  /** Where the stream goes on after the last cut; what is written before that is not heard. */
  private goesOnAt = 0;
  /** The context has not rendered for so long that the last cut found no room; nothing is written before it does. */
  private owesCut = false;
  private hold: Hold | null = null;
  private tell: (event: PlaybackEvent) => void = () => undefined;
  private greeted = true;
  private rendering = true;
  private recording = false;
  /** The renderer said that the stream sounds. */
  private sounding = false;
  private outputMs = 0;

  /** `now` gives milliseconds of a clock that never goes back. */
  constructor(
    memory: PlaybackMemory,
    private readonly now: () => number,
  ) {
    this.feed = new PlaybackFeed(memory);
  }

  /** Nothing is queued, and nothing waits for the audio thread. */
  get idle(): boolean {
    return this.queue.idle && this.cuts.length === 0 && this.feed.rendered === this.feed.written;
  }

  /** A listener that comes later replaces the earlier one, and with it everything that one had queued. */
  attach(listener: (event: PlaybackEvent) => void): void {
    this.tell = () => undefined;
    for (const cut of this.cuts) cut.done = () => undefined;
    if (!this.idle || this.hold) this.flush(() => undefined);
    this.setRecording(false);
    this.tell = listener;
    this.greeted = false;
  }

  /** Call `pump` after it. */
  obey(command: PlaybackCommand): void {
    switch (command.type) {
      case 'play':
        this.play(command.itemId, command.contentIndex, command.audio);
        break;
      case 'end':
        this.settle();
        this.queue.end(command.itemId);
        this.gate.ended(command.itemId);
        break;
      case 'flush': {
        const { flushId } = command;
        this.flush((items, frame) => this.tell({ type: 'flushed', flushId, items, frame }));
        break;
      }
      case 'duck':
        this.feed.duck(command.on);
        break;
      case 'hold':
        this.holdBack(command.holdId);
        break;
      case 'resume':
        this.resume();
        break;
      case 'record':
        this.setRecording(command.on);
        break;
      default:
        command satisfies never;
    }
  }

  /** While the context does not render, the output is silent already and a cut is as good as obeyed. */
  setRendering(on: boolean): void {
    this.rendering = on;
  }

  setOutputLatency(outputMs: number): void {
    if (Math.abs(outputMs - this.outputMs) < LATENCY_STEP_MS) return;
    this.outputMs = outputMs;
    if (this.greeted) this.tell({ type: 'latency', outputMs });
  }

  /**
   * Takes in what the renderer did and writes what it needs next. Returns in how many milliseconds it wants to be called
   * again at the latest, null when only the bell or a command calls for it.
   */
  pump(): number | null {
    this.greet();
    this.settle();
    if (this.recording) this.feed.drainTap(TAP_SLOTS, this.record);
    const waitMs = this.refill();
    const queued = this.queue.waitingFrames > 0 ? this.feed.written - LEAD_FRAMES / 2 : this.feed.written;
    this.feed.wakeAt(Math.min(queued, this.queue.boundary));
    return waitMs;
  }

  private play(itemId: string, contentIndex: number, audio: ArrayBuffer): void {
    if (!this.queue.enqueue(itemId, contentIndex, bytesToPcm16(new Uint8Array(audio)))) return;
    this.gate.arrived(itemId, this.now(), this.queue.waitingFrames > 0);
  }

  /** The items are counted until the output is silent, and told then. */
  private flush(answer: (items: HeardItem[], frame: number) => void): void {
    this.settle();
    const items = this.queue.flush();
    this.hold = null;
    this.gate.clear();
    this.feed.duck(false);
    this.cut((frame) => answer(items.map(heardOf), frame));
  }

  private holdBack(holdId: number): void {
    if (this.hold) {
      this.hold.resumed = false;
      this.hold.ids.push(holdId);
      this.answerHold(this.hold);
      return;
    }
    this.settle();
    const hold: Hold = { ids: [holdId], frame: null, resumed: false };
    this.hold = hold;
    this.queue.hold();
    this.gate.clear();
    this.cut((frame, reached) => {
      hold.frame = frame;
      if (this.hold === hold) this.queue.takeBack(reached);
      this.answerHold(hold);
      if (hold.resumed) this.resume();
    });
  }

  private answerHold(hold: Hold): void {
    const { frame } = hold;
    if (frame === null) return;
    for (const holdId of hold.ids) this.tell({ type: 'held', holdId, items: this.queue.items, frame });
    hold.ids = [];
  }

  private resume(): void {
    if (!this.hold) return;
    this.hold.resumed = true;
    if (this.hold.frame === null) return;
    this.hold = null;
    this.queue.resume();
  }

  private cut(done: PendingCut['done']): void {
    this.owesCut = !this.feed.canCut;
    this.goesOnAt = this.feed.written;
    this.cuts.push({ id: this.owesCut ? 0 : this.feed.cut(), target: this.goesOnAt, done });
  }

  /** Takes in what the renderer did. */
  private settle(): void {
    const rendered = this.feed.rendered;
    for (let mark = this.feed.nextMark(); mark; mark = this.feed.nextMark()) this.take(mark);
    if (this.sounding) this.queue.heardTo(rendered);
    if (this.rendering) return;
    for (const cut of [...this.cuts]) this.silenced(cut, rendered, rendered, this.feed.frame);
  }

  private take(mark: Mark): void {
    switch (mark.type) {
      case 'sounds':
        this.sounding = true;
        this.queue.sounds(mark.position, mark.frame);
        break;
      case 'dry':
        this.sounding = false;
        this.gate.ranDry(this.queue.dry(mark.position, mark.frame), this.now());
        break;
      case 'cut':
        // One that is not found was answered while the context did not render.
        for (const cut of this.cuts.filter(({ id }) => id === mark.id)) {
          this.silenced(cut, mark.from, mark.to, mark.frame);
        }
        break;
      default:
        mark satisfies never;
    }
  }

  private silenced(cut: PendingCut, from: number, to: number, frame: number): void {
    this.sounding = false;
    this.cuts = this.cuts.filter((other) => other !== cut);
    cut.done(frame, this.queue.cut(from, to, cut.target));
  }

  private refill(): number | null {
    const { queue, feed } = this;
    if (this.owesCut && feed.canCut) {
      feed.cut();
      this.owesCut = false;
    }
    if (queue.waitingFrames === 0 || this.owesCut) return null;
    if (this.sounding || feed.rendered < feed.written) this.gate.passed();
    const waitMs = this.gate.start(this.now(), samplesToMs(queue.waitingFrames), queue.nextEnded);
    if (waitMs > 0) return waitMs;
    for (;;) {
      const ahead = feed.written - Math.max(feed.rendered, this.goesOnAt);
      const part = queue.take(Math.min(feed.room, LEAD_FRAMES - ahead));
      if (!part) return null;
      feed.write(part);
    }
  }

  private greet(): void {
    if (this.greeted || this.feed.frame < 0) return;
    this.greeted = true;
    this.tell({ type: 'ready', frame: this.feed.frame });
    this.tell({ type: 'latency', outputMs: this.outputMs });
  }

  private setRecording(on: boolean): void {
    if (this.recording) this.feed.drainTap(TAP_SLOTS, this.record);
    this.recorder.finish();
    this.recording = on;
    this.feed.setTap(on);
    this.feed.drainTap(TAP_SLOTS, () => undefined);
  }

  private readonly record = (samples: Float32Array, frame: number): void => {
    this.recorder.add(samples, frame);
  };
}
