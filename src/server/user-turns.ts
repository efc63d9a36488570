import { setImmediate } from 'node:timers/promises';
import { bytesToPcm16, msToSamples, type Pcm16, samplesToMs } from '../shared/audio';
import { toError } from '../shared/log';
import { ENGINE_SAMPLE_RATE, VAD_FRAME_SAMPLES, type VadStream } from './backends';
import type { Entry } from './conversation';
import { ClientError, describeFailure } from './errors';
import { newId } from './ids';
import { InputAudioBuffer } from './input-audio-buffer';
import { spokenBy, spokenUserItem, sttOptions } from './items';
import type { Resampler } from './resampler';
import type { SessionConfig, TurnDetection } from './session-config';
import { turnOptions } from './session-config';
import type { SessionContext } from './session-context';
import { emitTranscriptDelta, reportTranscription } from './transcription';
import { detectTurn, FRAME_MS, isSpeaking, QUIET, type TurnState } from './turn-detector';
import { type SpeechResult, Utterance } from './utterance';

/** Shortest audio that can be committed (REALTIME: errors). */
const MIN_COMMIT_MS = 100;
/** Largest audio of one append event, decoded (REALTIME: client events). */
const MAX_APPEND_BYTES = 15 * 1024 * 1024;
/** Appended audio is taken in pieces of one VAD frame, so that a turn can end in the middle of a long one. */
const PIECE_SAMPLES = msToSamples(FRAME_MS);
/** Appended audio longer than this is taken in blocks. */
const BLOCK_SAMPLES = msToSamples(500);
/** Speech is noticed this late at most; audio before it is needed for the prefix padding. */
const NOTICE_MS = 200;

/** What the session does about turns. */
export interface TurnListener {
  onSpeechStarted(): void;
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
  private readonly buffer: InputAudioBuffer;
  private turn: TurnState = QUIET;
  private vad: VadStream | null = null;
  private vadBroken = false;
  private readonly frame = new Int16Array(VAD_FRAME_SAMPLES);
  private filled = 0;
  private oddByte: Buffer | null = null;
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
  }

  /** Somebody is speaking, or audio for a manual commit is coming in. */
  get speaking(): boolean {
    return this.open !== null;
  }

  /** A turn ended and its transcript is not there yet. */
  get recognising(): boolean {
    return this.ending.size > 0;
  }

  /** Takes base64 of 24 kHz PCM16. Throws a ClientError when it is not that, or too much. */
  append(base64: string): Promise<void> | void {
    const pcm = this.decode(base64);
    if (pcm.length > BLOCK_SAMPLES) return this.appendLong(pcm);
    this.feedAll(pcm);
  }

  clear(): void {
    this.forget();
    this.context.emit({ type: 'input_audio_buffer.cleared' });
    this.listener.onCleared();
  }

  commit(): void {
    const { bufferedMs } = this.buffer;
    if (bufferedMs < MIN_COMMIT_MS) {
      throw new ClientError(
        'input_audio_buffer_commit_empty',
        `The input audio buffer is too small to commit: at least ${MIN_COMMIT_MS} ms are needed, it holds ${bufferedMs.toFixed(2)} ms.`,
      );
    }
    this.turn = QUIET;
    const open = this.open ?? this.openUtterance();
    open.utterance.write(this.buffer.finish());
    this.endTurn(open, false);
  }

  /** The session's configuration changed from `before` to what it is now. */
  reconfigure(before: SessionConfig): void {
    const now = this.context.config().turnDetection;
    const was = before.turnDetection;
    if (now === null || was === null || turnOptions(now).threshold !== turnOptions(was).threshold)
      this.closeVad();
    if (now !== null && was === null) {
      // Audio for a manual commit becomes the past of the first detected turn.
      this.open?.utterance.cancel();
      this.open = null;
    }
  }

  close(): void {
    this.closed = true;
    this.open?.utterance.cancel();
    for (const utterance of this.ending) utterance.cancel();
    this.open = null;
    this.closeVad();
    this.buffer.close();
  }

  private decode(base64: string): Pcm16 {
    const length = Buffer.byteLength(base64, 'base64');
    if (length > MAX_APPEND_BYTES) {
      const mib = length / (1024 * 1024);
      throw new ClientError(
        'invalid_value',
        `The audio of one event may be at most 15 MiB, this is ${mib.toFixed(2)} MiB. Send it in smaller pieces.`,
        'audio',
      );
    }
    if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/u.test(base64)) {
      throw new ClientError('invalid_value', 'The audio is not valid base64.', 'audio');
    }
    // A client may cut its stream between the two bytes of a sample.
    const bytes = Buffer.concat([this.oddByte ?? Buffer.alloc(0), Buffer.from(base64, 'base64')]);
    this.oddByte = bytes.length % 2 === 1 ? bytes.subarray(-1) : null;
    return bytesToPcm16(bytes);
  }

  /** Minutes of sound take seconds of work, between which other sessions and `/health` must be served. */
  private async appendLong(pcm: Pcm16): Promise<void> {
    for (let at = 0; at < pcm.length && !this.closed; at += BLOCK_SAMPLES) {
      this.feedAll(pcm.subarray(at, at + BLOCK_SAMPLES));
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
    this.detect(pcm, turnDetection);
    if (this.open === null) {
      this.buffer.dropBefore(this.buffer.endMs - turnOptions(turnDetection).prefixPaddingMs - NOTICE_MS);
    }
  }

  private detect(pcm: Pcm16, turnDetection: TurnDetection): void {
    for (let at = 0; at < pcm.length; ) {
      const taken = Math.min(VAD_FRAME_SAMPLES - this.filled, pcm.length - at);
      this.frame.set(pcm.subarray(at, at + taken), this.filled);
      this.filled += taken;
      at += taken;
      if (this.filled < VAD_FRAME_SAMPLES) return;
      this.filled = 0;
      this.takeFrame(
        this.buffer.engineEndMs - samplesToMs(pcm.length - at, ENGINE_SAMPLE_RATE),
        turnDetection,
      );
    }
  }

  private takeFrame(frameEndMs: number, turnDetection: TurnDetection): void {
    const options = turnOptions(turnDetection);
    const probability = this.speechProbability(options.threshold);
    if (probability === null) return;
    const { state, event } = detectTurn(this.turn, probability, options);
    this.turn = state;
    switch (event?.type) {
      case undefined:
        return;
      case 'started':
        this.startTurn(frameEndMs - event.speechMs - options.prefixPaddingMs);
        return;
      case 'stopped': {
        const { open } = this;
        if (open === null) return;
        const at = { audio_end_ms: Math.round(frameEndMs), item_id: open.itemId };
        this.context.emit({ type: 'input_audio_buffer.speech_stopped', ...at });
        this.endTurn(open, true);
        return;
      }
      default:
        event satisfies never;
    }
  }

  /** null when there is no working VAD; that is said once for each configuration. */
  private speechProbability(threshold: number): number | null {
    if (this.vadBroken) return null;
    try {
      this.vad ??= this.context.backends.vad.open({ threshold });
      return this.vad.process(this.frame);
    } catch (cause) {
      const error = toError(cause);
      this.context.log.error('voice activity detection failed', { error });
      this.closeVad();
      this.vadBroken = true;
      this.context.emit({
        type: 'error',
        error: { ...describeFailure(error), code: 'vad_failed', param: null, event_id: null },
      });
      return null;
    }
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
      onDelta: (delta) => {
        if (open.announced) emitTranscriptDelta(this.context, itemId, delta);
        else open.keptDelta += delta;
      },
    });
    const open: OpenUtterance = { itemId, utterance, announced: false, keptDelta: '' };
    this.open = open;
    utterance.write(this.buffer.engineAudio());
    return open;
  }

  private endTurn(open: OpenUtterance, automatic: boolean): void {
    this.open = null;
    const { itemId, utterance } = open;
    const { conversation, emit } = this.context;
    const speech = spokenBy(this.buffer.take(), utterance.result);
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
      reportTranscription(this.context, entry, 0, result);
      this.listener.onTurn(result, automatic);
    });
  }

  private forget(): void {
    this.open?.utterance.cancel();
    this.open = null;
    this.oddByte = null;
    this.buffer.clear();
    this.turn = QUIET;
    this.filled = 0;
    this.vad?.reset();
  }

  private closeVad(): void {
    this.vad?.close();
    this.vad = null;
    this.vadBroken = false;
    if (!isSpeaking(this.turn) || this.context.config().turnDetection === null) this.turn = QUIET;
    this.filled = 0;
  }
}
