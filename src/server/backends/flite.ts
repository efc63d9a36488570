import type { Pcm16 } from '../../shared/audio';
import type { Logger } from '../../shared/log';
import { FLITE_SAMPLE_RATE, type FliteVoice, loadFlite } from './flite/program';
import { finishSound } from './flite/sound';
import { phrasesForSpeech } from './flite/text';
import type { Tts } from './index';

/** How one of the protocol's voices is spoken. */
interface VoiceSetting {
  voice: FliteVoice;
  /** Mean pitch in Hz; the voice's own when left out. */
  pitchHz?: number;
  /** How long sounds last compared with the voice's own; 1 when left out. */
  stretch?: number;
}

const DEFAULT_VOICE: VoiceSetting = { voice: 'slt' };

const WARM_UP = 'It is three forty five.';

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
 * one listens, on this thread, one phrase at a time. Text without a Latin letter or a digit cannot be spoken: it gives no sound.
 */
export async function createFlite(log: Logger): Promise<Tts> {
  const flite = await loadFlite();
  // The first run of a program is several times slower than the next; nobody waits for this one.
  await flite.speak(WARM_UP, { voice: DEFAULT_VOICE.voice, stretch: 1 });

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
      const sound = await flite.speak(phrase, {
        voice: setting.voice,
        stretch: (setting.stretch ?? 1) / Math.max(0.25, Math.min(1.5, speed)),
        ...(setting.pitchHz === undefined ? {} : { pitchHz: setting.pitchHz }),
      });
      if (signal.aborted) return;
      const finished = finishSound(sound, index === phrases.length - 1 ? 'sentence' : 'phrase');
      if (finished.length > 0) yield finished;
    }
  }

  return { name: 'flite', sampleRate: FLITE_SAMPLE_RATE, speak };
}
