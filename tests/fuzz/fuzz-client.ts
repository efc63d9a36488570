/**
 * A client of one session: does what it is told, and keeps what it must be answered. Where the server answers at once,
 * the answer must be the one that the protocol foretells.
 */
import type { WireEvent } from '../helpers/server-client';
import type { Action, FuzzCase, Ref } from './actions';
import { answerKeys } from './answers';
import { type ClientEvent, mangled, wireItem, wireResponse } from './client-events';
import { difference, expectedSession, refusesUpdate, type WireSession } from './session-model';
import { WireChecker } from './wire-checker';

/** The way to the server. */
export interface Line {
  send(frame: string | Buffer): void;
  /** The answers to what is sent are there when `send` returns, unless something long comes before. */
  readonly immediate: boolean;
}

type Outcome = 'taken' | 'refused' | 'either';

const BYTES: Record<string, { perMs: number; silence: number }> = {
  'audio/pcm': { perMs: 48, silence: 0 },
  'audio/pcmu': { perMs: 8, silence: 0xff },
  'audio/pcma': { perMs: 8, silence: 0xd5 },
};

/** Errors that no event of the client caused. */
const UNASKED = ['vad_failed', 'stt_failed', 'conversation_already_has_active_response'];

export class FuzzClient {
  readonly checker = new WireChecker();
  /** What was sent, for people; sound as its length. */
  readonly sent: string[] = [];
  readonly problems: string[] = [];
  private session: WireSession = {};
  private readonly updates: Array<{ eventId: string; patch: WireSession }> = [];
  /** By event id: the answer that an event waits for. */
  private readonly awaited = new Map<string, string | null>();
  private readonly refused = new Set<string>();
  private readonly answers = new Map<string, number>();
  private unnamed = 0;
  private unnamedErrors = 0;
  private spoken = false;
  private number = 0;

  constructor(
    private readonly kind: FuzzCase['kind'],
    private readonly line: Line,
    /** Of an MCP server that has the tool 'go'; null when that is a function. */
    private readonly mcpUrl: string | null = null,
  ) {}

  /** Takes one event of the server. */
  take(event: WireEvent): void {
    this.checker.take(event);
    for (const key of answerKeys(event)) this.answers.set(key, (this.answers.get(key) ?? 0) + 1);
    if (event.type === 'session.created') this.session = event.session;
    if (event.type === 'response.output_audio.delta') this.spoken = true;
    if (event.type === 'session.updated') this.takeUpdated(event.session);
    if (event.type === 'error') this.takeError(event.error);
  }

  /** What must have happened by the time that all engines are idle. */
  unfinished(): string[] {
    const due = new Map<string, number>();
    for (const [eventId, key] of this.awaited) {
      if (key !== null && !this.refused.has(eventId)) due.set(key, (due.get(key) ?? 0) + 1);
    }
    const missing = [...due]
      .filter(([key, count]) => (this.answers.get(key) ?? 0) < count)
      .map(([key, count]) => `${count} times asked for ${key}, answered ${this.answers.get(key) ?? 0} times`);
    if (this.unnamedErrors < this.unnamed) missing.push('what is no event was not answered');
    return [...missing, ...this.checker.unfinished()];
  }

  /** Sends what is refused at once; gives whether all that was sent before has been handled. */
  fence(): () => boolean {
    const eventId = this.nextId;
    this.send({ type: 'conversation.item.retrieve', item_id: 'none' }, 'never', 'refused');
    return () => this.refused.has(eventId);
  }

  allProblems(): string[] {
    return [...this.checker.problems, ...this.problems];
  }

  perform(action: Action) {
    const { checker } = this;
    switch (action.do) {
      case 'update': {
        // As it arrives: what the fuzzer makes has no prototype.
        const patch = JSON.parse(JSON.stringify(this.patch(action.session)));
        const refuses = refusesUpdate(this.session, patch);
        const event = { type: 'session.update', session: patch };
        this.updates.push({ eventId: this.nextId, patch });
        const expected = refuses === null ? 'either' : refuses ? 'refused' : 'taken';
        // An update that is still on its way may change what this one meets.
        return this.send(event, 'updated', this.updates.length > 1 ? 'either' : expected);
      }
      case 'append':
        return this.append(Buffer.alloc(action.bytes, action.loud ? 0x20 : this.silence));
      case 'say': {
        const { perMs } = this.input;
        const loud = Buffer.alloc(action.ms * perMs, 0x20);
        return this.append(Buffer.concat([loud, Buffer.alloc(action.silenceMs * perMs, this.silence)]));
      }
      case 'commit':
        return this.send({ type: 'input_audio_buffer.commit' }, 'committed', 'either');
      case 'clear':
        return this.send({ type: 'input_audio_buffer.clear' }, 'cleared', 'taken');
      case 'create':
        return this.create(action);
      case 'retrieve': {
        const id = this.itemId(action.item);
        return this.send(
          { type: 'conversation.item.retrieve', item_id: id },
          `retrieved ${id}`,
          this.if(this.holds(id)),
        );
      }
      case 'delete': {
        const id = this.itemId(action.item);
        return this.send(
          { type: 'conversation.item.delete', item_id: id },
          `deleted ${id}`,
          this.if(this.holds(id)),
        );
      }
      case 'truncate':
        return this.truncate(action);
      case 'respond':
        return this.respond(action);
      case 'cancel': {
        const event = { type: 'response.cancel' };
        if (action.response === 'none') {
          return this.send(event, 'cancelled', this.if(checker.active !== undefined));
        }
        const ids = [...checker.responses.keys()];
        const id =
          action.response === 'unknown' ? 'resp_none' : (ids[action.response % ids.length] ?? 'resp_none');
        const open = checker.responses.get(id)?.done === false;
        return this.send({ ...event, response_id: id }, 'cancelled', this.if(open));
      }
      case 'mangled':
        return this.sendMangled(action.number);
      case 'speakUp':
      case 'run':
      case 'gate':
      case 'tick':
      case 'disconnect':
        return;
      default:
        action satisfies never;
    }
  }

  private create({ item, id, after }: Extract<Action, { do: 'create' }>) {
    const name = String(this.number);
    const own = id === 'none' ? null : id === 'fresh' ? `mine_${name}` : this.itemId(id);
    const previous = after === 'none' ? null : after === 'root' ? 'root' : this.itemId(after);
    const event = {
      type: 'conversation.item.create',
      item: { ...wireItem(item, name), ...(own === null ? {} : { id: own }) },
      ...(previous === null ? {} : { previous_item_id: previous }),
    };
    const wrong =
      // The id of a turn that is being spoken is no item yet, and not free either.
      (own !== null && (this.holds(own) || own === this.checker.speech)) ||
      (previous !== null && previous !== 'root' && !this.holds(previous)) ||
      (item.kind === 'audio' && item.broken);
    const certain =
      item.kind === 'text' || item.kind === 'audio' || item.kind === 'call' || item.kind === 'output';
    this.send(event, own === null ? 'added' : `added ${own}`, certain || wrong ? this.if(!wrong) : 'either');
  }

  private truncate({ item, spoken, index, share }: Extract<Action, { do: 'truncate' }>) {
    const id = this.itemId(item, spoken);
    const facts = this.checker.items.get(id);
    const audioMs = facts?.audioMs ?? null;
    const audio_end_ms = Math.floor((audioMs ?? 100) * share);
    const longest = Math.ceil(Math.min(audioMs ?? -1, facts?.heardMs ?? 0) - 1e-6);
    const event = { type: 'conversation.item.truncate', item_id: id, content_index: index, audio_end_ms };
    const possible = this.holds(id) && audioMs !== null && index === 0 && audio_end_ms <= longest;
    // How long sound in 8 kHz is, the client knows a little later than the server.
    const sure = facts?.format !== 'audio/pcmu' && facts?.format !== 'audio/pcma';
    this.send(event, `truncated ${id}`, sure ? this.if(possible) : 'either');
  }

  private respond({ response }: Extract<Action, { do: 'respond' }>) {
    const name = String(this.number);
    const metadata = response.named ? { name: this.nextId } : null;
    const fields = wireResponse(response, name, metadata, (ref) => this.itemId(ref));
    const wrong =
      this.kind === 'transcription' ||
      (!response.outOfBand && this.checker.active !== undefined) ||
      (response.input ?? []).some((part) =>
        typeof part === 'object' ? part.kind === 'audio' && part.broken : !this.holds(this.itemId(part)),
      );
    const certain = (response.input ?? []).every(
      (part) => typeof part !== 'object' || part.kind === 'text' || part.kind === 'audio',
    );
    const sure =
      wrong || (certain && !this.namesTool(response.rest) && (response.voice === null || !this.spoken));
    const key = response.named ? `created ${this.nextId}` : 'created';
    this.send({ type: 'response.create', response: fields }, key, sure ? this.if(!wrong) : 'either');
  }

  /** The tool that must be called may not be offered: then a response is refused. */
  private namesTool({ tool_choice = this.session.tool_choice }: { tool_choice?: unknown }): boolean {
    return typeof tool_choice === 'object';
  }

  private append(bytes: Buffer) {
    const event = { type: 'input_audio_buffer.append', audio: bytes.toString('base64') };
    this.send(event, null, 'taken', `${bytes.length} bytes from ${bytes[0] ?? 'none'}`);
  }

  private sendMangled(number: number) {
    const eventId = this.nextId;
    const frame = mangled(number, eventId);
    this.number++;
    this.sent.push(String(frame));
    const named = frame.includes(eventId);
    if (named) this.awaited.set(eventId, 'never');
    else this.unnamed++;
    this.line.send(frame);
  }

  private get nextId(): string {
    return `cli_${this.number}`;
  }

  /** `key` is the answer to wait for, null when there is none; `shown` stands for sound. */
  private send(event: ClientEvent, key: string | null, expected: Outcome, shown?: string) {
    const event_id = this.nextId;
    this.number++;
    this.sent.push(JSON.stringify(shown === undefined ? event : { ...event, audio: shown }));
    this.awaited.set(event_id, key);
    const before = key === null ? 0 : (this.answers.get(key) ?? 0);
    this.line.send(JSON.stringify({ ...event, event_id }));
    const refused = this.refused.has(event_id);
    if (key === null) return this.expect(!refused, `${event.type} was refused`);
    if (!this.line.immediate) return;
    const taken = !refused && (this.answers.get(key) ?? 0) > before;
    // Something long is being handled, and the answer comes later.
    if ((!refused && !taken) || expected === 'either') return;
    this.expect(taken === (expected === 'taken'), `${this.sent.at(-1)} should be ${expected}`);
  }

  private takeUpdated(session: WireSession) {
    const update = this.updates.shift();
    if (update === undefined) return this.expect(false, 'session.updated without an update');
    const expected = expectedSession(this.session, update.patch);
    const path = difference(expected, session);
    this.expect(path === null, `session.updated differs from the model at ${path}`);
    this.session = session;
  }

  private takeError({ code, event_id }: WireEvent) {
    if (event_id === null) {
      if (UNASKED.includes(code) || (code === 'invalid_value' && this.namesTool({}))) return;
      this.unnamedErrors++;
      return this.expect(this.unnamedErrors <= this.unnamed, `an error ${code} that nobody caused`);
    }
    this.expect(
      this.awaited.has(event_id) && !this.refused.has(event_id),
      'an error names no event, or one twice',
    );
    this.refused.add(event_id);
    const at = this.updates.findIndex(({ eventId }) => eventId === event_id);
    if (at >= 0) this.updates.splice(at, 1);
  }

  private patch(session: object): WireSession {
    if ('type' in session) return session;
    const { audio, include, tools } = session as WireSession;
    if (this.kind === 'realtime') {
      return { type: this.kind, ...session, ...(tools === undefined ? {} : { tools: this.tools(tools) }) };
    }
    return {
      type: this.kind,
      ...(audio?.input === undefined ? {} : { audio: { input: audio.input } }),
      ...(include === undefined ? {} : { include }),
    };
  }

  private itemId(ref: Ref, spoken = false): string {
    const { items, speech } = this.checker;
    const sounding = [...items].flatMap(([id, { audioMs }]) => (audioMs === null ? [] : [id]));
    const all = [...items.keys(), ...(speech === null ? [] : [speech])];
    const ids = spoken && sounding.length > 0 ? sounding : all;
    return ref === 'unknown' ? 'item_none' : (ids[ref % ids.length] ?? 'item_none');
  }

  private tools(tools: Array<{ name: string }>): object[] {
    const go = { type: 'mcp', server_label: 'far', server_url: this.mcpUrl, require_approval: 'never' };
    const named = [...new Map(tools.map((tool) => [tool.name, tool])).values()];
    return this.mcpUrl === null ? tools : named.map((tool) => (tool.name === 'go' ? go : tool));
  }

  private holds(id: string): boolean {
    return this.checker.order.includes(id);
  }

  private if(possible: boolean): Outcome {
    return possible ? 'taken' : 'refused';
  }

  private get input(): { perMs: number; silence: number } {
    const format = this.session.audio?.input?.format?.type ?? 'audio/pcm';
    return BYTES[format] ?? { perMs: 48, silence: 0 };
  }

  private get silence(): number {
    return this.input.silence;
  }

  private expect(holds: boolean, problem: string): void {
    if (!holds) this.problems.push(problem);
  }
}
