import { setTimeout } from 'node:timers/promises';
import { type Pcm16, samplesToMs } from '../../shared/audio';
import type { AsyncQueue } from '../backends/queue';
import { AudioDeltas } from './audio-deltas';
import { paceMs } from './pace';
import type { ResponsePart } from './response';

/** The sound of one answer on its way out, with the times of its sentences. */
export class AnswerSound {
  /** A sentence was begun. */
  begun = false;
  private readonly deltas = new AudioDeltas();
  private samples = 0;
  private firstAtMs = 0;

  constructor(
    private readonly parts: AsyncQueue<ResponsePart>,
    private readonly onFirst: () => void,
  ) {}

  /** `text` begins to sound. */
  begin(text: string): void {
    this.begun = true;
    this.parts.push({ type: 'sentence', text });
  }

  /** Sound at 24 kHz, of the sentence that began. */
  add(pcm: Pcm16): void {
    if (this.samples === 0 && pcm.length > 0) {
      this.firstAtMs = performance.now();
      this.onFirst();
    }
    this.samples += pcm.length;
    this.send(this.deltas.push(pcm));
  }

  /** The sentence is over. */
  end(): void {
    this.send(this.deltas.flush());
    this.parts.push({ type: 'sentence-end' });
  }

  /** Settles when it is time for more; at once after an abort. */
  async pace(signal: AbortSignal): Promise<void> {
    const ms = paceMs(samplesToMs(this.samples), performance.now() - this.firstAtMs);
    if (ms > 0) await setTimeout(ms, undefined, { signal }).catch(() => undefined);
  }

  private send(pieces: Pcm16[]): void {
    for (const pcm of pieces) this.parts.push({ type: 'audio', pcm });
  }
}
