import { type Pcm16, pcm16ToBytes, samplesToMs } from '../shared/audio';
import type { Item } from '../shared/realtime';
import type { LlmMessage } from './backends';
import { ClientError } from './errors';
import { heardText, type SpokenSentence } from './heard';
import type { SpeechResult } from './utterance';

/** One item and what this server knows about it beyond the wire. */
export interface Entry {
  readonly id: string;
  /** As on the wire, without audio bytes. */
  item: Item;
  /** Set on spoken user messages. */
  speech: UserSpeech | null;
  /** Set on spoken answers. */
  answer: SpokenAnswer | null;
}

export interface UserSpeech {
  /** 24 kHz. */
  audio: Pcm16;
  /** Settles when the transcript is there. */
  recognised: Promise<SpeechResult>;
  /** null until then. */
  result: SpeechResult | null;
}

export interface SpokenAnswer {
  sentences: SpokenSentence[];
  /** Audio that was sent. */
  audioMs: number;
  /** What the user heard at most; null while nothing was cut off. */
  heardMs: number | null;
}

/** The items of a session in order. */
export class Conversation {
  private readonly entries: Entry[] = [];

  all(): readonly Entry[] {
    return this.entries;
  }

  find(id: string): Entry | undefined {
    return this.entries.find((entry) => entry.id === id);
  }

  /**
   * Puts `entry` behind the item `previousId`, at the front for 'root', at the end when it is not given.
   * Gives the id of the item before it, null at the front.
   */
  insert(entry: Entry, previousId?: string | null): string | null {
    if (this.find(entry.id) !== undefined) {
      throw new ClientError('item_create_invalid_item_id', 'An item with this id exists already.', 'item.id');
    }
    let index = this.entries.length;
    if (previousId === 'root') index = 0;
    else if (previousId !== undefined && previousId !== null) {
      index = this.entries.findIndex((other) => other.id === previousId) + 1;
      if (index === 0) {
        throw new ClientError(
          'item_create_invalid_previous_item_id',
          'The previous item does not exist.',
          'previous_item_id',
        );
      }
    }
    this.entries.splice(index, 0, entry);
    return this.entries[index - 1]?.id ?? null;
  }

  /** Id of the item before `id`; null at the front. */
  previousOf(id: string): string | null {
    return this.entries[this.entries.findIndex((entry) => entry.id === id) - 1]?.id ?? null;
  }

  /** False when there is no such item. */
  delete(id: string): boolean {
    const index = this.entries.findIndex((entry) => entry.id === id);
    if (index < 0) return false;
    this.entries.splice(index, 1);
    return true;
  }
}

/** The item with its audio, as `conversation.item.retrieved` carries it. */
export function withAudio(entry: Entry): Item {
  const { item, speech } = entry;
  if (speech === null || item.type !== 'message' || item.role !== 'user') return item;
  const audio = Buffer.from(pcm16ToBytes(speech.audio)).toString('base64');
  return {
    ...item,
    content: item.content.map((part) => (part.type === 'input_audio' ? { ...part, audio } : part)),
  };
}

/** Length of the audio of a spoken user message in milliseconds. */
export function speechMs(speech: UserSpeech): number {
  return samplesToMs(speech.audio.length);
}

/** What the language model is to read. Of an answer that was cut off, only what was heard. */
export function toLlmMessages(entries: readonly Entry[]): LlmMessage[] {
  return entries.flatMap((entry): LlmMessage[] => {
    const { item } = entry;
    switch (item.type) {
      case 'message': {
        const text = messageText(entry);
        return text === '' ? [] : [{ role: item.role, text }];
      }
      case 'function_call':
        return [
          {
            role: 'tool-call',
            callId: item.call_id ?? entry.id,
            name: item.name,
            arguments: item.arguments,
          },
        ];
      case 'function_call_output':
        return [{ role: 'tool-result', callId: item.call_id, output: item.output }];
      case 'mcp_call': {
        const output = item.output ?? item.error?.message;
        // A call without an outcome is one that a chat server would refuse.
        if (output === undefined) return [];
        const { name, arguments: args } = item;
        return [
          { role: 'tool-call', callId: entry.id, name, arguments: args },
          { role: 'tool-result', callId: entry.id, output },
        ];
      }
      case 'mcp_approval_request':
      case 'mcp_approval_response':
      case 'mcp_list_tools':
        return [];
      default:
        return item satisfies never;
    }
  });
}

function messageText({ item, speech, answer }: Entry): string {
  if (item.type !== 'message') return '';
  const cut = answer !== null && (answer.heardMs !== null || item.status === 'incomplete');
  if (cut) return heardText(answer.sentences, answer.heardMs ?? answer.audioMs);
  return item.content
    .map((part) => {
      if (part.type === 'input_audio') return speech?.result?.type === 'heard' ? speech.result.text : '';
      return part.text ?? ('transcript' in part ? part.transcript : '') ?? '';
    })
    .join(' ')
    .trim();
}
