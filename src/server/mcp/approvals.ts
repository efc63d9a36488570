import { ClientError } from '../wire/errors';
import { endEvent, type PendingCall } from './mcp-call';
import type { McpContext } from './mcp-server';
import { executionError } from './outcome';
import { type CallOutcome, callItem } from './wire-items';

export interface ApprovalResponse {
  approval_request_id: string;
  approve: boolean;
  reason?: string | null | undefined;
}

/** Calls that wait for the client's word, by the id of the question. */
export class Approvals {
  private readonly pending = new Map<string, PendingCall>();
  private readonly stop = new AbortController();

  /** `release` is told when a call does not need its server any more. */
  constructor(
    private readonly context: McpContext,
    private readonly release: (pending: PendingCall) => void,
  ) {}

  add(requestId: string, pending: PendingCall): void {
    this.pending.set(requestId, pending);
  }

  /**
   * Throws a ClientError when nothing like the question exists. An answer to a question that the client itself put
   * into the conversation belongs to a history, and runs nothing.
   */
  check({ approval_request_id }: ApprovalResponse): void {
    const item = this.context.conversation.find(approval_request_id)?.item;
    if (this.pending.has(approval_request_id)) return;
    const asked = item?.type === 'mcp_approval_request';
    if (asked && !this.isAnswered(approval_request_id)) return;
    throw new ClientError(
      'invalid_value',
      asked ? 'The approval request is answered already.' : 'The approval request does not exist.',
      'item.approval_request_id',
    );
  }

  /** Runs the call, or ends it as refused; does nothing for an answer that belongs to a history. */
  answer(response: ApprovalResponse): void {
    const requestId = response.approval_request_id;
    const pending = this.pending.get(requestId);
    if (pending === undefined) return;
    this.pending.delete(requestId);
    if (response.approve) void this.run(requestId, pending);
    else this.end(requestId, pending, refused(response.reason));
  }

  close(): void {
    this.stop.abort();
    this.pending.clear();
  }

  private async run(requestId: string, pending: PendingCall): Promise<void> {
    const { server, call, args, entry, outputIndex } = pending;
    this.context.emit({
      type: 'response.mcp_call.in_progress',
      item_id: entry.id,
      output_index: outputIndex,
    });
    this.end(requestId, pending, await server.call(call.name, args, this.stop.signal));
  }

  private end(requestId: string, pending: PendingCall, outcome: CallOutcome): void {
    const { conversation, emit } = this.context;
    const { entry, call, outputIndex } = pending;
    entry.item = callItem(entry.id, call, requestId, outcome);
    this.release(pending);
    emit({ type: endEvent(outcome), item_id: entry.id, output_index: outputIndex });
    // Out of band, or deleted meanwhile.
    if (conversation.find(entry.id) !== entry) return;
    const previous = conversation.previousOf(entry.id);
    emit({ type: 'conversation.item.done', previous_item_id: previous, item: entry.item });
  }

  private isAnswered(requestId: string): boolean {
    return this.context.conversation
      .all()
      .some(({ item }) => item.type === 'mcp_approval_response' && item.approval_request_id === requestId);
  }
}

function refused(reason: string | null | undefined): CallOutcome {
  const why = reason == null || reason === '' ? '' : ` The reason: ${reason}`;
  return { type: 'error', error: executionError(`The user did not approve the call.${why}`) };
}
