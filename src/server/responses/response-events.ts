/** Writes one response as wire events, in the protocol's order (REALTIME: turns). */
import type { RealtimeResponse } from '../../shared/realtime';
import type { Conversation } from '../conversation/conversation';
import type { Emit } from '../wire/server-events';
import { functionCall } from './function-call';
import { MessageItem } from './message-item';
import { OutputItems } from './output-items';
import type { ResponsePart } from './response';
import type { CallItem, CallKind, ToolCall } from './tool-kinds';
import { type InputTokens, NO_INPUT, OutputMeter } from './usage';
import { type Outcome, type ResponseFacts, toWireResponse } from './wire-response';

interface OpenCall {
  callId: string;
  item: CallItem;
  args: string;
}

export class ResponseWriter {
  private readonly output: OutputItems;
  private message: MessageItem | null = null;
  private call: OpenCall | null = null;
  /** Calls that the server runs, with what each is told when the response ends before. */
  private readonly running = new Map<Promise<void>, OpenCall>();
  private readonly meter: OutputMeter;
  private input: InputTokens = NO_INPUT;
  /** What the LLM counted of its answer. */
  private counted: number | null = null;
  private calls = 0;
  /** A call too many is being written. */
  private ignoring = false;
  private done = false;
  private stoppedBy: 'max_output_tokens' | 'content_filter' | null = null;

  constructor(
    private readonly facts: ResponseFacts,
    conversation: Conversation,
    private readonly emit: Emit,
    /** Of the tools that the server runs; all others are functions. */
    private readonly serverKind: (name: string) => CallKind | null = () => null,
  ) {
    this.output = new OutputItems(facts, conversation, emit);
    this.meter = new OutputMeter(facts.modality === 'audio', facts.maxOutputTokens);
  }

  /** How the answer ends when its last part was written. */
  get outcome(): Extract<Outcome, { status: 'completed' | 'incomplete' }> {
    const reason = this.meter.cut ? 'max_output_tokens' : this.stoppedBy;
    return reason === null ? { status: 'completed' } : { status: 'incomplete', reason };
  }

  /** The limit of output tokens is reached: nothing more is written. */
  get full(): boolean {
    return this.meter.full;
  }

  /** The LLM is asked with so many tokens. */
  asked(input: InputTokens): void {
    this.input = input;
  }

  /** `response.created`. */
  begin(): void {
    this.emit({ type: 'response.created', response: this.wire(null) });
  }

  /** Ignored once the response is finished: what an engine gives after an abort is stale. */
  write(part: ResponsePart): void {
    if (this.done || this.full) return;
    switch (part.type) {
      case 'text': {
        const text = this.meter.text(part.text);
        if (text !== '') this.openMessage().write(text);
        return;
      }
      case 'sentence':
        this.meter.sentence(part.text);
        this.openMessage().beginSentence(part.text);
        return;
      case 'sentence-end':
        this.message?.endSentence();
        return;
      case 'audio': {
        const pcm = this.meter.audio(part.pcm);
        if (pcm.length > 0) this.openMessage().writeAudio(pcm);
        return;
      }
      case 'tool-call-start':
        this.openCall(part);
        return;
      case 'tool-call-delta':
        if (!this.ignoring) this.writeArguments(part.delta);
        return;
      case 'tool-call':
        this.endCall(part);
        return;
      case 'usage':
        this.counted = part.outputTokens;
        this.input = { ...this.input, text: part.inputTokens, image: 0, cached: part.cachedTokens ?? 0 };
        return;
      case 'stopped':
        this.stoppedBy = part.reason;
        return;
      default:
        part satisfies never;
    }
  }

  /** Settles when no call is running on the server. */
  async settled(): Promise<void> {
    await Promise.all(this.running.keys());
  }

  /** Ends what is open, then `response.done`; only the first call counts. */
  finish(outcome: Outcome): void {
    if (this.done) return;
    this.closeMessage(outcome.status === 'completed' ? 'completed' : 'incomplete');
    this.cutCall();
    for (const { item, args } of this.running.values()) item.cut(args);
    this.running.clear();
    this.done = true;
    this.emit({ type: 'response.done', response: this.wire(outcome) });
  }

  private openMessage(): MessageItem {
    this.message ??= new MessageItem(this.facts.modality, this.facts.format, this.output);
    return this.message;
  }

  private closeMessage(status: 'completed' | 'incomplete'): void {
    this.message?.close(status);
    this.message = null;
  }

  /** null when no more calls are wanted. */
  private openCall(call: ToolCall): OpenCall | null {
    this.cutCall();
    this.ignoring = this.calls >= this.facts.maxCalls;
    if (this.ignoring) return null;
    this.calls++;
    this.closeMessage('completed');
    this.meter.call(call.name);
    const kind = this.serverKind(call.name) ?? functionCall;
    this.call = { callId: call.callId, item: kind.open(call, this.output), args: '' };
    return this.call;
  }

  private writeArguments(delta: string): void {
    const fits = this.meter.call(delta);
    if (this.call === null || fits === '') return;
    this.call.args += fits;
    this.call.item.delta(fits);
  }

  private endCall(part: Extract<ResponsePart, { type: 'tool-call' }>): void {
    const call = this.call?.callId === part.callId ? this.call : this.openCall(part);
    if (call === null) return;
    // Without deltas before it, or where there is more than they told.
    if (part.arguments.startsWith(call.args)) this.writeArguments(part.arguments.slice(call.args.length));
    // What did not fit leaves it unfinished.
    if (this.full) return;
    this.call = null;
    const running = call.item.end(part.arguments);
    if (running === undefined) return;
    this.running.set(running, { ...call, args: part.arguments });
    void running.then(() => this.running.delete(running));
  }

  /** A call that ends without having been whole. */
  private cutCall(): void {
    this.call?.item.cut(this.call.args);
    this.call = null;
  }

  private wire(outcome: Outcome | null): RealtimeResponse {
    return toWireResponse(this.facts, this.output.closed, outcome, {
      input: this.input,
      output: this.meter.tokens(this.counted),
    });
  }
}
