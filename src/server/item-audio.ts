import type { Item } from '../shared/realtime';
import type { Entry } from './conversation';
import { toWire, type WireFormat } from './wire-audio';

/** The item with its sound in `format`, as `conversation.item.retrieved` carries it. */
export async function withAudio({ item, speech }: Entry, format: WireFormat): Promise<Item> {
  if (speech === null || item.type !== 'message' || item.role !== 'user') return item;
  const bytes = await toWire(speech.audio, speech.sampleRate, format);
  const audio = bytes.toString('base64');
  return {
    ...item,
    content: item.content.map((part) => (part.type === 'input_audio' ? { ...part, audio } : part)),
  };
}
