import type { Pcm16 } from '../../shared/audio';
import type { Logger } from '../../shared/log';
import { type PhraseSpeaker, speakPhrase } from './flite/phrase';
import { FLITE_SAMPLE_RATE, type FliteVoice, loadFlite } from './flite/program';
import { phrasesForSpeech } from './flite/text';
import { findWorker, startVoiceThread } from './flite/voice-thread';
import type { Tts } from './index';

export interface ClosableTts extends Tts {
  close(): Promise<void>;
}

/** How one of the protocol's voices is spoken. */
interface VoiceSetting {
  voice: FliteVoice;
  /** Mean pitch in Hz; the voice's own when left out. */
  pitchHz?: number;
  /** How long sounds last compared with the voice's own; 1 when left out. */
  stretch?: number;
}

const DEFAULT_VOICE: VoiceSetting = { voice: 'slt' };

/** Between them they use most of the program. */
const WARM_UP = [
  'It is three forty five.',
  'Your reminder for Friday, December 5th, is set: call Dr. Jones at 10%!',
];

/** The first piece of an answer may be a clause, behind which the sentence goes on. */
const CLAUSE = /[,;:\u2013\u2014-]\s*$/u;

/** Each of the protocol's voices sounds different from the others; the default is the clearest one. */
const VOICES: Record<string, VoiceSetting> = {
  marin: DEFAULT_VOICE,
  alloy: { voice: 'slt', pitchHz: 150, stretch: 1.04 },
  coral: { voice: 'slt', pitchHz: 200, stretch: 0.96 },
  sage: { voice: 'slt', pitchHz: 162, stretch: 1.12 },
  shimmer: { voice: 'slt', pitchHz: 222 },
  cedar: { voice: 'rms' },
  ash: { voice: 'rms', pitchHz: 86, stretch: 1.05 },
  ballad: { voice: 'awb', stretch: 1.06 },
  verse: { voice: 'rms', pitchHz: 122, stretch: 0.95 },
  echo: { voice: 'kal16' },
};

/**
 * English speech from CMU Flite, a WASI program of 21 MB that runs anywhere. It speaks about sixty times as fast as
 * one listens, one phrase at a time, on a thread of its own whose program is `worker`, so that no session waits for another's voice; null
 * speaks on this thread. Text without a Latin letter or a digit cannot be spoken: it gives no sound.
 */
export async function createFlite(log: Logger, worker: string | null = findWorker()): Promise<ClosableTts> {
  log.debug('the voice starts', { ownThread: worker !== null });
  const speaker = worker === null ? await onThisThread() : await startVoiceThread(worker);
  // The first run of a program is several times slower than the next; nobody waits for these.
  for (const text of WARM_UP) {
    const phrase = { text, end: 'sentence', voice: DEFAULT_VOICE.voice, stretch: 1 } as const;
    await speaker.speak(phrase, new AbortController().signal);
  }

  async function* speak(
    text: string,
    { voice, speed }: { voice: string; speed: number },
    signal: AbortSignal,
  ): AsyncGenerator<Pcm16, void, undefined> {
    const setting = VOICES[voice] ?? DEFAULT_VOICE;
    const phrases = phrasesForSpeech(text);
    if (phrases.length === 0) log.info('text cannot be spoken by this voice', { characters: text.length });
    for (const [index, phrase] of phrases.entries()) {
      if (signal.aborted) return;
      const sound = await speaker.speak(
        {
          text: phrase,
          end: index < phrases.length - 1 || CLAUSE.test(text) ? 'phrase' : 'sentence',
          voice: setting.voice,
          stretch: (setting.stretch ?? 1) / Math.max(0.25, Math.min(1.5, speed)),
          ...(setting.pitchHz === undefined ? {} : { pitchHz: setting.pitchHz }),
        },
        signal,
      );
      if (signal.aborted) return;
      if (sound.length > 0) yield sound;
    }
  }

  return { name: 'flite', sampleRate: FLITE_SAMPLE_RATE, speak, close: () => speaker.close() };
}

async function onThisThread(): Promise<PhraseSpeaker> {
  const flite = await loadFlite();
  return { speak: (phrase) => speakPhrase(flite, phrase), close: async () => undefined };
}
