/** Items that the client creates. */
import { setImmediate } from 'node:timers/promises';
import { bytesToPcm16, msToSamples, type Pcm16, SAMPLE_RATE } from '../shared/audio';
import type { Item } from '../shared/realtime';
import { decodeBase64 } from './append-decoder';
import { ENGINE_SAMPLE_RATE, type Stt } from './backends';
import type { NewItem } from './client-event-schema';
import type { Entry, UserSpeech } from './conversation';
import { ClientError } from './errors';
import { newId } from './ids';
import { createResampler } from './resampler';
import type { SessionConfig } from './session-config';
import { type SpeechResult, Utterance } from './utterance';

/** Sound is given to the STT in blocks of this many samples at 24 kHz. */
const BLOCK_SAMPLES = msToSamples(500);

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
export function sttOptions({ transcription }: SessionConfig): { language?: string; prompt?: string } {
  const { language, prompt } = transcription ?? {};
  return {
    ...(language === undefined ? {} : { language }),
    ...(prompt === undefined ? {} : { prompt }),
  };
}

/**
 * `audioIndex` is the content part that holds sound to be recognised, null when there is none. Throws a ClientError
 * when the sound is not base64, or too much.
 */
export function createEntry(
  item: NewItem,
  stt: Stt,
  config: SessionConfig,
): { entry: Entry; audioIndex: number | null } {
  const id = item.id ?? newId('item');
  const base = { ...item, id, object: 'realtime.item', status: item.status ?? 'completed' } as const;
  const plain = (wire: unknown): Entry => ({ id, item: wire as Item, speech: null, answer: null });

  if (item.type === 'function_call') {
    return { entry: plain({ ...base, call_id: item.call_id ?? newId('call') }), audioIndex: null };
  }
  if (item.type === 'message' && item.role === 'assistant') {
    return { entry: plain({ ...base, content: item.content.map(toOutputText) }), audioIndex: null };
  }
  if (item.type !== 'message' || item.role !== 'user') return { entry: plain(base), audioIndex: null };

  const image = item.content.findIndex((part) => part.type === 'input_image');
  if (image >= 0) {
    throw new ClientError(
      'image_input_not_supported',
      'The language model of this server cannot see images.',
      `item.content[${image}]`,
    );
  }
  const content = item.content.map((part) =>
    part.type === 'input_audio' ? { type: part.type, transcript: part.transcript ?? null } : part,
  );
  const entry = plain({ ...base, content });
  const audioIndex = item.content.findIndex((part) => part.type === 'input_audio');
  const part = item.content[audioIndex];
  if (part?.type !== 'input_audio') return { entry, audioIndex: null };
  const audio = bytesToPcm16(decodeBase64(part.audio ?? '', `item.content[${audioIndex}].audio`));
  const known = part.transcript;
  entry.speech = spokenBy(audio, known == null ? recognise(audio, stt, config) : settled(known));
  return { entry, audioIndex: known == null ? audioIndex : null };
}

/** Some clients send back the type that older servers gave their texts. */
function toOutputText<T extends { type: string }>(part: T): T {
  return part.type === 'text' ? { ...part, type: 'output_text' } : part;
}

/** Speech whose result is kept as soon as it is there. */
export function spokenBy(audio: Pcm16, result: Promise<SpeechResult>): UserSpeech {
  const speech: UserSpeech = {
    audio,
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

async function recognise(audio: Pcm16, stt: Stt, config: SessionConfig): Promise<SpeechResult> {
  const resampler = await createResampler(SAMPLE_RATE, ENGINE_SAMPLE_RATE);
  const utterance = new Utterance(stt, { ...sttOptions(config), onDelta() {} });
  // Minutes of sound take seconds of work, between which others must be served.
  for (let at = 0; at < audio.length; at += BLOCK_SAMPLES) {
    utterance.write(resampler.push(audio.subarray(at, at + BLOCK_SAMPLES)));
    await setImmediate();
  }
  utterance.write(resampler.flush());
  utterance.end();
  resampler.close();
  return utterance.result;
}
