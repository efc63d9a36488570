import type { Pcm16 } from '../../shared/audio';
import {
  type Stt,
  type SttPart,
  type SttStream,
  VAD_FRAME_SAMPLES,
  type Vad,
  type VadStream,
} from '../backends';
import { AsyncQueue } from '../backends/queue';
import { detectTurn, QUIET, type TurnOptions, type TurnState } from './turn-detector';

/** As a turn begins, but lower: a quiet word in a turn that somebody marked must not be lost. */
const OPENING: TurnOptions = { threshold: 0.4, silenceDurationMs: Number.POSITIVE_INFINITY };

/** Sound kept from before the first speech, in samples at 16 kHz: half a second. */
const KEPT_SAMPLES = 8000;

/**
 * `stt` that hears only what the VAD takes for speech: an utterance of silence, noise or a bang ends with an empty transcript
 * instead of invented words, and what comes long before the first word is not decoded.
 */
export function withSpeechGate(stt: Stt, vad: Vad): Stt {
  return {
    name: stt.name,
    open: (options) => new GatedStream(vad.open(), () => stt.open(options)),
  };
}

class GatedStream implements SttStream {
  private readonly parts = new AsyncQueue<SttPart>();
  private readonly frame = new Int16Array(VAD_FRAME_SAMPLES);
  private filled = 0;
  private turn: TurnState = QUIET;
  private kept: Pcm16[] = [];
  private keptSamples = 0;
  private inner: SttStream | null = null;
  private over = false;

  constructor(
    private readonly detector: VadStream,
    private readonly openInner: () => SttStream,
  ) {}

  write(pcm: Pcm16): void {
    if (this.over) return;
    if (this.inner !== null) {
      this.inner.write(pcm);
      return;
    }
    this.keep(pcm.slice());
    if (this.detects(pcm)) this.begin();
  }

  end(): void {
    if (this.over) return;
    this.over = true;
    if (this.inner !== null) {
      this.inner.end();
      return;
    }
    this.detector.close();
    this.parts.push({ type: 'final', text: '' });
    this.parts.end();
  }

  async settle(): Promise<string | null> {
    if (this.over) return null;
    if (this.inner === null) return '';
    return (await this.inner.settle?.()) ?? null;
  }

  cancel(): void {
    if (this.inner !== null) this.inner.cancel();
    else if (!this.over) this.detector.close();
    this.over = true;
    this.parts.end();
  }

  [Symbol.asyncIterator](): AsyncIterator<SttPart> {
    return this.parts[Symbol.asyncIterator]();
  }

  private begin(): void {
    this.detector.close();
    const inner = this.openInner();
    this.inner = inner;
    for (const pcm of this.kept) inner.write(pcm);
    this.kept = [];
    this.forward(inner).then(
      () => this.parts.end(),
      (cause) => this.parts.fail(cause),
    );
  }

  private async forward(inner: SttStream): Promise<void> {
    for await (const part of inner) this.parts.push(part);
  }

  private keep(pcm: Pcm16): void {
    this.kept.push(pcm);
    this.keptSamples += pcm.length;
    for (;;) {
      const oldest = this.kept[0];
      if (oldest === undefined || this.keptSamples - oldest.length < KEPT_SAMPLES) return;
      this.kept.shift();
      this.keptSamples -= oldest.length;
    }
  }

  /** Whether speech has begun by the last frame that `pcm` completes. */
  private detects(pcm: Pcm16): boolean {
    for (let at = 0; at < pcm.length; ) {
      const part = pcm.subarray(at, at + VAD_FRAME_SAMPLES - this.filled);
      this.frame.set(part, this.filled);
      this.filled += part.length;
      at += part.length;
      if (this.filled < VAD_FRAME_SAMPLES) break;
      this.filled = 0;
      const probability = this.detector.process(this.frame);
      this.turn = detectTurn(this.turn, { probability, quietMs: 0 }, OPENING).state;
    }
    return this.turn.state === 'speaking' || this.turn.state === 'stopping';
  }
}
