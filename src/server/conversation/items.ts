/** Items that the client creates. */
import type { Item } from '../../shared/realtime';
import { ENGINE_SAMPLE_RATE, type SttOptions } from '../backends';
import type { SessionContext } from '../session-context';
import { decodeBase64 } from '../wire/append-decoder';
import type { NewItem } from '../wire/client-event-schema';
import { ClientError } from '../wire/errors';
import { newId } from '../wire/ids';
import type { SessionConfig } from '../wire/session-config';
import { fromWireBytes, resampleBlocks, wireRate } from '../wire/wire-audio';
import type { Entry, UserSpeech } from './conversation';
import { type SpeechResult, Utterance } from './utterance';

/** Samples and their rate in Hz. */
type Sound = Pick<UserSpeech, 'audio' | 'sampleRate'>;

/** What recognising takes; it stops when the session is over. */
type Listening = Pick<SessionContext, 'backends' | 'config' | 'closing'>;

/** A spoken user message on the wire before its transcript is known. */
export function spokenUserItem(id: string): Item {
  // The published type has no null, the wire does, and clients rely on the key being there.
  const content = [{ type: 'input_audio', transcript: null }];
  return {
    id,
    object: 'realtime.item',
    type: 'message',
    role: 'user',
    status: 'completed',
    content,
  } as unknown as Item;
}

/** The STT options that a session asks for. */
export function sttOptions({ transcription }: SessionConfig): Omit<SttOptions, 'speaker'> {
  const { language, languages, keywords, prompt } = transcription ?? {};
  return {
    ...(language ? { language } : {}),
    ...(languages?.length ? { languages } : {}),
    ...(keywords?.length ? { keywords } : {}),
    ...(prompt ? { prompt } : {}),
  };
}

/**
 * `audioIndex` is the content part that holds sound to be recognised, null when there is none. Throws a ClientError
 * when the sound is not base64, too much, or in two pieces; `param` is where the item stands in the event.
 */
export function createEntry(
  item: NewItem,
  context: Listening,
  param = 'item',
): { entry: Entry; audioIndex: number | null } {
  const id = item.id ?? newId('item');
  const base = { ...item, id, object: 'realtime.item', status: item.status ?? 'completed' } as const;
  const plain = (wire: unknown): Entry => ({ id, item: wire as Item, speech: null, answer: null });

  if (item.type === 'function_call') {
    return { entry: plain({ ...base, call_id: item.call_id ?? newId('call') }), audioIndex: null };
  }
  if (item.type.startsWith('mcp_')) {
    // These have no status on the wire, and a call's keys are always there: clients rely on them.
    const { status: _status, ...fields } = base;
    const empty = item.type === 'mcp_call' ? { output: null, error: null, approval_request_id: null } : {};
    return { entry: plain({ ...empty, ...fields }), audioIndex: null };
  }
  if (item.type === 'message' && item.role === 'assistant') {
    return { entry: plain({ ...base, content: item.content.map(toOutputText) }), audioIndex: null };
  }
  if (item.type !== 'message' || item.role !== 'user') return { entry: plain(base), audioIndex: null };

  const content = item.content.map((part) =>
    part.type === 'input_audio' ? { type: part.type, transcript: part.transcript ?? null } : part,
  );
  const entry = plain({ ...base, content });
  const audioIndex = item.content.findIndex((part) => part.type === 'input_audio');
  const part = item.content[audioIndex];
  if (part?.type !== 'input_audio') return { entry, audioIndex: null };
  const second = item.content.findIndex((other, at) => at > audioIndex && other.type === 'input_audio');
  if (second >= 0) {
    const message = 'A message can hold one piece of audio. Create an item for each.';
    throw new ClientError('invalid_value', message, `${param}.content[${second}]`);
  }
  const bytes = decodeBase64(part.audio ?? '', `${param}.content[${audioIndex}].audio`);
  const { inputFormat } = context.config();
  const sound = { audio: fromWireBytes(bytes, inputFormat), sampleRate: wireRate(inputFormat) };
  const known = part.transcript;
  entry.speech = spokenBy(sound, known == null ? recognise(sound, context) : settled(known));
  return { entry, audioIndex: known == null ? audioIndex : null };
}

/** Some clients send back the type that older servers gave their texts. */
function toOutputText<T extends { type: string }>(part: T): T {
  return part.type === 'text' ? { ...part, type: 'output_text' } : part;
}

/** Speech whose result is kept as soon as it is there. */
export function spokenBy(sound: Sound, result: Promise<SpeechResult>): UserSpeech {
  const speech: UserSpeech = {
    ...sound,
    result: null,
    recognised: result.then((settledResult) => {
      speech.result = settledResult;
      return settledResult;
    }),
  };
  return speech;
}

function settled(text: string): Promise<SpeechResult> {
  return Promise.resolve(text === '' ? { type: 'nothing' } : { type: 'heard', text });
}

async function recognise(
  { audio, sampleRate }: Sound,
  { backends, config, closing }: Listening,
): Promise<SpeechResult> {
  const utterance = new Utterance(backends.stt, { ...sttOptions(config()), onDelta() {} });
  const cancel = () => utterance.cancel();
  closing.addEventListener('abort', cancel);
  for await (const pcm of resampleBlocks(audio, sampleRate, ENGINE_SAMPLE_RATE)) {
    if (closing.aborted) break;
    utterance.write(pcm);
  }
  if (!closing.aborted) utterance.end();
  const result = await utterance.result;
  closing.removeEventListener('abort', cancel);
  return result;
}
