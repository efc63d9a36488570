/**
 * What any client shows of a conversation: a pure fold over the server's events and the client's own notes.
 * Knows no time and keeps no audio. Events may come in any order and may be repeated; unknown ones change nothing.
 */
import { orderOf, type Place } from './conversation-order';
import type { ConversationEvent } from './ipc';
import type { Item, RealtimeResponse } from './realtime';

export type EntryStatus =
  | 'in_progress'
  | 'completed'
  /** Cut by the user; `heardText` and `unheardText` tell where. */
  | 'interrupted'
  /** The connection was lost before the end. */
  | 'lost'
  | 'failed';

/** Why a notice stands in the conversation; the page has a sentence for each. */
export type NoticeKind =
  /** The user spoke and nothing was recognised. */
  | 'not-heard'
  /** A response failed before it said anything; `text` is the server's reason. */
  | 'response-failed'
  /** The connection was lost before a response said anything. */
  | 'response-lost';

export interface ConversationEntry {
  /** The item's id on the wire; a notice about a response has an id of its own. */
  readonly id: string;
  readonly role: 'user' | 'assistant' | 'notice';
  /** All of the text that is known, heard or not. Empty while the user speaks and nothing is transcribed yet. */
  readonly text: string;
  /** The text may still change. */
  readonly partial: boolean;
  readonly status: EntryStatus;
  /** Only when interrupted while playing: `text` up to where it was heard. */
  readonly heardText?: string;
  /** Only when interrupted while playing: the rest of `text`. */
  readonly unheardText?: string;
  /** Its sound is being played. */
  readonly speaking: boolean;
  /** Only for role 'notice'. */
  readonly notice?: NoticeKind;
}

export interface Conversation {
  /** In the order of the conversation. */
  readonly entries: readonly ConversationEntry[];
  /** Bookkeeping of the reducer: every item known, shown or not. */
  readonly nodes: ReadonlyMap<string, Node>;
  /** Bookkeeping of the reducer: items seen so far. */
  readonly seq: number;
}

interface Node extends Place {
  readonly entry: ConversationEntry | null;
  readonly responseId: string | null;
  /** Text by content index. */
  readonly parts: readonly string[];
}

export const emptyConversation: Conversation = { entries: [], nodes: new Map(), seq: 0 };

/** Beginning of the ids of entries that are no items on the wire. */
export const NOTICE_PREFIX = 'notice:';

type Role = 'user' | 'assistant';

/** The conversation after `event`. The same object when the event changes nothing that is shown or needed later. */
export function reduceConversation(conversation: Conversation, event: ConversationEvent): Conversation {
  switch (event.type) {
    case 'session.created':
      return withNewServerSession(conversation);
    case 'input_audio_buffer.speech_started':
      return ensure(conversation, event.item_id, 'user');
    case 'input_audio_buffer.committed':
      return ensure(conversation, event.item_id, 'user', { previous: event.previous_item_id });

    case 'conversation.item.added':
    case 'conversation.item.created':
      return withItem(conversation, event.item, event.previous_item_id, false);
    case 'conversation.item.done':
      return withItem(conversation, event.item, event.previous_item_id, true);
    case 'response.output_item.added':
      return withItem(conversation, event.item, undefined, false, event.response_id);
    case 'response.output_item.done':
      return withItem(conversation, event.item, undefined, true, event.response_id);
    case 'conversation.item.deleted':
      return patchNode(conversation, event.item_id, (node) => ({ ...node, entry: null }));

    case 'conversation.item.input_audio_transcription.delta':
      return patchText(ensure(conversation, event.item_id, 'user'), event.item_id, 0, (text) =>
        text.concat(textOf(event.delta)),
      );
    case 'conversation.item.input_audio_transcription.completed':
      return heardUser(conversation, event.item_id, textOf(event.transcript));
    case 'conversation.item.input_audio_transcription.failed':
      return patchEntry(ensure(conversation, event.item_id, 'user'), event.item_id, (entry) => ({
        ...entry,
        partial: false,
        status: 'failed',
      }));

    case 'response.output_audio_transcript.delta':
    case 'response.output_text.delta':
      return patchText(
        ensure(conversation, event.item_id, 'assistant', { responseId: event.response_id }),
        event.item_id,
        event.content_index,
        (text) => text.concat(textOf(event.delta)),
      );
    case 'response.output_audio_transcript.done':
      return finalText(conversation, event, textOf(event.transcript));
    case 'response.output_text.done':
      return finalText(conversation, event, textOf(event.text));
    case 'response.done':
      return withResponseDone(conversation, event.response);

    case 'client.interrupted':
      return patchEntry(conversation, event.itemId, (entry) =>
        split({ ...entry, status: 'interrupted', speaking: false }, event.heardText),
      );
    case 'client.playback_started':
      return patchEntry(conversation, event.itemId, (entry) => ({ ...entry, speaking: true }));
    case 'client.playback_finished':
      return patchEntry(conversation, event.itemId, (entry) => ({ ...entry, speaking: false }));
    case 'client.response_lost':
      return endResponse(conversation, event.responseId, 'lost', 'response-lost', '');
    case 'client.cleared':
      return emptyConversation;
    default:
      return conversation;
  }
}

/** Text from a field that a foreign server may have left out. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function ensure(
  conversation: Conversation,
  id: unknown,
  role: Role | null,
  known: { previous?: string | null | undefined; responseId?: string } = {},
): Conversation {
  if (typeof id !== 'string') return conversation;
  const previous = known.previous && known.previous !== id ? known.previous : null;
  const old = conversation.nodes.get(id);
  const node: Node = {
    entry: old
      ? old.entry
      : role && { id, role, text: '', partial: true, status: 'in_progress', speaking: false },
    previous: previous ?? old?.previous ?? null,
    responseId: known.responseId ?? old?.responseId ?? null,
    parts: old?.parts ?? [],
    seq: old?.seq ?? conversation.seq,
    local: old?.local ?? false,
  };
  if (old && old.previous === node.previous && old.responseId === node.responseId) return conversation;
  return rebuilt(conversation, new Map(conversation.nodes).set(id, node), conversation.seq + 1);
}

/** The new session may know only some of what is shown: what it adds comes after all of it. */
function withNewServerSession(conversation: Conversation): Conversation {
  if (conversation.nodes.size === 0) return conversation;
  const nodes = new Map([...conversation.nodes].map(([id, node]) => [id, { ...node, local: true }]));
  return rebuilt(conversation, nodes, conversation.seq);
}

function withItem(
  conversation: Conversation,
  item: Item | undefined,
  previous: string | null | undefined,
  done: boolean,
  responseId?: string,
): Conversation {
  if (typeof item !== 'object' || item === null || typeof item.id !== 'string') return conversation;
  const id = item.id;
  const known = { previous, ...(responseId === undefined ? {} : { responseId }) };
  // Calls, their results and system messages hold their place and are not shown.
  if (item.type !== 'message' || item.role === 'system') return ensure(conversation, id, null, known);

  const next = ensure(conversation, id, item.role, known);
  const text = contentText(item.content);
  if (item.role === 'user') {
    if (text.trim() !== '') return heardUser(next, id, text);
    const spoken = Array.isArray(item.content) && item.content.some((part) => part?.type === 'input_audio');
    // A spoken turn waits for its transcript, which comes at any time.
    return spoken || !done
      ? next
      : patchEntry(next, id, (entry) => ({ ...entry, partial: false, status: 'completed' }));
  }
  return patchNode(next, id, (node) => {
    if (node.entry === null) return node;
    const settled = node.entry.status !== 'in_progress';
    // After an interruption a server may send the item with its transcript cut or gone: ours is the fuller one.
    const parts = text === '' || settled || text.length < node.entry.text.length ? node.parts : [text];
    const completed = done && !settled && item.status !== 'incomplete' && item.status !== 'in_progress';
    const entry = { ...node.entry, text: parts.join(' ') };
    return {
      ...node,
      parts,
      entry: {
        ...entry,
        partial: entry.partial && !done,
        status: completed ? 'completed' : entry.status,
      },
    };
  });
}

function contentText(content: unknown): string {
  if (!Array.isArray(content)) return '';
  return content
    .map(
      (part: { text?: unknown; transcript?: unknown } | null) =>
        textOf(part?.text) || textOf(part?.transcript),
    )
    .filter((text) => text !== '')
    .join(' ');
}

function heardUser(conversation: Conversation, id: string, transcript: string): Conversation {
  return patchNode(ensure(conversation, id, 'user'), id, (node) => {
    if (node.entry === null) return node;
    const text = transcript.trim();
    const entry: ConversationEntry =
      text === ''
        ? {
            id,
            role: 'notice',
            notice: 'not-heard',
            text: '',
            partial: false,
            status: 'completed',
            speaking: false,
          }
        : { id, role: 'user', text, partial: false, status: 'completed', speaking: false };
    return { ...node, entry, parts: [text] };
  });
}

function patchText(
  conversation: Conversation,
  id: string,
  contentIndex: unknown,
  change: (text: string) => string,
): Conversation {
  const index = typeof contentIndex === 'number' && contentIndex >= 0 ? Math.min(contentIndex, 99) : 0;
  return patchNode(conversation, id, (node) => {
    // A final text is not changed by a late part of it.
    if (node.entry === null || (!node.entry.partial && node.entry.status === 'completed')) return node;
    const parts = Array.from(
      { length: Math.max(node.parts.length, index + 1) },
      (_, i) => node.parts[i] ?? '',
    );
    parts[index] = change(parts[index] as string);
    const entry = { ...node.entry, text: parts.filter((part) => part !== '').join(' ') };
    return { ...node, parts, entry: entry.heardText === undefined ? entry : split(entry, entry.heardText) };
  });
}

function finalText(
  conversation: Conversation,
  event: { item_id: string; response_id: string; content_index: number },
  text: string,
): Conversation {
  const next = ensure(conversation, event.item_id, 'assistant', { responseId: event.response_id });
  return patchText(next, event.item_id, event.content_index, (old) =>
    text.length < old.length ? old : text,
  );
}

/** `entry` divided where it was heard; `heardText` is a beginning of its text. */
function split(entry: ConversationEntry, heardText: string): ConversationEntry {
  const heard = entry.text.startsWith(heardText) ? heardText : entry.text.slice(0, heardText.length);
  return { ...entry, heardText: heard, unheardText: entry.text.slice(heard.length) };
}

function withResponseDone(conversation: Conversation, response: RealtimeResponse | undefined): Conversation {
  const id = response?.id;
  if (typeof id !== 'string') return conversation;
  switch (response?.status) {
    case 'failed': {
      const error = response.status_details?.error;
      return endResponse(
        conversation,
        id,
        'failed',
        'response-failed',
        textOf(error?.message) || textOf(error?.code),
      );
    }
    case 'cancelled':
      return endResponse(conversation, id, 'interrupted', null, '');
    case 'completed':
    case 'incomplete':
    case 'in_progress':
    case undefined:
      return endResponse(conversation, id, 'completed', null, '');
    default:
      return conversation;
  }
}

/** Settles what is still open of a response. One that leaves nothing to show gets a notice instead, if `notice`. */
function endResponse(
  conversation: Conversation,
  responseId: string,
  status: EntryStatus,
  notice: NoticeKind | null,
  detail: string,
): Conversation {
  const nodes = new Map(conversation.nodes);
  let shown = false;
  for (const [id, node] of nodes) {
    if (node.responseId !== responseId || node.entry === null) continue;
    const { entry } = node;
    const ended = {
      ...entry,
      partial: false,
      status: entry.status === 'in_progress' ? status : entry.status,
    };
    // An answer that never came to a word is nothing to show.
    nodes.set(id, { ...node, entry: ended.text === '' ? null : ended });
    shown ||= ended.text !== '';
  }
  const noticeId = `${NOTICE_PREFIX}${responseId}`;
  if (notice === null || shown || nodes.has(noticeId)) return rebuilt(conversation, nodes, conversation.seq);
  nodes.set(noticeId, {
    entry: {
      id: noticeId,
      role: 'notice',
      notice,
      text: detail,
      partial: false,
      status: status === 'lost' ? 'lost' : 'failed',
      speaking: false,
    },
    previous: orderOf(nodes).at(-1) ?? null,
    responseId,
    parts: [],
    seq: conversation.seq,
    local: true,
  });
  return rebuilt(conversation, nodes, conversation.seq + 1);
}

function patchEntry(
  conversation: Conversation,
  id: string,
  change: (entry: ConversationEntry) => ConversationEntry,
): Conversation {
  return patchNode(conversation, id, (node) =>
    node.entry === null ? node : { ...node, entry: change(node.entry) },
  );
}

function patchNode(conversation: Conversation, id: string, change: (node: Node) => Node): Conversation {
  const old = conversation.nodes.get(id);
  const node = old && change(old);
  if (!node || node === old) return conversation;
  const nodes = new Map(conversation.nodes).set(id, node);
  if (old.entry === null || node.entry === null) return rebuilt(conversation, nodes, conversation.seq);
  const { entry } = node;
  return { ...conversation, nodes, entries: conversation.entries.map((e) => (e.id === id ? entry : e)) };
}

function rebuilt(conversation: Conversation, nodes: ReadonlyMap<string, Node>, seq: number): Conversation {
  const entries = orderOf(nodes).flatMap((id) => nodes.get(id)?.entry ?? []);
  return { ...conversation, nodes, seq, entries };
}
