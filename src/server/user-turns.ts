import { setImmediate } from 'node:timers/promises';
import { msToSamples, type Pcm16, SAMPLE_RATE, samplesToMs } from '../shared/audio';
import { AppendDecoder, decodeBase64 } from './append-decoder';
import type { Entry } from './conversation';
import { ClientError, describeFailure } from './errors';
import { newId } from './ids';
import { InputAudioBuffer } from './input-audio-buffer';
import { spokenBy, spokenUserItem, sttOptions } from './items';
import type { Resampler } from './resampler';
import { type SessionConfig, turnOptions } from './session-config';
import type { SessionContext } from './session-context';
import { type DetectedTurn, SpeechDetector } from './speech-detector';
import { emitTranscriptDelta, reportTranscription } from './transcription';
import { FRAME_MS } from './turn-detector';
import { type SpeechResult, Utterance } from './utterance';
import { type WireFormat, wireBytes } from './wire-audio';

/** Shortest audio that can be committed (REALTIME: errors). */
const MIN_COMMIT_MS = 100;
/** Appended audio is taken in pieces of one VAD frame, so that a turn can end in the middle of a long one. */
const PIECE_SAMPLES = msToSamples(FRAME_MS);
/** Appended audio longer than this is taken in blocks. */
const BLOCK_MS = 500;
/** Speech is noticed this late at most; audio before it is needed for the prefix padding. */
const NOTICE_MS = 200;

/** What the session does about turns. */
export interface TurnListener {
  /** Sound for a turn, detected or not, begins to come in. */
  onUtterance(): void;
  onSpeechStarted(): void;
  /** The user is silent: their turn may be over. `settled` is what they said if it is; null when that cannot be told. */
  onPause(itemId: string, settled: Promise<SpeechResult | null>): void;
  /** The turn was not over. */
  onResumed(): void;
  /** `automatic` when turn detection ended the turn, not the client. */
  onTurn(result: SpeechResult, automatic: boolean): void;
  /** What was being said is forgotten. */
  onCleared(): void;
}

interface OpenUtterance {
  itemId: string;
  utterance: Utterance;
  /** The client knows the item's id, so deltas can be sent; until then they are kept. */
  announced: boolean;
  keptDelta: string;
}

/** From appended audio to user items with transcripts: VAD turns and manual commits. */
export class UserTurns {
  private readonly decoder = new AppendDecoder();
  private readonly buffer: InputAudioBuffer;
  private readonly detector: SpeechDetector;
  /** Everything in this session is said by one voice. */
  private readonly speaker = {};
  private closed = false;
  private open: OpenUtterance | null = null;
  /** Of turns that ended and whose transcript is not there yet. */
  private readonly ending = new Set<Utterance>();

  constructor(
    private readonly context: SessionContext,
    private readonly listener: TurnListener,
    resampler: Resampler,
  ) {
    this.buffer = new InputAudioBuffer(resampler);
    this.detector = new SpeechDetector(context.backends.vad, (error) => this.reportBrokenVad(error));
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

  /** Takes base64 of sound in the session's input format. Throws a ClientError when it is not that, or too much. */
  append(base64: string): Promise<void> | void {
    const bytes = decodeBase64(base64, 'audio');
    const format = this.context.config().inputFormat;
    const block = wireBytes(BLOCK_MS, format);
    if (bytes.length > block) return this.appendLong(bytes, format, block);
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
    this.detector.endTurn();
    const held = this.buffer.append(this.decoder.flush());
    this.open?.utterance.write(held);
    const open = this.open ?? this.openUtterance();
    open.utterance.write(this.buffer.finish());
    this.endTurn(open, false);
  }

  /** The session's configuration changed from `before` to what it is now. */
  reconfigure(before: SessionConfig): void {
    const now = this.context.config().turnDetection;
    const was = before.turnDetection;
    if ((now === null) === (was === null)) return;
    this.detector.reopen();
    if (now === null) {
      this.goOn();
      return;
    }
    // Audio for a manual commit becomes the past of the first detected turn.
    this.open?.utterance.cancel();
    this.open = null;
  }

  close(): void {
    this.closed = true;
    this.open?.utterance.cancel();
    for (const utterance of this.ending) utterance.cancel();
    this.open = null;
    this.detector.close();
    this.buffer.close();
  }

  /** Minutes of sound take seconds of work, between which other sessions and `/health` must be served. */
  private async appendLong(bytes: Uint8Array, format: WireFormat, block: number): Promise<void> {
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
    const { turnDetection } = this.context.config();
    if (turnDetection === null) {
      if (this.open === null) this.openUtterance();
      else this.open.utterance.write(pcm);
      return;
    }
    this.open?.utterance.write(pcm);
    const options = turnOptions(turnDetection);
    for (const detected of this.detector.push(pcm, this.buffer.engineEndMs, options)) {
      this.takeTurn(detected, options.prefixPaddingMs);
    }
    if (this.open === null) this.buffer.dropBefore(this.buffer.endMs - options.prefixPaddingMs - NOTICE_MS);
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
        this.endTurn(open, true);
        return;
      }
      default:
        event satisfies never;
    }
  }

  /** What the end of the turn would have to wait for begins now. */
  private pause(lastSoundMs: number): void {
    if (this.open === null) return;
    const { itemId, utterance } = this.open;
    this.context.trace({ kind: 'speech-end', audioMs: lastSoundMs });
    const settled = utterance.settle();
    void settled.then((result) => {
      if (result !== null) this.context.trace({ kind: 'transcript', prepared: true });
    });
    this.listener.onPause(itemId, settled);
  }

  /** The turn is not over, or nobody can tell any more whether it is. */
  private goOn(): void {
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
    const open = this.openUtterance();
    open.announced = true;
    this.context.emit({
      type: 'input_audio_buffer.speech_started',
      audio_start_ms: Math.round(this.buffer.startMs),
      item_id: open.itemId,
    });
    this.listener.onSpeechStarted();
  }

  /** Begins an utterance with everything that is buffered. */
  private openUtterance(): OpenUtterance {
    const itemId = newId('item');
    const { backends, config } = this.context;
    const utterance = new Utterance(backends.stt, {
      ...sttOptions(config()),
      speaker: this.speaker,
      onDelta: (delta) => {
        if (open.announced) emitTranscriptDelta(this.context, itemId, delta);
        else open.keptDelta += delta;
      },
    });
    const open: OpenUtterance = { itemId, utterance, announced: false, keptDelta: '' };
    this.open = open;
    utterance.write(this.buffer.engineAudio());
    this.listener.onUtterance();
    return open;
  }

  private endTurn(open: OpenUtterance, automatic: boolean): void {
    this.open = null;
    const { itemId, utterance } = open;
    const { conversation, emit } = this.context;
    const sound = { audio: this.buffer.take(), sampleRate: SAMPLE_RATE };
    const speech = spokenBy(sound, utterance.result);
    const entry: Entry = { id: itemId, item: spokenUserItem(itemId), speech, answer: null };
    const previous = conversation.insert(entry);
    emit({ type: 'input_audio_buffer.committed', item_id: itemId, previous_item_id: previous });
    emit({ type: 'conversation.item.added', previous_item_id: previous, item: entry.item });
    emit({ type: 'conversation.item.done', previous_item_id: previous, item: entry.item });
    open.announced = true;
    emitTranscriptDelta(this.context, itemId, open.keptDelta);
    this.ending.add(utterance);
    utterance.end();
    void speech.recognised.then((result) => {
      this.ending.delete(utterance);
      this.context.trace({ kind: 'transcript', prepared: false });
      reportTranscription(this.context, entry, 0, result);
      this.listener.onTurn(result, automatic);
    });
  }

  private forget(): void {
    this.open?.utterance.cancel();
    this.open = null;
    this.decoder.reset();
    this.buffer.clear();
    this.detector.reset();
  }
}
