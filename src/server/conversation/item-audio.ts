import { type Pcm16, SAMPLE_RATE } from '../../shared/audio';
import type { Item } from '../../shared/realtime';
import type { SessionConfig } from '../wire/session-config';
import { toWire } from '../wire/wire-audio';
import type { Entry } from './conversation';

/**
 * The item with its sound in the session's formats, as `conversation.item.retrieved` carries it; of an answer that was
 * cut off, what was heard. Without sound where none is kept any more.
 */
export async function withAudio(
  { item, speech, answer }: Entry,
  { inputFormat, outputFormat }: SessionConfig,
): Promise<Item> {
  if (item.type !== 'message') return item;
  if (item.role === 'user' && speech !== null && speech.forgottenMs === undefined) {
    const audio = (await toWire(speech.audio, speech.sampleRate, inputFormat)).toString('base64');
    return {
      ...item,
      content: item.content.map((part) => (part.type === 'input_audio' ? { ...part, audio } : part)),
    };
  }
  if (item.role === 'assistant' && answer !== null && answer.audio !== null) {
    const audio = (await toWire(join(answer.audio), SAMPLE_RATE, outputFormat)).toString('base64');
    return {
      ...item,
      content: item.content.map((part) => (part.type === 'output_audio' ? { ...part, audio } : part)),
    };
  }
  return item;
}

function join(pieces: readonly Pcm16[]): Pcm16 {
  const all = new Int16Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
