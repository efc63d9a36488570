import { type Pcm16, samplesToMs } from '../../shared/audio';
import type { Item } from '../../shared/realtime';
import { ClientError } from '../wire/errors';
import { AudioHistory } from './audio-history';
import type { SpokenSentence } from './heard';
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
  /** Empty when it was forgotten to make room. */
  audio: Pcm16;
  /** Length of audio that was forgotten. */
  forgottenMs?: number;
  /** Of `audio`, in Hz. */
  sampleRate: number;
  /** Settles when the transcript is there. */
  recognised: Promise<SpeechResult>;
  /** null until then. */
  result: SpeechResult | null;
}

export interface SpokenAnswer {
  readonly responseId: string;
  sentences: SpokenSentence[];
  /** Length of the audio that was sent. */
  audioMs: number;
  /** That audio, in pieces at 24 kHz, without what was cut off; null when it was forgotten to make room. */
  audio: Pcm16[] | null;
  /** What the user heard at most; null while nothing was cut off. */
  heardMs: number | null;
  /** An item that sounds before it in the same response was cut off, so nothing of this one was heard. */
  skipped: boolean;
}

/** Bytes of sound that a session keeps unless told otherwise: about 23 minutes at 24 kHz. */
const MAX_AUDIO_BYTES = 64 * 1024 * 1024;

/** The items of a session in order. */
export class Conversation {
  private readonly entries: Entry[] = [];
  private readonly byId = new Map<string, Entry>();
  /** The sound of the items. */
  readonly audio: AudioHistory;

  /** Beyond `maxAudioBytes` the oldest items lose their sound; nothing else of them. */
  constructor(maxAudioBytes = MAX_AUDIO_BYTES) {
    this.audio = new AudioHistory(this.entries, maxAudioBytes);
  }

  all(): readonly Entry[] {
    return this.entries;
  }

  find(id: string): Entry | undefined {
    return this.byId.get(id);
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
    this.byId.set(entry.id, entry);
    this.audio.add(entry);
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
    for (const entry of this.entries.splice(index, 1)) this.audio.remove(entry);
    this.byId.delete(id);
    return true;
  }
}

/** Length of the audio of a spoken user message in milliseconds. */
export function speechMs(speech: UserSpeech): number {
  return speech.forgottenMs ?? samplesToMs(speech.audio.length, speech.sampleRate);
}
