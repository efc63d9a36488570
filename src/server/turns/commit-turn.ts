import { type Pcm16, SAMPLE_RATE } from '../../shared/audio';
import type { Entry } from '../conversation/conversation';
import { spokenBy, spokenUserItem } from '../conversation/items';
import { reportTranscription } from '../conversation/transcription';
import type { SpeechResult } from '../conversation/utterance';
import type { SessionContext } from '../session-context';
import type { OpenTurn } from './open-turn';

/** Who ended a turn: turn detection, the client, or the clock, because nothing was said. */
export type EndedBy = 'detection' | 'client' | 'timeout';

/**
 * Makes a user item of a turn that is over and tells the client; `audio` is its sound at 24 kHz. Settles when the transcript
 * is there and was told too.
 */
export async function commitTurn(
  context: SessionContext,
  open: OpenTurn,
  audio: Pcm16,
  endedBy: EndedBy,
): Promise<SpeechResult> {
  const { itemId, utterance } = open;
  const { conversation, emit, trace } = context;
  const result = endedBy === 'timeout' ? utterance.result.then(asSilence) : utterance.result;
  const speech = spokenBy({ audio, sampleRate: SAMPLE_RATE }, result);
  const entry: Entry = { id: itemId, item: spokenUserItem(itemId), speech, answer: null };
  const previous = conversation.insert(entry);
  emit({ type: 'input_audio_buffer.committed', item_id: itemId, previous_item_id: previous });
  emit({ type: 'conversation.item.added', previous_item_id: previous, item: entry.item });
  emit({ type: 'conversation.item.done', previous_item_id: previous, item: entry.item });
  open.announce();
  utterance.end();
  const recognised = await speech.recognised;
  trace({ kind: 'transcript', prepared: false });
  reportTranscription(context, entry, 0, recognised);
  return recognised;
}

/** The user was expected to say nothing; what they said softly all the same is heard. */
function asSilence(result: SpeechResult): SpeechResult {
  return result.type === 'nothing' ? { type: 'silent' } : result;
}
