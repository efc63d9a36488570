import type { Pcm16 } from '../../shared/audio';
import type { Item } from '../../shared/realtime';
import type { Conversation, Entry } from '../conversation/conversation';
import type { Emit } from '../wire/server-events';

/** The output items of one response; they also join the conversation, unless the response is out of band. */
export class OutputItems {
  private readonly slots: OutputSlot[] = [];

  /** `conversationId` is null when the response is out of band. */
  constructor(
    private readonly response: { id: string; conversationId: string | null },
    private readonly conversation: Conversation,
    readonly emit: Emit,
  ) {}

  get responseId(): string {
    return this.response.id;
  }

  /** What is closed, in the order of the output index. */
  get closed(): Item[] {
    return this.slots.flatMap(({ isClosed, entry }) => (isClosed ? [entry.item] : []));
  }

  /** Begins the next item: `response.output_item.added`, then `conversation.item.added`. */
  open(entry: Entry): OutputSlot {
    const { id, conversationId } = this.response;
    const outputIndex = this.slots.length;
    const slot = new OutputSlot(this, entry, {
      response_id: id,
      item_id: entry.id,
      output_index: outputIndex,
    });
    this.slots.push(slot);
    this.emit({
      type: 'response.output_item.added',
      response_id: id,
      output_index: outputIndex,
      item: entry.item,
    });
    if (conversationId !== null) {
      const previous = this.conversation.insert(entry);
      this.emit({ type: 'conversation.item.added', previous_item_id: previous, item: entry.item });
    }
    return slot;
  }

  /** The item is in the conversation: the response is not out of band, and nobody deleted it meanwhile. */
  holds(entry: Entry): boolean {
    return this.response.conversationId !== null && this.conversation.find(entry.id) === entry;
  }

  /** The conversation remembers the sound of what is in it. */
  keepAudio(entry: Entry, pcm: Pcm16): void {
    if (this.holds(entry)) this.conversation.audio.append(entry, pcm);
  }

  previousOf(entry: Entry): string | null {
    return this.conversation.previousOf(entry.id);
  }
}

/** One output item from its beginning to its end. */
export class OutputSlot {
  isClosed = false;

  constructor(
    private readonly items: OutputItems,
    readonly entry: Entry,
    /** What every event about the item carries. */
    readonly at: { response_id: string; item_id: string; output_index: number },
  ) {}

  get emit(): Emit {
    return this.items.emit;
  }

  /** The item as it stays: `conversation.item.done`, then `response.output_item.done`. */
  close(item: Item): void {
    const { entry } = this;
    if (this.items.holds(entry)) {
      this.emit({ type: 'conversation.item.done', previous_item_id: this.items.previousOf(entry), item });
    }
    this.leave(item);
  }

  /** The response is done with the item, the conversation is not: `response.output_item.done` alone. */
  leave(item: Item): void {
    const { entry, at } = this;
    entry.item = item;
    this.isClosed = true;
    const { response_id, output_index } = at;
    this.emit({ type: 'response.output_item.done', response_id, output_index, item });
  }
}
