import { sttOptions } from '../conversation/items';
import { emitTranscriptDelta } from '../conversation/transcription';
import { Utterance } from '../conversation/utterance';
import type { SessionContext } from '../session-context';
import { newId } from '../wire/ids';

/** What is being said now: an utterance under way, and the item that it will be. */
export class OpenTurn {
  readonly itemId = newId('item');
  readonly utterance: Utterance;
  /** The latest partial transcript, whole. */
  partial = '';
  private known = false;
  private keptDelta = '';

  /** `speaker` is the same object for everything one person says; `onPartial` is told each new transcript so far. */
  constructor(
    private readonly context: SessionContext,
    speaker: object,
    onPartial: (text: string) => void,
  ) {
    this.utterance = new Utterance(context.backends.stt, {
      ...sttOptions(context.config()),
      speaker,
      onDelta: (delta) => {
        if (this.known) emitTranscriptDelta(context, this.itemId, delta);
        else this.keptDelta += delta;
      },
      onPartial: (text) => {
        this.partial = text;
        onPartial(text);
      },
    });
  }

  /** The client knows the item's id. */
  get announced(): boolean {
    return this.known;
  }

  /** The client was told the item's id: what is known of its transcript can be sent. */
  announce(): void {
    this.known = true;
    emitTranscriptDelta(this.context, this.itemId, this.keptDelta);
    this.keptDelta = '';
  }
}
