import type { Pcm16 } from '../../shared/audio';
import type { SessionContext } from '../session-context';
import { describeFailure } from '../wire/errors';
import type { SessionConfig } from '../wire/session-config';
import type { InputAudioBuffer } from './input-audio-buffer';
import type { RunningTurns } from './running-turns';
import { type DetectedTurn, SpeechDetector } from './speech-detector';
import { speechWithin } from './speech-within';
import type { TurnListener } from './turn-listener';
import { TurnPauses } from './turn-pauses';

/** Speech is noticed this late at most; audio before it is needed for the prefix padding. */
const NOTICE_MS = 200;

/** Turn detection: begins and ends the turns that the VAD finds in the input audio, while the session wants that. */
export class VadTurns {
  /** What is buffered was appended while turn detection was off, and the VAD has not heard it. */
  unheard = false;
  private readonly detector: SpeechDetector;
  private readonly pauses: TurnPauses;

  constructor(
    private readonly context: SessionContext,
    private readonly buffer: InputAudioBuffer,
    private readonly running: RunningTurns,
    private readonly listener: TurnListener,
  ) {
    this.detector = new SpeechDetector(context.backends.vad, (error) => this.reportBrokenVad(error));
    this.pauses = new TurnPauses(
      context,
      () => buffer.engineEndMs,
      () => this.reconsider(),
    );
  }

  /** Takes what was just buffered, at the engines' rate. False, and nothing happens, while turn detection is off. */
  hear(pcm: Pcm16): boolean {
    const options = this.pauses.options();
    if (options === null) return false;
    this.running.open?.utterance.write(pcm);
    for (const detected of this.detector.push(pcm, this.buffer.engineEndMs, options)) {
      this.takeTurn(detected, options.prefixPaddingMs);
    }
    if (this.running.open !== null) return true;
    const needed = this.buffer.endMs - options.prefixPaddingMs - NOTICE_MS;
    this.buffer.dropBefore(Math.min(needed, this.listener.silentFromMs() ?? needed));
    return true;
  }

  /** What was said while turn detection was off is one turn, however many pauses it has: none of it is lost. */
  async hearBuffered(): Promise<void> {
    const options = this.pauses.options();
    if (options === null) return;
    const { engineEndMs } = this.buffer;
    const audio = this.buffer.engineAudio();
    const speech = await speechWithin(this.detector, audio, engineEndMs, options, this.context.closing);
    // Not before: what may be speech is not to be committed as silence meanwhile.
    this.unheard = false;
    if (speech === null) return;
    this.running.start(speech.beganMs - options.prefixPaddingMs);
    const { event } = speech.latest;
    if (event.type === 'paused' || event.type === 'stopped') this.takeTurn(speech.latest, 0);
  }

  /** More of the open turn's transcript. */
  revise(text: string): void {
    this.pauses.revise(text);
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

  /** The turn is ended by another than the VAD. */
  endTurn(): void {
    this.detector.endTurn();
    this.settle();
  }

  /** All that was heard so far is forgotten. */
  reset(): void {
    this.settle();
    this.detector.reset();
  }

  close(): void {
    this.pauses.end();
    this.detector.close();
  }

  /** Nothing of what is buffered is left to be judged. */
  private settle(): void {
    this.unheard = false;
    this.pauses.end();
  }

  /** Turn detection is on again. */
  private detectAgain(): void {
    if (this.running.open?.announced) {
      this.detector.resumeTurn();
      return;
    }
    // Whether it was speech, and from where on, is for the VAD to say.
    this.unheard = this.running.open !== null;
    this.running.drop();
  }

  private takeTurn({ event, atMs }: DetectedTurn, prefixPaddingMs: number): void {
    switch (event.type) {
      case 'started':
        this.running.start(atMs - event.speechMs - prefixPaddingMs);
        return;
      case 'paused':
        this.pause(atMs - event.silenceMs);
        return;
      case 'resumed':
        this.context.trace({ kind: 'speech-resumed' });
        this.goOn();
        return;
      case 'stopped': {
        const { open } = this.running;
        if (open === null) return;
        this.context.trace({ kind: 'turn-end', audioMs: atMs, silenceMs: event.silenceMs });
        const at = { audio_end_ms: Math.round(atMs), item_id: open.itemId };
        this.context.emit({ type: 'input_audio_buffer.speech_stopped', ...at });
        this.settle();
        this.running.end(open, 'detection');
        return;
      }
      default:
        event satisfies never;
    }
  }

  /** What the end of the turn would have to wait for begins now. */
  private pause(lastSoundMs: number): void {
    const { buffer } = this;
    const { open } = this.running;
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
    this.running.open?.utterance.resume();
    this.listener.onResumed();
  }

  private reportBrokenVad(error: Error): void {
    this.goOn();
    this.context.log.error('voice activity detection failed', { error });
    const body = { ...describeFailure(error), code: 'vad_failed', param: null, event_id: null };
    this.context.emit({ type: 'error', error: body });
  }
}
