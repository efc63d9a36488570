/** What a client of the older dialect sends for the same purpose, and what the same answer is called there. */
import type { ClientWire } from './flow';

type Fields = Record<string, unknown>;

const SERVER_NAMES: Record<string, string> = {
  'conversation.item.added': 'conversation.item.created',
  'conversation.item.done': 'conversation.item.created',
  'response.output_audio.delta': 'response.audio.delta',
  'response.output_audio.done': 'response.audio.done',
  'response.output_audio_transcript.delta': 'response.audio_transcript.delta',
  'response.output_audio_transcript.done': 'response.audio_transcript.done',
  'response.output_text.delta': 'response.text.delta',
  'response.output_text.done': 'response.text.done',
};

/** The older name of a server event. */
export function betaName(type: string, transcribes: boolean): string {
  if (transcribes && type === 'session.updated') return 'transcription_session.updated';
  return SERVER_NAMES[type] ?? type;
}

/** `event` in the older dialect. */
export function toBetaClient(event: ClientWire): ClientWire {
  switch (event.type) {
    case 'session.update': {
      const session = event.session as Fields;
      const type = session.type === 'transcription' ? 'transcription_session.update' : 'session.update';
      return { ...event, type, session: flatSession(session) };
    }
    case 'response.create':
      return event.response === undefined
        ? event
        : { ...event, response: flatResponse(event.response as Fields) };
    case 'conversation.item.create':
      return { ...event, item: olderItem(event.item as Fields) };
    default:
      return event;
  }
}

const FORMATS: Record<string, string> = {
  'audio/pcm': 'pcm16',
  'audio/pcmu': 'g711_ulaw',
  'audio/pcma': 'g711_alaw',
};

function flatSession({ type: _, audio, output_modalities, max_output_tokens, ...rest }: Fields): Fields {
  const { input = {}, output = {} } = (audio ?? {}) as { input?: Fields; output?: Fields };
  return defined({
    ...rest,
    modalities: modalities(output_modalities),
    max_response_output_tokens: max_output_tokens,
    input_audio_format: format(input.format),
    input_audio_transcription: input.transcription,
    input_audio_noise_reduction: input.noise_reduction,
    turn_detection: input.turn_detection,
    output_audio_format: format(output.format),
    voice: output.voice,
    speed: output.speed,
  });
}

function flatResponse({ audio, output_modalities, max_output_tokens, input, ...rest }: Fields): Fields {
  const { output = {} } = (audio ?? {}) as { output?: Fields };
  return defined({
    ...rest,
    input: Array.isArray(input) ? input.map((item) => olderItem(item as Fields)) : undefined,
    modalities: modalities(output_modalities),
    max_response_output_tokens: max_output_tokens,
    output_audio_format: format(output.format),
    voice: output.voice,
  });
}

function olderItem(item: Fields): Fields {
  if (!Array.isArray(item.content)) return item;
  const content = item.content.map((part: Fields) =>
    typeof part.type === 'string' ? { ...part, type: part.type.replace(/^output_/u, '') } : part,
  );
  return { ...item, content };
}

function modalities(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.includes('audio') ? ['audio', 'text'] : ['text'];
}

function format(value: unknown): string | undefined {
  const type = (value as { type?: string } | undefined)?.type;
  return type === undefined ? undefined : FORMATS[type];
}

function defined(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
