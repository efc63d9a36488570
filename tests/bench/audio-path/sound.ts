/** The sound card these measurements open, with noise in its microphone. */
import { join } from 'node:path';
import type { Bench } from '../figure';
import { cardOrCannot, openSoundCard, type SoundCard } from '../sound-card';
import { writeNoise } from './signals';

export const SOUND_NOTE = 'The sound card is virtual: PulseAudio with a null sink.';

const NOISE_SECONDS = 30;

/** Noise, since no two pieces of it are the same: what arrives is known again by its bytes. */
export async function openNoisyCard(bench: Bench): Promise<SoundCard> {
  cardOrCannot();
  const noise = join(bench.work, 'noise.wav');
  writeNoise(noise, NOISE_SECONDS);
  const card = await openSoundCard();
  let closed = false;
  let playing = card.play(noise);
  const again = (): void => {
    if (closed) return;
    playing = card.play(noise);
    void playing.done.then(again);
  };
  void playing.done.then(again);
  return {
    ...card,
    async close() {
      closed = true;
      playing.stop();
      await playing.done;
      await card.close();
    },
  };
}
