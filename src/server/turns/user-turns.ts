import { setImmediate } from 'node:timers/promises';
import { msToSamples, type Pcm16, samplesToMs } from '../../shared/audio';
import type { SessionContext } from '../session-context';
import { AppendDecoder, decodeBase64 } from '../wire/append-decoder';
import { ClientError } from '../wire/errors';
import type { Resampler } from '../wire/resampler';
import type { SessionConfig } from '../wire/session-config';
import { type WireFormat, wireBytes } from '../wire/wire-audio';
import type { EndedBy } from './commit-turn';
import { InputAudioBuffer } from './input-audio-buffer';
import { RunningTurns } from './running-turns';
import { FRAME_MS } from './turn-detector';
import type { TurnListener } from './turn-listener';
import { VadTurns } from './vad-turns';

/** Shortest audio that can be committed (REALTIME: errors). */
const MIN_COMMIT_MS = 100;
/** Appended audio is taken in pieces of one VAD frame, so that a turn can end in the middle of a long one. */
const PIECE_SAMPLES = msToSamples(FRAME_MS);
/** Appended audio longer than this is taken in blocks. */
const BLOCK_MS = 500;

/** From appended audio to user items with transcripts: what the VAD finds, manual commits and silences. */
export class UserTurns {
  private readonly decoder = new AppendDecoder();
  private readonly buffer: InputAudioBuffer;
  private readonly running: RunningTurns;
  private readonly vad: VadTurns;
  private closed = false;

  constructor(
    private readonly context: SessionContext,
    private readonly listener: TurnListener,
    resampler: Resampler,
  ) {
    this.buffer = new InputAudioBuffer(resampler);
    this.running = new RunningTurns(context, this.buffer, listener, (text) => this.vad.revise(text));
    this.vad = new VadTurns(context, this.buffer, this.running, listener);
  }

  /** Somebody is speaking, or audio for a manual commit is coming in. */
  get speaking(): boolean {
    return this.running.open !== null;
  }

  /** Id of the item that the running turn will be; null when there is none. */
  get openItemId(): string | null {
    return this.running.open?.itemId ?? null;
  }

  /** Length of what was appended and belongs to no item yet. */
  get bufferedMs(): number {
    return this.buffer.bufferedMs;
  }

  /** A turn ended and its transcript is not there yet. */
  get recognising(): boolean {
    return this.running.recognising;
  }

  /** Length of everything that was appended, in milliseconds. */
  get audioEndMs(): number {
    return this.buffer.endMs;
  }

  /** Takes base64 of sound in the session's input format. Throws a ClientError when it is not that, or too much. */
  append(base64: string): Promise<void> | void {
    const bytes = decodeBase64(base64, 'audio');
    const format = this.context.config().inputFormat;
    const block = wireBytes(BLOCK_MS, format);
    if (bytes.length > block || this.vad.unheard) return this.appendLong(bytes, format, block);
    this.feedAll(this.decoder.decode(bytes, format));
  }

  clear(): void {
    this.running.drop();
    this.vad.reset();
    this.decoder.reset();
    this.buffer.clear();
    this.context.emit({ type: 'input_audio_buffer.cleared' });
    this.listener.onCleared();
  }

  commit(): void {
    const bufferedMs = samplesToMs(this.buffer.bufferedSamples + this.decoder.heldSamples);
    if (bufferedMs < MIN_COMMIT_MS) {
      throw new ClientError(
        'input_audio_buffer_commit_empty',
        `The input audio buffer is too small to commit: at least ${MIN_COMMIT_MS} ms are needed, it holds ${bufferedMs.toFixed(2)} ms.`,
      );
    }
    this.endSound('client');
  }

  /**
   * The user was silent for too long: what was appended from `fromMs` on becomes an item. False, and nothing happens, while
   * somebody speaks or may have spoken.
   */
  commitSilence(fromMs: number): boolean {
    if (this.running.open !== null || this.vad.unheard || this.closed) return false;
    this.buffer.dropBefore(fromMs);
    const open = this.running.begin();
    this.context.emit({
      type: 'input_audio_buffer.timeout_triggered',
      audio_start_ms: Math.round(this.buffer.startMs),
      audio_end_ms: Math.round(this.buffer.endMs),
      item_id: open.itemId,
    });
    this.endSound('timeout');
    return true;
  }

  /** The session's configuration changed from `before` to what it is now. */
  reconfigure(before: SessionConfig): void {
    this.vad.reconfigure(before);
  }

  close(): void {
    this.closed = true;
    this.vad.close();
    this.running.close();
    this.buffer.close();
  }

  /** Minutes of sound take seconds of work, between which other sessions and `/health` must be served. */
  private async appendLong(bytes: Uint8Array, format: WireFormat, block: number): Promise<void> {
    if (this.vad.unheard) await this.vad.hearBuffered();
    for (let at = 0; at < bytes.length && !this.closed; at += block) {
      this.feedAll(this.decoder.decode(bytes.subarray(at, at + block), format));
      await setImmediate();
    }
  }

  private feedAll(pcm: Pcm16): void {
    for (let at = 0; at < pcm.length; at += PIECE_SAMPLES) this.feed(pcm.subarray(at, at + PIECE_SAMPLES));
  }

  private feed(piece: Pcm16): void {
    const pcm = this.buffer.append(piece);
    if (this.vad.hear(pcm)) return;
    if (this.running.open === null) this.running.begin();
    else this.running.open.utterance.write(pcm);
  }

  /** All that was appended is the turn, what the decoder and the resampler still hold too. */
  private endSound(endedBy: EndedBy): void {
    this.vad.endTurn();
    const held = this.buffer.append(this.decoder.flush());
    this.running.open?.utterance.write(held);
    const open = this.running.open ?? this.running.begin();
    open.utterance.write(this.buffer.finish());
    this.running.end(open, endedBy);
  }
}
