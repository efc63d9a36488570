import { msToSamples } from '../../shared/audio';

/** Pieces over which the two clocks are compared: a quarter of a second of the usual 10 ms. */
const WINDOW = 25;

/**
 * How far the microphone may be away from the output's clock, in frames: a device buffer and a late reader are less
 * than 30 ms. More means that one of the two stood still.
 */
const SLACK = msToSamples(30);

/**
 * Gives what the microphone delivers a place on the output's clock of frames, on which everything else counts. Between
 * two places the samples count, so what was not lost joins on; when the output stood still, the microphone is placed anew.
 */
export class CaptureClock {
  private next = Number.NaN;
  private pieces = 0;
  private lead = Number.NEGATIVE_INFINITY;
  private since = 0;

  /** `now` gives the frame that is rendered next; -1 before the first. */
  constructor(private readonly now: () => number) {}

  /** The frame of the first of `samples` samples that came just now; `lost` are missing before it. */
  place(samples: number, lost: number): number {
    const now = Math.max(0, this.now());
    if (Number.isNaN(this.next)) this.begin(now - samples, now);
    this.next += lost;
    this.compare(this.next + samples - now, now);
    const frame = this.next;
    this.next += samples;
    return frame;
  }

  /** The microphone was closed: the next piece joins on to nothing. */
  reset(): void {
    this.next = Number.NaN;
  }

  private begin(frame: number, now: number): void {
    this.next = frame;
    this.pieces = 0;
    this.lead = Number.NEGATIVE_INFINITY;
    this.since = now;
  }

  /** The piece that was read with the least delay tells how the clocks stand. */
  private compare(lead: number, now: number): void {
    this.lead = Math.max(this.lead, lead);
    if (++this.pieces < WINDOW) return;
    const moved = now > this.since;
    // An output that does not render has no clock.
    this.begin(moved && Math.abs(this.lead) > SLACK ? this.next - this.lead : this.next, now);
  }
}
