import { setImmediate } from 'node:timers/promises';
import { msToSamples, type Pcm16, samplesToMs } from '../../shared/audio';
import type { Utterance } from '../conversation/utterance';
import type { SessionContext } from '../session-context';
import { AppendDecoder, decodeBase64 } from '../wire/append-decoder';
import { ClientError, describeFailure } from '../wire/errors';
import type { Resampler } from '../wire/resampler';
import type { SessionConfig } from '../wire/session-config';
import { type WireFormat, wireBytes } from '../wire/wire-audio';
import { commitTurn, type EndedBy } from './commit-turn';
import { InputAudioBuffer } from './input-audio-buffer';
import { OpenTurn } from './open-turn';
import { type DetectedTurn, SpeechDetector } from './speech-detector';
import { speechWithin } from './speech-within';
import { FRAME_MS } from './turn-detector';
import type { TurnListener } from './turn-listener';
import { TurnPauses } from './turn-pauses';

/** Shortest audio that can be committed (REALTIME: errors). */
const MIN_COMMIT_MS = 100;
/** Appended audio is taken in pieces of one VAD frame, so that a turn can end in the middle of a long one. */
const PIECE_SAMPLES = msToSamples(FRAME_MS);
/** Appended audio longer than this is taken in blocks. */
const BLOCK_MS = 500;
/** Speech is noticed this late at most; audio before it is needed for the prefix padding. */
const NOTICE_MS = 200;

/** From appended audio to user items with transcripts: VAD turns, manual commits and silences. */
export class UserTurns {
  private readonly decoder = new AppendDecoder();
  private readonly buffer: InputAudioBuffer;
  private readonly detector: SpeechDetector;
  private readonly pauses: TurnPauses;
  /** Everything in this session is said by one voice. */
  private readonly speaker = {};
  private closed = false;
  private open: OpenTurn | null = null;
  /** What is buffered was appended while turn detection was off, and the VAD has not heard it. */
  private unheard = false;
  /** Of turns that ended and whose transcript is not there yet. */
  private readonly ending = new Set<Utterance>();

  constructor(
    private readonly context: SessionContext,
    private readonly listener: TurnListener,
    resampler: Resampler,
  ) {
    this.buffer = new InputAudioBuffer(resampler);
    this.detector = new SpeechDetector(context.backends.vad, (error) => this.reportBrokenVad(error));
    this.pauses = new TurnPauses(
      context,
      () => this.buffer.engineEndMs,
      () => this.reconsider(),
    );
  }

  /** Somebody is speaking, or audio for a manual commit is coming in. */
  get speaking(): boolean {
    return this.open !== null;
  }

  /** Id of the item that the running turn will be; null when there is none. */
  get openItemId(): string | null {
    return this.open?.itemId ?? null;
  }

  /** Length of what was appended and belongs to no item yet. */
  get bufferedMs(): number {
    return this.buffer.bufferedMs;
  }

  /** A turn ended and its transcript is not there yet. */
  get recognising(): boolean {
    return this.ending.size > 0;
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
    if (bytes.length > block || this.unheard) return this.appendLong(bytes, format, block);
    this.feedAll(this.decoder.decode(bytes, format));
  }

  clear(): void {
    this.forget();
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
    if (this.open !== null || this.unheard || this.closed) return false;
    this.buffer.dropBefore(fromMs);
    const open = this.openTurn();
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
    const now = this.context.config().turnDetection;
    const was = before.turnDetection;
    if (now === null || was === null) {
      if (now === was) return;
      this.detector.reopen();
      if (now === null) this.goOn();
      else this.detectAgain();
      // What was appended with turn detection off stays, whoever looks at it next.
      this.unheard &&= now !== null;
      return;
    }
    if (now.type !== was.type) this.pauses.rejudge();
  }

  close(): void {
    this.closed = true;
    this.pauses.end();
    this.open?.utterance.cancel();
    for (const utterance of this.ending) utterance.cancel();
    this.open = null;
    this.detector.close();
    this.buffer.close();
  }

  /** Minutes of sound take seconds of work, between which other sessions and `/health` must be served. */
  private async appendLong(bytes: Uint8Array, format: WireFormat, block: number): Promise<void> {
    if (this.unheard) await this.hearBuffered();
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
    const options = this.pauses.options();
    if (options === null) {
      if (this.open === null) this.openTurn();
      else this.open.utterance.write(pcm);
      return;
    }
    this.open?.utterance.write(pcm);
    for (const detected of this.detector.push(pcm, this.buffer.engineEndMs, options)) {
      this.takeTurn(detected, options.prefixPaddingMs);
    }
    if (this.open !== null) return;
    const needed = this.buffer.endMs - options.prefixPaddingMs - NOTICE_MS;
    this.buffer.dropBefore(Math.min(needed, this.listener.silentFromMs() ?? needed));
  }

  /** Turn detection is on again. */
  private detectAgain(): void {
    if (this.open?.announced) {
      this.detector.resumeTurn();
      return;
    }
    // Whether it was speech, and from where on, is for the VAD to say.
    this.unheard = this.open !== null;
    this.open?.utterance.cancel();
    this.open = null;
  }

  /** What was said while turn detection was off is one turn, however many pauses it has: none of it is lost. */
  private async hearBuffered(): Promise<void> {
    const options = this.pauses.options();
    if (options === null) return;
    const { engineEndMs } = this.buffer;
    const audio = this.buffer.engineAudio();
    const speech = await speechWithin(this.detector, audio, engineEndMs, options, this.context.closing);
    // Not before: what may be speech is not to be committed as silence meanwhile.
    this.unheard = false;
    if (speech === null) return;
    this.startTurn(speech.beganMs - options.prefixPaddingMs);
    const { event } = speech.latest;
    if (event.type === 'paused' || event.type === 'stopped') this.takeTurn(speech.latest, 0);
  }

  private takeTurn({ event, atMs }: DetectedTurn, prefixPaddingMs: number): void {
    switch (event.type) {
      case 'started':
        this.startTurn(atMs - event.speechMs - prefixPaddingMs);
        return;
      case 'paused':
        this.pause(atMs - event.silenceMs);
        return;
      case 'resumed':
        this.context.trace({ kind: 'speech-resumed' });
        this.goOn();
        return;
      case 'stopped': {
        const { open } = this;
        if (open === null) return;
        this.context.trace({ kind: 'turn-end', audioMs: atMs, silenceMs: event.silenceMs });
        const at = { audio_end_ms: Math.round(atMs), item_id: open.itemId };
        this.context.emit({ type: 'input_audio_buffer.speech_stopped', ...at });
        this.endTurn(open, 'detection');
        return;
      }
      default:
        event satisfies never;
    }
  }

  /** What the end of the turn would have to wait for begins now. */
  private pause(lastSoundMs: number): void {
    const { open, buffer } = this;
    if (open === null) return;
    const settled = this.pauses.begin({
      open,
      lastSoundMs,
      startMs: buffer.startMs,
      audio: () => buffer.engineAudio(),
    });
    this.listener.onPause(open.itemId, settled);
  }

  /** The silence so far may have been long enough. */
  private reconsider(): void {
    const options = this.pauses.options();
    const event = options === null ? null : this.detector.reconsider(options);
    if (event !== null) this.takeTurn({ event, atMs: this.buffer.engineEndMs }, 0);
  }

  /** The turn is not over, or nobody can tell any more whether it is. */
  private goOn(): void {
    this.pauses.end();
    this.open?.utterance.resume();
    this.listener.onResumed();
  }

  private reportBrokenVad(error: Error): void {
    this.goOn();
    this.context.log.error('voice activity detection failed', { error });
    const body = { ...describeFailure(error), code: 'vad_failed', param: null, event_id: null };
    this.context.emit({ type: 'error', error: body });
  }

  private startTurn(startMs: number): void {
    this.buffer.dropBefore(startMs);
    const open = this.openTurn();
    open.announce();
    this.context.emit({
      type: 'input_audio_buffer.speech_started',
      audio_start_ms: Math.round(this.buffer.startMs),
      item_id: open.itemId,
    });
    this.listener.onSpeechStarted();
  }

  /** Begins a turn with everything that is buffered. */
  private openTurn(): OpenTurn {
    const open = new OpenTurn(this.context, this.speaker, (text) => {
      if (this.open === open) this.pauses.revise(text);
    });
    this.open = open;
    open.utterance.write(this.buffer.engineAudio());
    this.listener.onUtterance();
    return open;
  }

  /** All that was appended is the turn, what the decoder and the resampler still hold too. */
  private endSound(endedBy: EndedBy): void {
    this.detector.endTurn();
    const held = this.buffer.append(this.decoder.flush());
    this.open?.utterance.write(held);
    const open = this.open ?? this.openTurn();
    open.utterance.write(this.buffer.finish());
    this.endTurn(open, endedBy);
  }

  private endTurn(open: OpenTurn, endedBy: EndedBy): void {
    this.open = null;
    this.unheard = false;
    this.pauses.end();
    const { utterance } = open;
    this.ending.add(utterance);
    void commitTurn(this.context, open, this.buffer.take(), endedBy).then((result) => {
      this.ending.delete(utterance);
      this.listener.onTurn(result, endedBy === 'detection');
    });
  }

  private forget(): void {
    this.open?.utterance.cancel();
    this.open = null;
    this.unheard = false;
    this.pauses.end();
    this.decoder.reset();
    this.buffer.clear();
    this.detector.reset();
  }
}
