/** What holds of everything that the server sends in one session, whatever the client did. Fed event by event. */
import { SERVER_EVENTS } from '../../src/server/wire/server-events';
import type { WireEvent } from '../helpers/server-client';
import { ResponseChecker } from './response-checker';

export interface ItemFacts {
  type: string;
  role: string | null;
  done: boolean;
  deleted: boolean;
  /** Sound that was sent, when it is an answer; null when it has none. */
  audioMs: number | null;
  /** Least that it was truncated to. */
  heardMs: number;
  /** Of its sound. */
  format: string;
}

export class WireChecker {
  readonly problems: string[] = [];
  /** Ids of the items in the conversation, in order. */
  readonly order: string[] = [];
  /** Every item there ever was. */
  readonly items = new Map<string, ItemFacts>();
  /** Events that came. */
  count = 0;
  private readonly eventIds = new Set<string>();
  private readonly transcripts = new Map<string, 'running' | 'over'>();
  /** Turns whose transcript must come: it has been wanted ever since they ended. */
  private readonly owed = new Set<string>();
  private transcribes = false;
  /** Id of the turn that was announced and is not committed. */
  speech: string | null = null;
  /** Latest time of the input that was told. */
  private lastMs = 0;
  /** The item that must be added next. */
  private due: string | null = null;
  private readonly responseChecker: ResponseChecker;

  constructor() {
    this.responseChecker = new ResponseChecker(
      this.items,
      (holds, problem) => this.claim(holds, problem),
      (itemId) => {
        this.due = itemId;
      },
    );
  }

  get responses(): ResponseChecker['all'] {
    return this.responseChecker.all;
  }

  /** Id of the response in the conversation that is not done, if there is one. */
  get active(): string | undefined {
    return this.responseChecker.active;
  }

  take(event: WireEvent): void {
    this.count++;
    this.claim(
      typeof event.event_id === 'string' && !this.eventIds.has(event.event_id),
      'event_id is missing or used again',
    );
    this.eventIds.add(event.event_id);
    const status = (SERVER_EVENTS as Record<string, string>)[event.type];
    this.claim(status === 'supported' || status === 'differs', `${event.type} is not sent by this server`);
    if (this.due !== null) {
      const added = event.type === 'conversation.item.added' && event.item.id === this.due;
      this.claim(added, `${event.type} came before the item was added`);
      this.due = null;
    }
    if (event.type.startsWith('response.')) this.responseChecker.take(event);
    else this.takeOther(event);
  }

  /** To be asked when all engines are idle. */
  unfinished(): string[] {
    const open = [...this.responses]
      .filter(([, { done }]) => !done)
      .map(([id]) => `${id} has no response.done`);
    const items = [...this.items]
      // A call that was cut off has no end in the conversation: clients would answer that.
      .filter(([, { type, done, deleted }]) => !done && !deleted && type !== 'mcp_call')
      .map(([id]) => `${id} has no conversation.item.done`);
    const transcripts = [...this.owed].map((id) => `${id} has no transcript`);
    return [...open, ...items, ...transcripts];
  }

  private takeOther(event: WireEvent) {
    switch (event.type) {
      case 'session.created':
      case 'session.updated':
        this.transcribes = event.session.audio.input.transcription !== null;
        if (!this.transcribes) this.owed.clear();
        return;
      case 'input_audio_buffer.speech_started':
        this.claim(this.speech === null, 'speech started twice');
        this.claim(!this.items.has(event.item_id), 'the id of a turn is used again');
        this.takeTime(event.audio_start_ms);
        this.speech = event.item_id;
        this.transcripts.set(event.item_id, 'running');
        return;
      case 'input_audio_buffer.speech_stopped':
        this.claim(this.speech === event.item_id, 'speech stopped that had not started');
        this.takeTime(event.audio_end_ms);
        return;
      case 'input_audio_buffer.timeout_triggered':
        this.takeTime(event.audio_start_ms);
        this.takeTime(event.audio_end_ms);
        return;
      case 'input_audio_buffer.cleared':
        this.speech = null;
        return;
      case 'input_audio_buffer.committed':
        this.claim(
          this.speech === null || this.speech === event.item_id,
          'another turn than the announced one',
        );
        this.claim(event.previous_item_id === (this.order.at(-1) ?? null), 'a turn is not the last item');
        this.speech = null;
        if (this.transcribes) this.owed.add(event.item_id);
        this.due = event.item_id;
        return;
      case 'conversation.item.added':
        this.addItem(event);
        return;
      case 'conversation.item.done': {
        const facts = this.items.get(event.item.id);
        const at = this.order.indexOf(event.item.id);
        this.claim(
          facts !== undefined && !facts.done && at >= 0,
          'an item is done that was not added, or twice',
        );
        this.claim(
          event.previous_item_id === (this.order[at - 1] ?? null),
          'previous_item_id is not the one before',
        );
        this.claim(event.item.status !== 'in_progress', 'an item is done and in progress');
        if (facts !== undefined) facts.done = true;
        return;
      }
      case 'conversation.item.retrieved':
        this.claim(this.order.includes(event.item.id), 'an item was retrieved that is not there');
        return;
      case 'conversation.item.deleted': {
        const at = this.order.indexOf(event.item_id);
        this.claim(at >= 0, 'an item was deleted that is not there');
        if (at >= 0) this.order.splice(at, 1);
        const facts = this.items.get(event.item_id);
        if (facts !== undefined) facts.deleted = true;
        this.owed.delete(event.item_id);
        return;
      }
      case 'conversation.item.truncated': {
        const facts = this.items.get(event.item_id);
        if (facts === undefined || facts.audioMs === null)
          return this.claim(false, 'no answer was truncated');
        const longest = Math.ceil(Math.min(facts.heardMs, facts.audioMs) - 1e-6);
        this.claim(
          event.audio_end_ms <= longest,
          'an answer was truncated past its end, or to more than before',
        );
        facts.heardMs = event.audio_end_ms;
        return;
      }
      case 'conversation.item.input_audio_transcription.delta':
        this.claim(
          this.transcripts.get(event.item_id) === 'running',
          'a transcript goes on that is over, or unknown',
        );
        this.claim(event.delta !== '', 'an empty delta');
        return;
      case 'conversation.item.input_audio_transcription.completed':
      case 'conversation.item.input_audio_transcription.failed':
        this.claim(
          this.transcripts.get(event.item_id) === 'running',
          'a transcript is over twice, or unknown',
        );
        this.claim(this.items.has(event.item_id), 'a transcript is over before its item is there');
        this.transcripts.set(event.item_id, 'over');
        this.owed.delete(event.item_id);
        return;
      case 'error': {
        const { type, code, message, event_id } = event.error;
        const whole = [type, code, message].every((text) => typeof text === 'string' && text !== '');
        this.claim(whole && event_id !== undefined, 'an error lacks a field');
        this.claim(code !== 'server_error', 'a handler failed');
        return;
      }
      default:
        return;
    }
  }

  private addItem({ item, previous_item_id }: WireEvent): void {
    this.claim(!this.order.includes(item.id), 'an item was added twice');
    const at = previous_item_id === null ? 0 : this.order.indexOf(previous_item_id) + 1;
    this.claim(previous_item_id === null || at > 0, 'previous_item_id is not a known item');
    this.order.splice(at, 0, item.id);
    const role = item.role ?? null;
    const heardMs = Number.POSITIVE_INFINITY;
    const { type } = item;
    this.items.set(item.id, { type, role, done: false, deleted: false, audioMs: null, heardMs, format: '' });
    if (role === 'user' && this.transcripts.get(item.id) !== 'running')
      this.transcripts.set(item.id, 'running');
  }

  private takeTime(ms: number): void {
    this.claim(Number.isInteger(ms) && ms >= this.lastMs, 'the time of the input goes back');
    this.lastMs = ms;
  }

  private claim(holds: boolean, problem: string): void {
    if (!holds) this.problems.push(problem);
  }
}
