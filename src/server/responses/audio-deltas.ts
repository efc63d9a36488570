import { msToSamples, type Pcm16 } from '../../shared/audio';

/** The first delta is short, so that speech starts early; later ones cost less per millisecond. */
const FIRST_DELTA_SAMPLES = msToSamples(40);
const DELTA_SAMPLES = msToSamples(100);

/** Cuts 24 kHz sound into pieces of at most 100 ms. */
export class AudioDeltas {
  private rest: Pcm16 = new Int16Array(0);
  private size = FIRST_DELTA_SAMPLES;

  /** The pieces that `pcm` completed. */
  push(pcm: Pcm16): Pcm16[] {
    const all = new Int16Array(this.rest.length + pcm.length);
    all.set(this.rest);
    all.set(pcm, this.rest.length);
    const pieces: Pcm16[] = [];
    let at = 0;
    while (all.length - at >= this.size) {
      pieces.push(all.subarray(at, at + this.size));
      at += this.size;
      this.size = DELTA_SAMPLES;
    }
    this.rest = all.slice(at);
    return pieces;
  }

  /** What is left, as one piece. */
  flush(): Pcm16[] {
    const { rest } = this;
    this.rest = new Int16Array(0);
    return rest.length === 0 ? [] : [rest];
  }
}
