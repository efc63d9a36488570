/** What became of a spoken user message, told to the client. */

import type { SessionContext } from '../session-context';
import { newId } from '../wire/ids';
import { type Entry, speechMs } from './conversation';
import type { SpeechResult } from './utterance';

/** Clients that name it expect segments. */
const DIARIZING_MODEL = 'gpt-4o-transcribe-diarize';
/** No engine here tells voices apart, so a turn is one segment of one speaker. */
const ONLY_SPEAKER = 'A';

export function emitTranscriptDelta({ config, emit }: SessionContext, itemId: string, delta: string): void {
  if (config().transcription === null || delta === '') return;
  emit({
    type: 'conversation.item.input_audio_transcription.delta',
    item_id: itemId,
    content_index: 0,
    delta,
  });
}

/** Reports the final transcript, or the failure, of the audio part `contentIndex` of `entry`. */
export function reportTranscription(
  { config, conversation, emit, log }: SessionContext,
  entry: Entry,
  contentIndex: number,
  result: SpeechResult,
): void {
  if (result.type === 'cancelled' || entry.speech === null) return;
  const enabled = config().transcription !== null;
  // Another item may have taken the id of one that was deleted.
  const known = conversation.find(entry.id) === entry;
  const at = { item_id: entry.id, content_index: contentIndex };
  if (result.type === 'failed') {
    log.error('speech recognition failed', { itemId: entry.id, error: result.cause });
    const error = { type: 'server_error', code: 'stt_failed', message: result.message };
    if (enabled) emit({ type: 'conversation.item.input_audio_transcription.failed', ...at, error });
    // Without transcription events the failure would pass unnoticed: no response follows.
    else emit({ type: 'error', error: { ...error, param: null, event_id: null } });
    return;
  }
  if (!enabled || !known) return;
  const transcript = result.type === 'heard' ? result.text : '';
  setTranscript(entry, transcript);
  const seconds = speechMs(entry.speech) / 1000;
  if (transcript !== '' && config().transcription?.model === DIARIZING_MODEL) {
    const segment = { id: newId('seg'), text: transcript, speaker: ONLY_SPEAKER, start: 0, end: seconds };
    emit({ type: 'conversation.item.input_audio_transcription.segment', ...at, ...segment });
  }
  emit({
    type: 'conversation.item.input_audio_transcription.completed',
    ...at,
    transcript,
    usage: { type: 'duration', seconds },
  });
}

function setTranscript(entry: Entry, transcript: string): void {
  const { item } = entry;
  if (item.type !== 'message' || item.role !== 'user') return;
  entry.item = {
    ...item,
    content: item.content.map((part) => (part.type === 'input_audio' ? { ...part, transcript } : part)),
  };
}
