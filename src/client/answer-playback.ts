/** The server's answers on their way to the speaker; what nobody shall hear any more ends here, by id. */
import { bytesToPcm16 } from '../shared/audio';
import type { ClientNote } from '../shared/ipc';
import type { ServerEvent, ServerEventOf } from '../shared/realtime';
import type { Speaker } from './audio';
import type { Interruption } from './interruption';
import type { PlaybackLedger } from './playback-ledger';
import type { ResponseGate } from './response-gate';

export interface AnswerPlayback {
  /** The running response has come to a word or a sound. */
  readonly begun: boolean;
  /** The running server session has made sound, which fixes its voice. */
  readonly voiced: boolean;
  handle(event: ServerEvent): void;
  /** The server session is over: what came plays to its end, and no more will come. */
  lost(): void;
}

export interface AnswerPlaybackOptions {
  speaker: Speaker;
  ledger: PlaybackLedger;
  gate: ResponseGate;
  interruption: Interruption;
  note(note: ClientNote): void;
  /** The first word or sound of a response came. */
  onBegun(): void;
  onChange(): void;
}

export function createAnswerPlayback(options: AnswerPlaybackOptions): AnswerPlayback {
  const { speaker, ledger, gate, interruption, note, onChange } = options;
  let begun = false;
  let voiced = false;

  speaker.onStarted((itemId) => {
    if (!ledger.start(itemId)) return;
    note({ type: 'client.playback_started', itemId });
    onChange();
  });
  speaker.onFinished(({ itemId }) => {
    if (!ledger.finish(itemId)) return;
    note({ type: 'client.playback_finished', itemId });
    onChange();
  });

  const begin = () => {
    if (begun) return;
    begun = true;
    options.onBegun();
  };
  const end = (itemId: string) => {
    if (ledger.end(itemId)) speaker.end(itemId);
  };
  const play = (event: ServerEventOf<'response.output_audio.delta'>) => {
    voiced = true;
    const { item_id: itemId, response_id: responseId, content_index: contentIndex } = event;
    if (ledger.isFlushed(itemId)) return;
    if (gate.isCancelled(responseId)) return interruption.dropped(itemId, contentIndex);
    const pcm = bytesToPcm16(Buffer.from(event.delta, 'base64'));
    if (pcm.length === 0) return;
    begin();
    ledger.addAudio(itemId, responseId, contentIndex, pcm.length);
    speaker.play(itemId, contentIndex, pcm);
  };

  return {
    get begun() {
      return begun;
    },
    get voiced() {
      return voiced;
    },
    handle(event) {
      switch (event.type) {
        case 'response.created':
          begun = false;
          break;
        case 'response.output_audio.delta':
          play(event);
          break;
        case 'response.output_audio_transcript.delta':
          if (gate.isCancelled(event.response_id)) break;
          begin();
          ledger.addText(event.item_id, event.response_id, event.delta);
          break;
        case 'response.output_text.delta':
          if (!gate.isCancelled(event.response_id)) begin();
          break;
        case 'response.output_audio.done':
          end(event.item_id);
          break;
        case 'response.done':
          for (const itemId of ledger.unended(event.response.id)) end(itemId);
          break;
      }
    },
    lost() {
      for (const itemId of ledger.unended()) end(itemId);
      ledger.orphan();
      begun = false;
      voiced = false;
    },
  };
}
