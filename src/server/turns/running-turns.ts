import type { Utterance } from '../conversation/utterance';
import type { SessionContext } from '../session-context';
import { commitTurn, type EndedBy } from './commit-turn';
import type { InputAudioBuffer } from './input-audio-buffer';
import { OpenTurn } from './open-turn';
import type { TurnListener } from './turn-listener';

/** The turns of one session that are not heard to the end: the open one, and those whose transcript is still to come. */
export class RunningTurns {
  /** Everything in this session is said by one voice. */
  private readonly speaker = {};
  private current: OpenTurn | null = null;
  private readonly ending = new Set<Utterance>();

  /** `onText` is given the open turn's transcript so far whenever it grows. */
  constructor(
    private readonly context: SessionContext,
    private readonly buffer: InputAudioBuffer,
    private readonly listener: TurnListener,
    private readonly onText: (text: string) => void,
  ) {}

  get open(): OpenTurn | null {
    return this.current;
  }

  /** A turn ended and its transcript is not there yet. */
  get recognising(): boolean {
    return this.ending.size > 0;
  }

  /** Begins a turn with everything that is buffered. */
  begin(): OpenTurn {
    const open = new OpenTurn(this.context, this.speaker, (text) => {
      if (this.current === open) this.onText(text);
    });
    this.current = open;
    open.utterance.write(this.buffer.engineAudio());
    this.listener.onUtterance();
    return open;
  }

  /** Somebody was heard to speak: a turn begins with what is buffered from `startMs` on, and the client is told. */
  start(startMs: number): void {
    this.buffer.dropBefore(startMs);
    const open = this.begin();
    open.announce();
    this.context.emit({
      type: 'input_audio_buffer.speech_started',
      audio_start_ms: Math.round(this.buffer.startMs),
      item_id: open.itemId,
    });
    this.listener.onSpeechStarted();
  }

  /** `open` is over: what is buffered becomes its item, and its transcript follows. */
  end(open: OpenTurn, endedBy: EndedBy): void {
    this.current = null;
    const { utterance } = open;
    this.ending.add(utterance);
    void commitTurn(this.context, open, this.buffer.take(), endedBy).then((result) => {
      this.ending.delete(utterance);
      this.listener.onTurn(result, endedBy === 'detection');
    });
  }

  /** The open turn comes to nothing. */
  drop(): void {
    this.current?.utterance.cancel();
    this.current = null;
  }

  close(): void {
    this.drop();
    for (const utterance of this.ending) utterance.cancel();
  }
}
