/** What holds of the responses that the server sends, each from `response.created` to `response.done`. */
import type { WireEvent } from '../helpers/server-client';
import type { ItemFacts } from './wire-checker';

interface PartFacts {
  spoken: boolean;
  text: string;
  textDone: boolean;
  audioDone: boolean;
  done: boolean;
}

interface OutputFacts {
  item: { id: string; type: string };
  part: PartFacts | null;
  arguments: string;
  argumentsDone: boolean;
  /** The item as it was when done. */
  done: { id: string; status: string } | null;
}

interface ResponseFacts {
  inConversation: boolean;
  done: boolean;
  /** Of its sound. */
  format: string;
  outputs: OutputFacts[];
}

/** What one sample of sound weighs on the wire, for each format: bytes a millisecond. */
const BYTES_PER_MS: Record<string, number> = { 'audio/pcm': 48, 'audio/pcmu': 8, 'audio/pcma': 8 };

/** Longest sound in one delta, with room for a codec's filter. */
const MAX_DELTA_MS = 110;

export class ResponseChecker {
  /** By id. */
  readonly all = new Map<string, ResponseFacts>();
  private readonly outputIds = new Set<string>();
  private readonly endedCalls = new Set<string>();

  /** `joins` is told that the item must be added to the conversation next. */
  constructor(
    private readonly items: ReadonlyMap<string, ItemFacts>,
    private readonly claim: (holds: boolean, problem: string) => void,
    private readonly joins: (itemId: string) => void,
  ) {}

  /** Id of the response in the conversation that is not done, if there is one. */
  get active(): string | undefined {
    return [...this.all].find(([, { inConversation, done }]) => inConversation && !done)?.[0];
  }

  /** Takes an event whose type begins with `response.`. */
  take(event: WireEvent) {
    if (event.type.startsWith('response.mcp_call.')) return this.takeCall(event);
    if (event.type === 'response.created') return this.createResponse(event);
    const id = event.response?.id ?? event.response_id;
    const response = this.all.get(id);
    if (response === undefined || response.done)
      return this.claim(false, `${event.type} of no open response`);
    if (event.type === 'response.done') return this.finishResponse(response, event);
    if (event.type === 'response.output_item.added') return this.addOutput(response, event);
    const output = response.outputs[event.output_index];
    if (output === undefined || output.done !== null)
      return this.claim(false, `${event.type} of no open item`);
    this.claim((event.item?.id ?? event.item_id) === output.item.id, `${event.type} names another item`);
    if (event.type === 'response.output_item.done') return this.finishOutput(output, event);
    if (event.type.includes('_call_arguments.')) return this.takeArguments(output, event);
    this.takePart(response, output, event);
  }

  /** A call that the server runs: it may go on while others are written, and ends once. */
  private takeCall(event: WireEvent) {
    const ended = !event.type.endsWith('.in_progress');
    this.claim(this.outputIds.has(event.item_id), `${event.type} of no item`);
    this.claim(!this.endedCalls.has(event.item_id), `${event.type} after the end of the call`);
    if (ended) this.endedCalls.add(event.item_id);
  }

  private createResponse({ response }: WireEvent) {
    this.claim(!this.all.has(response.id), 'a response id is used again');
    this.claim(
      response.status === 'in_progress' && response.output.length === 0,
      'a response begins with something',
    );
    const inConversation = response.conversation_id !== null;
    if (inConversation) this.claim(this.active === undefined, 'two responses in the conversation at once');
    const format = response.audio?.output?.format?.type ?? 'audio/pcm';
    this.all.set(response.id, { inConversation, done: false, format, outputs: [] });
  }

  private finishResponse(facts: ResponseFacts, { response }: WireEvent) {
    facts.done = true;
    for (const { item, done } of facts.outputs)
      this.claim(done !== null, `${item.type} is not done, its response is`);
    // A truncation since then may have removed a transcript.
    const outputs = facts.outputs.map(({ done }) => [done?.id, done?.status]);
    const told = response.output.map(({ id, status }: { id: string; status: string }) => [id, status]);
    this.claim(JSON.stringify(told) === JSON.stringify(outputs), 'response.done has another output');
    this.claim(response.status !== 'in_progress', 'a response is done and in progress');
    const details = response.status === 'completed' ? null : response.status;
    this.claim((response.status_details?.type ?? null) === details, 'status and status_details differ');
    const { usage } = response;
    if (usage === null) return;
    this.claim(usage.total_tokens === usage.input_tokens + usage.output_tokens, 'the usage does not add up');
  }

  private addOutput(response: ResponseFacts, { item, output_index }: WireEvent) {
    this.claim(output_index === response.outputs.length, 'output_index is not the next');
    this.claim(!this.outputIds.has(item.id) && !this.items.has(item.id), 'an item id is used again');
    this.claim(
      response.outputs.every(({ item: { type }, done }) => done !== null || type === 'mcp_call'),
      'an item begins while another is open',
    );
    this.outputIds.add(item.id);
    response.outputs.push({ item, part: null, arguments: '', argumentsDone: false, done: null });
    if (response.inConversation) this.joins(item.id);
  }

  private finishOutput(output: OutputFacts, { item }: WireEvent) {
    const { part } = output;
    this.claim(part === null || part.done, 'a part is not done, its item is');
    this.claim(item.type === output.item.type, 'an item changed its type');
    this.claim(item.status !== 'in_progress', 'an item is done and in progress');
    if (item.type === 'function_call' && item.status === 'completed') {
      this.claim(output.argumentsDone && item.arguments === output.arguments, 'a call without its arguments');
    }
    output.done = item;
  }

  private takeArguments(output: OutputFacts, event: WireEvent) {
    this.claim(!output.argumentsDone, 'arguments go on after their end');
    if (event.type.endsWith('.delta')) output.arguments += event.delta;
    else {
      this.claim(event.arguments === output.arguments, 'the arguments are not their deltas');
      output.argumentsDone = true;
    }
  }

  private takePart({ format }: ResponseFacts, output: OutputFacts, event: WireEvent) {
    if (event.type === 'response.content_part.added') {
      this.claim(output.part === null, 'a part was added twice');
      const spoken = event.part.type === 'audio';
      output.part = { spoken, text: '', textDone: false, audioDone: !spoken, done: false };
      const facts = this.items.get(output.item.id);
      if (facts !== undefined && spoken) Object.assign(facts, { audioMs: 0, format });
      return;
    }
    const { part } = output;
    if (part === null || part.done) return this.claim(false, `${event.type} of no open part`);
    switch (event.type) {
      case 'response.output_text.delta':
      case 'response.output_audio_transcript.delta':
        this.claim(!part.textDone && event.delta !== '', 'text goes on after its end, or is empty');
        this.claim(part.spoken === (event.type !== 'response.output_text.delta'), 'text of the other kind');
        part.text += event.delta;
        return;
      case 'response.output_text.done':
      case 'response.output_audio_transcript.done':
        this.claim(!part.textDone, 'text is done twice');
        this.claim((event.text ?? event.transcript) === part.text, 'the text is not its deltas');
        part.textDone = true;
        return;
      case 'response.output_audio.delta':
        this.claim(part.spoken && !part.audioDone, 'sound goes on after its end');
        this.takeSound(output.item.id, format, event.delta);
        return;
      case 'response.output_audio.done':
        this.claim(!part.audioDone, 'sound is done twice');
        part.audioDone = true;
        return;
      case 'response.content_part.done':
        this.claim(part.textDone && part.audioDone, 'a part is done before its text or sound');
        this.claim((event.part.text ?? event.part.transcript) === part.text, 'the part is not its deltas');
        part.done = true;
        return;
      default:
        this.claim(false, `${event.type} is not known to the checker`);
    }
  }

  private takeSound(itemId: string, format: string, delta: string) {
    const bytes = Buffer.from(delta, 'base64').length;
    const ms = bytes / (BYTES_PER_MS[format] ?? 48);
    this.claim(bytes > 0 && ms <= MAX_DELTA_MS, 'a delta without sound, or with too much');
    const facts = this.items.get(itemId);
    if (facts !== undefined) facts.audioMs = (facts.audioMs ?? 0) + ms;
  }
}
