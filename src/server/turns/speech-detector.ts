import { type Pcm16, samplesToMs } from '../../shared/audio';
import { toError } from '../../shared/log';
import { ENGINE_SAMPLE_RATE, VAD_FRAME_SAMPLES, type Vad, type VadStream } from '../backends';
import { QuietMeter } from './quiet-meter';
import {
  detectTurn,
  QUIET,
  type TurnEvent,
  type TurnOptions,
  type TurnState,
  waitQuietly,
} from './turn-detector';

/** A turn event and the end of the sound that caused it, in milliseconds of audio since the session began. */
export interface DetectedTurn {
  event: TurnEvent;
  atMs: number;
}

/** Cuts 16 kHz audio into frames, asks the VAD and the level about each, and finds the turns. */
export class SpeechDetector {
  private turn: TurnState = QUIET;
  private stream: VadStream | null = null;
  private broken = false;
  private closed = false;
  private readonly meter = new QuietMeter();
  private readonly frame = new Int16Array(VAD_FRAME_SAMPLES);
  private filled = 0;

  /** `onBroken` is told once that the VAD failed; until `reopen` nothing is detected. */
  constructor(
    private readonly vad: Vad,
    private readonly onBroken: (error: Error) => void,
  ) {}

  /** Takes `pcm`, which ends at `endMs`; gives each event before it looks at the sound behind it. */
  *push(pcm: Pcm16, endMs: number, options: TurnOptions): Generator<DetectedTurn, void, undefined> {
    for (let at = 0; at < pcm.length; ) {
      const taken = Math.min(VAD_FRAME_SAMPLES - this.filled, pcm.length - at);
      this.frame.set(pcm.subarray(at, at + taken), this.filled);
      this.filled += taken;
      at += taken;
      if (this.filled < VAD_FRAME_SAMPLES) break;
      this.filled = 0;
      const event = this.takeFrame(options);
      if (event !== null) yield { event, atMs: endMs - samplesToMs(pcm.length - at, ENGINE_SAMPLE_RATE) };
    }
    // A turn need not wait for the end of a frame that is quiet so far: that would cost up to 32 ms.
    const event = this.takeRest(options);
    if (event !== null) yield { event, atMs: endMs };
  }

  /** Looks at the silence so far with other options, without any more sound. */
  reconsider(options: TurnOptions): TurnEvent | null {
    const { state, event } = waitQuietly(this.turn, 0, options);
    this.turn = state;
    return event;
  }

  /** Somebody was speaking when turn detection was switched off, and may still be. */
  resumeTurn(): void {
    this.turn = { state: 'speaking', quietMs: 0 };
  }

  /** The turn, if there is one, ended by other means. */
  endTurn(): void {
    this.turn = QUIET;
  }

  /** Forgets the sound so far. */
  reset(): void {
    this.turn = QUIET;
    this.filled = 0;
    this.meter.reset();
    this.stream?.reset();
  }

  /** To be called when turn detection is switched on: a broken VAD gets another chance. */
  reopen(): void {
    this.release();
    this.turn = QUIET;
    this.broken = false;
  }

  /** What is pushed afterwards (sound is taken in blocks, others in between) opens nothing any more. */
  close(): void {
    this.closed = true;
    this.release();
  }

  private release(): void {
    this.stream?.close();
    this.stream = null;
    this.filled = 0;
  }

  private takeFrame(options: TurnOptions): TurnEvent | null {
    const probability = this.probability();
    if (probability === null) return null;
    const quietMs = this.meter.push(this.frame);
    const { state, event } = detectTurn(this.turn, { probability, quietMs }, options);
    this.turn = state;
    return event;
  }

  private takeRest(options: TurnOptions): TurnEvent | null {
    if (this.turn.state !== 'stopping' || this.filled === 0) return null;
    const rest = this.frame.subarray(0, this.filled);
    if (!this.meter.quiet(rest)) return null;
    const { state, event } = waitQuietly(this.turn, samplesToMs(rest.length, ENGINE_SAMPLE_RATE), options);
    this.turn = state;
    return event;
  }

  private probability(): number | null {
    if (this.broken || this.closed) return null;
    try {
      this.stream ??= this.vad.open();
      return this.stream.process(this.frame);
    } catch (cause) {
      this.broken = true;
      this.release();
      this.onBroken(toError(cause));
      return null;
    }
  }
}
