/** Writes one response as wire events, in the protocol's order (REALTIME: turns). */
import type { RealtimeResponse } from '../shared/realtime';
import type { Conversation } from './conversation';
import { functionCall } from './function-call';
import { MessageItem } from './message-item';
import { OutputItems } from './output-items';
import type { ResponsePart } from './response';
import type { Emit } from './server-events';
import type { CallItem, ServerTools, ToolCall } from './tool-kinds';
import { type Outcome, type ResponseFacts, type TokenUsage, toWireResponse } from './wire-response';

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
  private usage: TokenUsage | null = null;
  private done = false;
  /** Set when the LLM stopped before the end. */
  stopped: Extract<Outcome, { status: 'incomplete' }> | null = null;

  constructor(
    private readonly facts: ResponseFacts,
    conversation: Conversation,
    private readonly emit: Emit,
    /** The tools that the server runs; all others are functions. */
    private readonly serverTools: ServerTools | null = null,
  ) {
    this.output = new OutputItems(facts, conversation, emit);
  }

  /** `response.created`. */
  begin(): void {
    this.emit({ type: 'response.created', response: this.wire(null) });
  }

  /** Ignored once the response is finished: what an engine gives after an abort is stale. */
  write(part: ResponsePart): void {
    if (this.done) return;
    switch (part.type) {
      case 'text':
        if (part.text !== '') this.openMessage().write(part.text);
        return;
      case 'sentence':
        this.openMessage().beginSentence(part.text, part.startMs);
        return;
      case 'sentence-end':
        this.message?.endSentence(part.endMs);
        return;
      case 'audio':
        this.openMessage().writeAudio(part.pcm);
        return;
      case 'tool-call-start':
        this.openCall(part);
        return;
      case 'tool-call-delta':
        this.writeArguments(part.delta);
        return;
      case 'tool-call':
        this.endCall(part);
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
    this.emit({ type: 'rate_limits.updated', rate_limits: [] });
  }

  private openMessage(): MessageItem {
    this.message ??= new MessageItem(this.facts.modality, this.output);
    return this.message;
  }

  private closeMessage(status: 'completed' | 'incomplete'): void {
    this.message?.close(status);
    this.message = null;
  }

  private openCall(call: ToolCall): OpenCall {
    this.closeMessage('completed');
    this.cutCall();
    const kind = this.serverTools?.kindOf(call.name) ?? functionCall;
    this.call = { callId: call.callId, item: kind.open(call, this.output), args: '' };
    return this.call;
  }

  private writeArguments(delta: string): void {
    if (this.call === null || delta === '') return;
    this.call.args += delta;
    this.call.item.delta(delta);
  }

  private endCall(part: Extract<ResponsePart, { type: 'tool-call' }>): void {
    const call = this.call?.callId === part.callId ? this.call : this.openCall(part);
    // Without deltas before it, or where there is more than they told.
    if (part.arguments.startsWith(call.args)) this.writeArguments(part.arguments.slice(call.args.length));
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
    return toWireResponse(this.facts, this.output.closed, outcome, this.usage);
  }
}
