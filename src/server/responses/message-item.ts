import { type Pcm16, samplesToMs } from '../../shared/audio';
import type { Entry, SpokenAnswer } from '../conversation/conversation';
import { addSound } from '../conversation/heard';
import { newId } from '../wire/ids';
import { createWireEncoder, type WireEncoder, type WireFormat } from '../wire/wire-audio';
import type { OutputItems, OutputSlot } from './output-items';

/** One assistant message on its way out: text, or speech with its transcript. */
export class MessageItem {
  private text = '';
  private readonly slot: OutputSlot;
  private readonly answer: SpokenAnswer | null;
  private readonly encoder: WireEncoder;

  /** `response.output_item.added` up to `response.content_part.added`. */
  constructor(
    private readonly modality: 'audio' | 'text',
    format: WireFormat,
    private readonly output: OutputItems,
  ) {
    const id = newId('item');
    this.encoder = createWireEncoder(format);
    const { responseId } = output;
    this.answer =
      modality === 'audio'
        ? { responseId, sentences: [], audioMs: 0, audio: [], heardMs: null, skipped: false }
        : null;
    const entry: Entry = {
      id,
      item: {
        id,
        object: 'realtime.item',
        type: 'message',
        role: 'assistant',
        status: 'in_progress',
        content: [],
      },
      speech: null,
      answer: this.answer,
    };
    this.slot = output.open(entry);
    this.slot.emit({ type: 'response.content_part.added', ...this.at, part: this.part('') });
  }

  write(delta: string): void {
    this.text += delta;
    const type =
      this.modality === 'audio' ? 'response.output_audio_transcript.delta' : 'response.output_text.delta';
    this.slot.emit({ type, ...this.at, delta });
  }

  /** A sentence begins to sound. */
  beginSentence(text: string): void {
    const { answer } = this;
    // Times are of this item: the response may hold others before it.
    answer?.sentences.push({ text, startMs: answer.audioMs, endMs: null, voice: [] });
  }

  endSentence(): void {
    const { answer } = this;
    const sentence = answer?.sentences.at(-1);
    if (answer !== null && sentence !== undefined) sentence.endMs = answer.audioMs;
  }

  /** 24 kHz. */
  writeAudio(pcm: Pcm16): void {
    const { answer } = this;
    if (answer !== null) {
      addSound(answer.sentences.at(-1), pcm, answer.audioMs);
      answer.audioMs += samplesToMs(pcm.length);
    }
    this.output.keepAudio(this.slot.entry, pcm);
    this.send(this.encoder.encode(pcm));
  }

  close(status: 'completed' | 'incomplete'): void {
    const { text, at, slot } = this;
    const { id } = slot.entry;
    const spoken = this.modality === 'audio';
    if (spoken) {
      this.send(this.encoder.flush());
      slot.emit({ type: 'response.output_audio.done', ...at });
      slot.emit({ type: 'response.output_audio_transcript.done', ...at, transcript: text });
    } else slot.emit({ type: 'response.output_text.done', ...at, text });
    slot.emit({ type: 'response.content_part.done', ...at, part: this.part(text) });
    // The transcript of a message that was truncated meanwhile stays removed, as the protocol has it.
    const transcript = this.answer?.heardMs == null ? { transcript: text } : {};
    slot.close({
      id,
      object: 'realtime.item',
      type: 'message',
      role: 'assistant',
      status,
      content: [spoken ? { type: 'output_audio', ...transcript } : { type: 'output_text', text }],
    });
  }

  private send(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const delta = bytes.toString('base64');
    this.slot.emit({ type: 'response.output_audio.delta', ...this.at, delta });
  }

  private get at() {
    return { ...this.slot.at, content_index: 0 };
  }

  private part(text: string) {
    return this.modality === 'audio'
      ? ({ type: 'audio', transcript: text } as const)
      : ({ type: 'text', text } as const);
  }
}
