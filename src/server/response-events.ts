/** Writes one response as wire events, in the protocol's order (REALTIME: turns). */
import { pcm16ToBytes, samplesToMs } from '../shared/audio';
import type { Item, RealtimeResponse } from '../shared/realtime';
import type { Conversation, Entry } from './conversation';
import { newId } from './ids';
import type { ResponsePart } from './response';
import type { Emit } from './server-events';
import { type Outcome, type ResponseFacts, type TokenUsage, toWireResponse } from './wire-response';

type Message = { entry: Entry; outputIndex: number; text: string };

export class ResponseWriter {
  private readonly output: Item[] = [];
  private message: Message | null = null;
  private usage: TokenUsage | null = null;
  private outputCount = 0;
  private done = false;
  /** Set when the LLM stopped before the end. */
  stopped: Extract<Outcome, { status: 'incomplete' }> | null = null;

  constructor(
    private readonly facts: ResponseFacts,
    private readonly conversation: Conversation,
    private readonly emit: Emit,
  ) {}

  /** `response.created`. */
  begin(): void {
    this.emit({ type: 'response.created', response: this.wire(null) });
  }

  /** Ignored once the response is finished: what an engine gives after an abort is stale. */
  write(part: ResponsePart): void {
    if (this.done) return;
    switch (part.type) {
      case 'text':
        this.writeText(part.text);
        return;
      case 'sentence':
        this.openMessage().entry.answer?.sentences.push({ ...part, endMs: null });
        return;
      case 'sentence-end': {
        const sentence = this.message?.entry.answer?.sentences.at(-1);
        if (sentence !== undefined) sentence.endMs = part.endMs;
        return;
      }
      case 'audio':
        this.writeAudio(part);
        return;
      case 'tool-call':
        this.writeToolCall(part);
        return;
      case 'usage':
        this.usage = { input: part.inputTokens, output: part.outputTokens };
        return;
      case 'stopped':
        this.stopped = { status: 'incomplete', reason: part.reason };
        return;
      default:
        part satisfies never;
    }
  }

  /** Ends what is open, then `response.done`; only the first call counts. */
  finish(outcome: Outcome): void {
    if (this.done) return;
    this.closeMessage(outcome.status === 'completed' ? 'completed' : 'incomplete');
    this.done = true;
    this.emit({ type: 'response.done', response: this.wire(outcome) });
    this.emit({ type: 'rate_limits.updated', rate_limits: [] });
  }

  private writeText(delta: string): void {
    if (delta === '') return;
    const message = this.openMessage();
    message.text += delta;
    const type =
      this.facts.modality === 'audio'
        ? 'response.output_audio_transcript.delta'
        : 'response.output_text.delta';
    this.emit({ type, ...this.at(message), delta });
  }

  private writeAudio({ pcm }: Extract<ResponsePart, { type: 'audio' }>): void {
    const message = this.openMessage();
    if (message.entry.answer !== null) message.entry.answer.audioMs += samplesToMs(pcm.length);
    const delta = Buffer.from(pcm16ToBytes(pcm)).toString('base64');
    this.emit({ type: 'response.output_audio.delta', ...this.at(message), delta });
  }

  private openMessage(): Message {
    if (this.message !== null) return this.message;
    const id = newId('item');
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
      answer: this.facts.modality === 'audio' ? { sentences: [], audioMs: 0, heardMs: null } : null,
    };
    this.message = { entry, outputIndex: this.outputCount++, text: '' };
    this.addItem(entry, this.message.outputIndex);
    this.emit({ type: 'response.content_part.added', ...this.at(this.message), part: this.part('') });
    return this.message;
  }

  private closeMessage(status: 'completed' | 'incomplete'): void {
    const { message } = this;
    if (message === null) return;
    this.message = null;
    const { entry, text } = message;
    const at = this.at(message);
    const spoken = this.facts.modality === 'audio';
    if (spoken) {
      this.emit({ type: 'response.output_audio.done', ...at });
      this.emit({ type: 'response.output_audio_transcript.done', ...at, transcript: text });
    } else this.emit({ type: 'response.output_text.done', ...at, text });
    this.emit({ type: 'response.content_part.done', ...at, part: this.part(text) });
    // The transcript of a message that was truncated meanwhile stays removed, as the protocol has it.
    const transcript = entry.answer?.heardMs == null ? { transcript: text } : {};
    entry.item = {
      id: entry.id,
      object: 'realtime.item',
      type: 'message',
      role: 'assistant',
      status,
      content: [spoken ? { type: 'output_audio', ...transcript } : { type: 'output_text', text }],
    };
    this.closeItem(entry, message.outputIndex);
  }

  private writeToolCall(part: Extract<ResponsePart, { type: 'tool-call' }>): void {
    this.closeMessage('completed');
    const id = newId('item');
    const outputIndex = this.outputCount++;
    const call = {
      id,
      object: 'realtime.item',
      type: 'function_call',
      call_id: part.callId,
      name: part.name,
    } as const;
    const entry: Entry = {
      id,
      item: { ...call, status: 'in_progress', arguments: '' },
      speech: null,
      answer: null,
    };
    this.addItem(entry, outputIndex);
    const at = { response_id: this.facts.id, item_id: id, output_index: outputIndex, call_id: part.callId };
    this.emit({ type: 'response.function_call_arguments.delta', ...at, delta: part.arguments });
    this.emit({
      type: 'response.function_call_arguments.done',
      ...at,
      name: part.name,
      arguments: part.arguments,
    });
    entry.item = { ...call, status: 'completed', arguments: part.arguments };
    this.closeItem(entry, outputIndex);
  }

  private addItem(entry: Entry, outputIndex: number): void {
    const { id, conversationId } = this.facts;
    this.emit({
      type: 'response.output_item.added',
      response_id: id,
      output_index: outputIndex,
      item: entry.item,
    });
    if (conversationId === null) return;
    const previous = this.conversation.insert(entry);
    this.emit({ type: 'conversation.item.added', previous_item_id: previous, item: entry.item });
  }

  private closeItem(entry: Entry, outputIndex: number): void {
    const { id, conversationId } = this.facts;
    this.output.push(entry.item);
    // An item may have been deleted while it was written.
    if (conversationId !== null && this.conversation.find(entry.id) !== undefined) {
      const previous = this.conversation.previousOf(entry.id);
      this.emit({ type: 'conversation.item.done', previous_item_id: previous, item: entry.item });
    }
    this.emit({
      type: 'response.output_item.done',
      response_id: id,
      output_index: outputIndex,
      item: entry.item,
    });
  }

  private at({ entry, outputIndex }: Message) {
    return { response_id: this.facts.id, item_id: entry.id, output_index: outputIndex, content_index: 0 };
  }

  private part(text: string) {
    return this.facts.modality === 'audio'
      ? ({ type: 'audio', transcript: text } as const)
      : ({ type: 'text', text } as const);
  }

  private wire(outcome: Outcome | null): RealtimeResponse {
    return toWireResponse(this.facts, this.output, outcome, this.usage);
  }
}
